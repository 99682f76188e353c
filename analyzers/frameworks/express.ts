/** Express: routers registered anywhere, mounted under prefixes to any depth, with the middleware that runs before each route. */
import { registering } from "./express/registrations.ts";
import type { Framework } from "./framework.ts";
import { covers } from "./routing/paths.ts";
import { findRegistrations } from "./routing/registrations.ts";
import { type Dialect, routesOfRouters } from "./routing/walk.ts";

const dialect: Dialect = { framework: "express", covers, leavesMiddleware: () => true, prefixOf: () => "" };

export const express: Framework = {
  name: "express",
  find: (app) => ({ routes: routesOfRouters(app, findRegistrations(app, registering), dialect), entries: [] }),
};
