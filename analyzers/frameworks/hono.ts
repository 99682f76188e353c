/** Hono: apps mounted in apps by `route`, base paths, chains, and the middleware that runs before each route. */
import type { Entry, Route } from "../model.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { withGuards } from "./hono/guards.ts";
import { covers } from "./hono/paths.ts";
import { registering, SOCKET } from "./hono/registrations.ts";
import { servedFinder } from "./hono/served.ts";
import { findRegistrations } from "./routing/registrations.ts";
import { routesOfRouters } from "./routing/walk.ts";

export const hono: Framework = {
  name: "hono",
  find: (app) => {
    const routes = routesOfRouters(app, findRegistrations(app, registering), {
      framework: "hono",
      covers,
      leavesMiddleware: () => true,
      prefixOf: () => "",
      isServed: servedFinder(app),
    });
    return {
      routes: withGuards(
        app,
        routes.filter(({ method }) => method !== SOCKET),
      ),
      entries: routes.filter(({ method }) => method === SOCKET).flatMap((route) => socketEntries(app, route)),
    };
  },
};

/** The function that is given the context, and the listeners that it returns. */
function socketEntries({ linked: { solver }, sites }: LinkedApp, { handlers, path, file, line }: Route): Entry[] {
  const fns = handlers.flatMap(({ fn }) => (fn === null ? [] : (sites.fnNode(fn) ?? [])));
  const listeners = fns
    .flatMap((fn) => fn.fact.returns.flatMap((value) => solver.evaluate(fn.file, value, null)))
    .flatMap((token) => (token.kind === "object" ? solver.elements([token]) : []))
    .flatMap((token) => (token.kind === "fn" ? [token.fn] : []));
  return [...fns, ...listeners].map((fn) => ({
    kind: "socket",
    fn: sites.fn(fn).id,
    file,
    line,
    label: `socket ${path}`,
    routeId: null,
  }));
}
