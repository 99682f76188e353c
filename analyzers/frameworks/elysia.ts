/** Elysia: instances with prefixes used by others, groups, guards, function plugins, and the hooks that run before each route. */
import type { Route } from "../model.ts";
import { guardsOnly, prefixOf, servedFinder } from "./elysia/instances.ts";
import { registering } from "./elysia/registrations.ts";
import type { Framework } from "./framework.ts";
import { coversExactly } from "./routing/paths.ts";
import { findRegistrations } from "./routing/registrations.ts";
import { splitSockets } from "./routing/sockets.ts";
import { routesOfRouters } from "./routing/walk.ts";

export const elysia: Framework = {
  name: "elysia",
  find: (app) => {
    const walked = routesOfRouters(app, findRegistrations(app, registering), {
      framework: "elysia",
      covers: coversExactly,
      leavesMiddleware: (_, child) => !guardsOnly(child),
      isServed: servedFinder(app),
      prefixOf: (router) => prefixOf(app, router),
    });
    return splitSockets(walked, listenersOf);
  },
};

/** The hooks before it run on the socket's request, too. */
function listenersOf({ middleware, handlers }: Route): string[] {
  return [...middleware, ...handlers].flatMap(({ fn }) => fn ?? []);
}
