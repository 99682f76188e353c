/** Hono: apps mounted in apps by `route`, base paths, chains, and the middleware that runs before each route. */
import type { Framework } from "./framework.ts";
import { covers } from "./hono/paths.ts";
import { registering } from "./hono/registrations.ts";
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
    });
    return { routes, entries: [] };
  },
};
