/** Paths as Python frameworks write them, in the model's spelling. */

/** `/items/{id}`, `/items/<int:id>` as `/items/:id`; one slash between parts, none at the end. */
export function pathOf(...parts: readonly string[]): string {
  const joined = parts
    .filter((part) => part !== "")
    .join("/")
    .replace(/\{(?:(?:int|str|slug|uuid|path):)?(\w+)(?::[^{}]*)?\}/g, ":$1")
    .replace(/<(?:[^<>:]*:)?(\w+)>/g, ":$1");
  const clean = `/${joined}`.replace(/\/{2,}/g, "/");
  return clean.length > 1 ? clean.replace(/\/$/, "") : clean;
}

/** A regular expression of Django's `re_path` as far as it is plain: `^orders/(?P<pk>\d+)/$` is `orders/:pk`. */
export function pathOfRegex(source: string): string {
  return source
    .replace(/^\^|\$$|\\Z$/g, "")
    .replace(/\(\?P<(\w+)>(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)/g, ":$1")
    .replace(/\((?:\?:)?(?:[^()\\]|\\.)*\)\??/g, "*")
    .replace(/\\(.)/g, "$1")
    .replace(/\/\?$/, "/");
}
