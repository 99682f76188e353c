/** Hono's paths: patterns behind parameters, OpenAPI's braces, and which of them a middleware's path takes in. */

/** `/:id{[0-9]+}` and OpenAPI's `/{id}` become `/:id`. */
export function plainText(path: string): string {
  return path.replace(/:([\w-]+)\{(?:[^{}]|\{[^{}]*\})*\}/g, ":$1").replace(/\{([\w-]+)\}/g, ":$1");
}

/** Hono's middleware runs for the very path it is registered at; only `*` at the end takes in what lies below. */
export function covers(path: string, route: string): boolean {
  const own = path.split("/").filter((part) => part !== "");
  const other = route.split("/").filter((part) => part !== "");
  const isOpen = own.at(-1) === "*";
  const fixed = isOpen ? own.slice(0, -1) : own;
  if (isOpen ? other.length < fixed.length : other.length !== fixed.length) return false;
  return fixed.every((part, index) => {
    const wanted = other[index] ?? "";
    return part === wanted || part === "*" || wanted === "*" || part.startsWith(":");
  });
}
