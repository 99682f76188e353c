/** Paths with methods, as Nest takes them in `exclude` and `forRoutes`: texts, `{ path, method }`, wildcards. */
import { textsOf } from "../../link/known.ts";
import type { Solver } from "../../link/solver.ts";
import type { Token, Tokens } from "../../link/token.ts";

export interface Exclusion {
  path: string;
  /** Upper case; null for every method. */
  method: string | null;
}

/** The path and method that a value names; none for a controller, and none where part of the path is not known. */
export function exclusionOf(solver: Solver, tokens: Tokens): Exclusion[] {
  const texts = pathsIn(solver, tokens);
  if (texts.length > 0) return texts.map((path) => ({ path, method: null }));
  return tokens.flatMap((token) => {
    if (token.kind !== "object") return [];
    const named = solver.member(token, "method").find((each) => each.kind === "external");
    const method = named?.kind === "external" ? (/RequestMethod\.(\w+)$/.exec(named.api)?.[1] ?? null) : null;
    return pathsIn(solver, solver.member(token, "path")).map((path) => ({
      path,
      method: method === "ALL" ? null : method,
    }));
  });
}

/** Express 5 writes what may be missing in braces: `files{/*rest}`. */
function pathsIn(solver: Solver, tokens: Tokens): string[] {
  const isKnown = tokens.every((token) => token.kind !== "template" || isWhole(solver, token));
  return isKnown ? textsOf(solver, tokens).map((text) => text.replace(/\{\/?(\*?\w*)\}/g, "/$1")) : [];
}

function isWhole(solver: Solver, { file, value, env }: Extract<Token, { kind: "template" }>): boolean {
  return value.parts.every(
    (part) => typeof part === "string" || textsOf(solver, solver.evaluate(file, part, env)).length > 0,
  );
}

/** True when the whole path is meant: segment by segment, with `:name`, `*`, `(.*)` and `*rest` for what may vary. */
export function matchesPath({ path, method }: Exclusion, route: string, verb: string): boolean {
  if (method !== null && verb !== "ALL" && method !== verb) return false;
  const wanted = segments(path);
  const given = segments(route);
  for (const [index, segment] of wanted.entries()) {
    if (isRest(segment) && index === wanted.length - 1) return true;
    const other = given[index];
    if (other === undefined) return false;
    if (segment !== other && !segment.startsWith(":") && !isRest(segment)) return false;
  }
  return wanted.length === given.length;
}

function segments(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

function isRest(segment: string): boolean {
  return segment.includes("*");
}
