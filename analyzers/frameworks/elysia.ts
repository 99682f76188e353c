/** Elysia: instances with prefixes used by others, groups, guards, function plugins, and the hooks that run before each route. */
import type { Entry, Route } from "../model.ts";
import { guardsOnly, prefixOf, servedFinder } from "./elysia/instances.ts";
import { registering, SOCKET } from "./elysia/registrations.ts";
import type { Framework } from "./framework.ts";
import { covers } from "./hono/paths.ts";
import { findRegistrations } from "./routing/registrations.ts";
import { routesOfRouters } from "./routing/walk.ts";

export const elysia: Framework = {
  name: "elysia",
  find: (app) => {
    const routes = routesOfRouters(app, findRegistrations(app, registering), {
      framework: "elysia",
      covers,
      leavesMiddleware: (_, child) => !guardsOnly(child),
      isServed: servedFinder(app),
      prefixOf: (router) => prefixOf(app, router),
    });
    return {
      routes: routes.filter(({ method }) => method !== SOCKET),
      entries: routes.filter(({ method }) => method === SOCKET).flatMap(socketEntries),
    };
  },
};

function socketEntries({ middleware, handlers, path, file, line }: Route): Entry[] {
  return [...middleware, ...handlers].flatMap(({ fn }) =>
    fn === null ? [] : [{ kind: "socket" as const, fn, file, line, label: `socket ${path}`, routeId: null }],
  );
}
