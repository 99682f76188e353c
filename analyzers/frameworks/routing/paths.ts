/** Paths of routes: joined with their prefixes, in one spelling, and compared as middleware does. */

/** A path as registered; `text` is the source of a regular expression when `isRegex`. */
export interface RoutePath {
  text: string;
  isRegex: boolean;
}

/** `/api` and `users/` become `/api/users`; the pattern behind a parameter (`:id(\\d+)`) is left out. */
export function joinPaths(prefix: string, { text, isRegex }: RoutePath): string {
  if (isRegex) return (prefix === "/" ? "" : prefix) + text;
  const joined = `${prefix}/${text}`
    .replace(/\/{2,}/g, "/")
    .replace(/(:\w+)\((?:\\.|[^()\\])*\)/g, "$1")
    .replace(/:\((?:\\.|[^()\\])*\)/g, "*");
  return joined.length > 1 ? joined.replace(/\/$/, "") : joined;
}

/** True when middleware mounted at `path` runs for requests to `route`. */
export function covers(path: string, route: string): boolean {
  const wanted = segments(route);
  return segments(path).every((segment, index) => {
    const other = wanted[index];
    if (segment.startsWith("*") || segment === "(.*)") return true;
    if (other === undefined) return false;
    return segment === other || segment.startsWith(":") || other.startsWith(":") || other === "*";
  });
}

/** The same where middleware runs for the very path it is mounted at, and only `*` at the end takes in what lies below (Hono, Elysia). */
export function coversExactly(path: string, route: string): boolean {
  const own = segments(path);
  const other = segments(route);
  const isOpen = own.at(-1) === "*";
  const fixed = isOpen ? own.slice(0, -1) : own;
  if (isOpen ? other.length < fixed.length : other.length !== fixed.length) return false;
  return fixed.every((part, index) => {
    const wanted = other[index] ?? "";
    return part === wanted || part === "*" || wanted === "*" || part.startsWith(":");
  });
}

function segments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** The source of a regular expression at the start of a call's arguments; null when there is none. */
export function regexSource(argumentsText: string): string | null {
  return /^\(\s*(\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/)[a-z]*\s*[,)]/.exec(argumentsText)?.[1] ?? null;
}
