/** Fastify: plugins below prefixes to any depth, encapsulated hooks, and the hooks that run before each route. */
import { findScopes } from "./fastify/registrations.ts";
import { rootsOf } from "./fastify/roots.ts";
import { foundBelow } from "./fastify/walk.ts";
import type { Framework } from "./framework.ts";

export const fastify: Framework = {
  name: "fastify",
  find: (app) => {
    const scopes = findScopes(app);
    const found = rootsOf(app, scopes).map((root) => foundBelow(app, scopes, root));
    const routes = found.flatMap((each) => each.routes);
    return {
      routes: [...new Map(routes.map((route) => [route.id, route])).values()],
      entries: found.flatMap((each) => each.entries),
    };
  },
};
