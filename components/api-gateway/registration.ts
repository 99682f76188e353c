/** Puts a limiter into the registration of a route. */
import type { Known, Route } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt, insertArgument } from "../../patches/editors/calls.ts";
import { type Source, textOf } from "../../patches/editors/source.ts";

/** A login check in a registration: a limit per user has to come after it. */
const loginCheck =
  /^(?!.*(optional|limit))[\w$.]*(auth|protect|require|logged|verify|ensure|check|guard|jwt|session)[\w$]*(\(.*\))?$/is;

/**
 * Why a limiter cannot simply be put in, or the edits; `routes` are all that this registration makes. The limiter comes first,
 * or behind the argument that reads like `after` where there is one.
 */
export function limitRegistration(
  source: Source,
  route: Route,
  routes: readonly string[],
  limiter: { name: string; isPerUser: boolean; after?: string | null },
): Edit[] | { cannot: string } {
  const { registration } = route;
  const call = registration === null ? null : callAt(source, registration.span);
  if (registration === null || call === null) return { cannot: "the call that registers the route could not be found" };
  const [path] = registration.args;
  const tail = path?.kind === "literal" ? String(path.value) : null;
  if (routes.length > 1 && (tail === null || !routes.every((label) => label.endsWith(tail)))) {
    return { cannot: "one call registers several routes, not all of which need the limit" };
  }
  const start = firstHandler(route, call.callee, registration.args);
  if (start === null) return { cannot: "the route is registered in a form the recipe does not know" };
  let index = start;
  if (call.args.length <= index) return { cannot: "the route's handlers are not written where it is registered" };
  const { after = null } = limiter;
  const neighbour = call.args.slice(0, -1).findLastIndex((arg) => after !== null && textOf(source, arg) === after);
  if (neighbour >= index) return insertArgument(source, call, neighbour + 1, limiter.name);
  while (limiter.isPerUser && index < call.args.length - 1 && isLoginCheck(source, call.args[index])) index += 1;
  return insertArgument(source, call, index, limiter.name);
}

/** The index of the first argument that may be a handler; null where none can be put before it. */
function firstHandler({ framework }: Route, callee: string, [first, second]: readonly Known[]): number | null {
  if (framework === "express") return /\.route\(/.test(callee) ? 0 : 1;
  if (/\.(on|openapi|register|route)$/.test(callee) || first?.kind !== "literal") return null;
  // koa-router takes a name before the path.
  return second?.kind === "literal" ? 2 : 1;
}

function isLoginCheck(source: Source, argument: { start: number; end: number } | undefined): boolean {
  return argument !== undefined && loginCheck.test(textOf(source, argument));
}
