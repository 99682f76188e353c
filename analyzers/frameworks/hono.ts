/** Hono: apps mounted in apps by `route`, base paths, chains, and the middleware that runs before each route. */
import type { Route } from "../model.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { withGuards } from "./hono/guards.ts";
import { registering } from "./hono/registrations.ts";
import { servedFinder } from "./hono/served.ts";
import { coversExactly } from "./routing/paths.ts";
import { findRegistrations } from "./routing/registrations.ts";
import { splitSockets } from "./routing/sockets.ts";
import { routesOfRouters } from "./routing/walk.ts";

export const hono: Framework = {
  name: "hono",
  find: (app) => {
    const walked = routesOfRouters(app, findRegistrations(app, registering), {
      framework: "hono",
      covers: coversExactly,
      leavesMiddleware: () => true,
      prefixOf: () => "",
      isServed: servedFinder(app),
    });
    const { routes, entries } = splitSockets(walked, (route) => listenersOf(app, route));
    return { routes: withGuards(app, routes), entries };
  },
};

/** The function that is given the context, and the listeners that it returns. */
function listenersOf({ linked: { solver }, sites }: LinkedApp, { handlers }: Route): string[] {
  const fns = handlers.flatMap(({ fn }) => (fn === null ? [] : (sites.fnNode(fn) ?? [])));
  const listeners = fns
    .flatMap((fn) => fn.fact.returns.flatMap((value) => solver.evaluate(fn.file, value, null)))
    .flatMap((token) => (token.kind === "object" ? solver.elements([token]) : []))
    .flatMap((token) => (token.kind === "fn" ? [token.fn] : []));
  return [...fns, ...listeners].map((fn) => sites.fn(fn).id);
}
