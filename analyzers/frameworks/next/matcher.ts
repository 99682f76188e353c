/** Which paths Next's middleware runs for: `config.matcher` in the language of path-to-regexp. */
import type { Known } from "../../model.ts";

/** Longer patterns are no one's hand. */
const MAX_PATTERN = 1000;

/** Whether the middleware runs for a route's path; without a readable matcher it runs for all. */
export function matcherOf(matcher: Known): (path: string) => boolean {
  const sources = sourcesOf(matcher);
  if (sources === null) return () => true;
  const patterns = sources.map(compiled);
  return (path) => {
    const sample = sampleOf(path);
    return patterns.some((pattern) => pattern === null || pattern.test(sample));
  };
}

/** The patterns; null when one of them is not written out. */
function sourcesOf(matcher: Known): string[] | null {
  if (matcher.kind === "literal") return typeof matcher.value === "string" ? [matcher.value] : null;
  if (matcher.kind === "object")
    return matcher.entries["source"] === undefined ? null : sourcesOf(matcher.entries["source"]);
  if (matcher.kind !== "array") return null;
  const all = matcher.items.map(sourcesOf);
  return all.every((each) => each !== null) ? all.flat() : null;
}

/** Null for what cannot be compiled. */
function compiled(source: string): RegExp | null {
  if (source.length > MAX_PATTERN) return null;
  try {
    return new RegExp(`^${expression(source)}/?$`);
  } catch {
    return null;
  }
}

const PARAMETER = /^(\/?):(\w+)(\((?:\\.|[^()\\]|\([^()]*\))*\))?([*+?])?/;

function expression(source: string): string {
  let made = "";
  for (let rest = source; rest !== "";) {
    const parameter = PARAMETER.exec(rest);
    const group = parameter === null ? groupAt(rest) : null;
    if (parameter !== null) {
      const [whole, slash = "", , own, repeat = ""] = parameter;
      const part = own ?? "[^/]+";
      const many = repeat === "*" || repeat === "+" ? `${slash}${part}(?:/${part})*` : `${slash}${part}`;
      made += repeat === "*" || repeat === "?" ? `(?:${many})?` : many;
      rest = rest.slice(whole.length);
    } else if (group !== null) {
      const repeat = /^[*+?]/.exec(rest.slice(group.length))?.[0] ?? "";
      made += group + repeat;
      rest = rest.slice(group.length + repeat.length);
    } else {
      made += rest.charAt(0).replace(/[.+?^${}|[\]\\]/, "\\$&");
      rest = rest.slice(1);
    }
  }
  return made;
}

/** A regular expression in brackets at the start of the text; null when there is none. */
function groupAt(text: string): string | null {
  if (!text.startsWith("(")) return null;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === "\\") at += 1;
    else if (char === "(") depth += 1;
    else if (char === ")" && (depth -= 1) === 0) return text.slice(0, at + 1);
  }
  return null;
}

/** A path that requests of the route have: `/users/:id` is tried as `/users/x`. */
function sampleOf(path: string): string {
  return path
    .split("/")
    .flatMap((part) => (part.endsWith("?") && part.startsWith(":") ? [] : [part.replace(/[:*][\w-]*/g, "x")]))
    .join("/");
}
