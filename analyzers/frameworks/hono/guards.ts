/** `app.post("/users", adminOnly)` in front of the real route: a registration that only lets requests on to what stands behind it. */
import type { Route } from "../../model.ts";
import type { LinkedApp } from "../framework.ts";
import { coversExactly } from "../routing/paths.ts";

/** The routes without such guards; what a guard runs is middleware of the later routes of its method that it covers. */
export function withGuards(app: LinkedApp, routes: readonly Route[]): Route[] {
  const places = new Map(routes.map((route, index) => [route, index]));
  const isBefore = (guard: Route, route: Route): boolean =>
    guard.method === route.method &&
    guard.service === route.service &&
    (places.get(guard) ?? 0) < (places.get(route) ?? 0) &&
    coversExactly(guard.path, route.path);
  const passing = routes.filter((route) => goesOn(app, route));
  const guards = new Set(passing.filter((guard) => routes.some((route) => isBefore(guard, route))));
  return routes.flatMap((route) => {
    if (guards.has(route)) return [];
    const before = [...guards].filter((guard) => isBefore(guard, route)).flatMap(({ handlers }) => handlers);
    return before.length === 0 ? route : { ...route, middleware: [...route.middleware, ...before] };
  });
}

/** Every handler calls `next`, its second parameter. */
function goesOn({ sites }: LinkedApp, { handlers, method }: Route): boolean {
  if (method === "ALL" || handlers.length === 0) return false;
  return handlers.every(({ fn: id }) => {
    const fn = id === null ? null : sites.fnNode(id);
    return (
      fn !== null &&
      fn.file.summary.calls.some(
        ({ callee }) => callee.kind === "param" && callee.index === 1 && callee.fn === fn.index,
      )
    );
  });
}
