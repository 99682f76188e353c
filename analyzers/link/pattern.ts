/** Patterns over api paths: `*` stands for one part, `**` for any number of parts, in the package's name `*` for any text. */

export interface Pattern {
  /** The package when it is written out, so that a lookup need not try every pattern; null when it has a `*`. */
  specifier: string | null;
  matches(api: string): boolean;
}

/**
 * Compiles `<package>:<path>`. Parts are names and `()`: `openai:().chat.completions.create` has five.
 * A pattern without `:` matches everything of that package.
 */
export function pattern(text: string): Pattern {
  const { specifier, path } = split(text);
  const name = new RegExp(`^${specifier.split("*").map(escaped).join("[^:]*")}$`);
  const parts = path === null ? ["**"] : partsOf(path);
  const steps = parts.map((part) => {
    if (part === "**") return "(?:\\.[^.]+)*";
    return part === "*" ? "\\.[^.()]+" : `\\.${escaped(part)}`;
  });
  const whole = new RegExp(`^${steps.join("")}$`);
  return {
    specifier: specifier.includes("*") ? null : specifier,
    matches: (api) => {
      const tried = split(api);
      return name.test(tried.specifier) && whole.test(dotted(tried.path ?? ""));
    },
  };
}

/** A look-up of rows by the pattern each has, the first that matches; rows of other packages are not tried. */
export function patternTable<Row extends { api: string }>(rows: readonly Row[]): (api: string) => Row | null {
  const bySpecifier = new Map<string, { row: Row; pattern: Pattern }[]>();
  const anySpecifier: { row: Row; pattern: Pattern }[] = [];
  for (const row of rows) {
    const entry = { row, pattern: pattern(row.api) };
    const { specifier } = entry.pattern;
    const known = specifier === null ? anySpecifier : bySpecifier.get(specifier);
    if (known !== undefined) known.push(entry);
    else if (specifier !== null) bySpecifier.set(specifier, [entry]);
  }
  const isMatch = (api: string) => (entry: { pattern: Pattern }) => entry.pattern.matches(api);
  return (api) => {
    const named = bySpecifier.get(split(api).specifier)?.find(isMatch(api));
    return (named ?? anySpecifier.find(isMatch(api)))?.row ?? null;
  };
}

/** Specifier and path of an api, null without one; the `:` of `node:fs` and `pypi:redis` belongs to the specifier. */
export function split(api: string): { specifier: string; path: string | null } {
  const at = api.indexOf(":", /^(?:node|pypi):/.test(api) ? 5 : 0);
  return at < 0 ? { specifier: api, path: null } : { specifier: api.slice(0, at), path: api.slice(at + 1) };
}

/** Parts of a path: names and `()`. */
export function partsOf(path: string): string[] {
  return path.match(/\(\)|[^.()]+/g) ?? [];
}

/** Every part with a dot in front, so that one part cannot be taken for the end of another. */
function dotted(path: string): string {
  return partsOf(path)
    .map((part) => `.${part}`)
    .join("");
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\/]/g, "\\$&");
}
