/** Express: routers registered anywhere, mounted under prefixes to any depth, with the middleware that runs before each route. */
import type { Handler } from "../model.ts";
import { isGraphqlMount } from "../libraries/graphql.ts";
import { registering } from "./express/registrations.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { covers } from "./routing/paths.ts";
import { findRegistrations } from "./routing/registrations.ts";
import { type Dialect, type InForce, routesOf, type Walked, walkRouters } from "./routing/walk.ts";

const dialect: Dialect = { framework: "express", covers, leavesMiddleware: () => true, prefixOf: () => "" };

export const express: Framework = {
  name: "express",
  find: (app) => {
    const fronts = walked(app);
    return { routes: routesOf(fronts), entries: [], fronts };
  },
};

const walks = new WeakMap<LinkedApp, Walked[]>();

function walked(app: LinkedApp): Walked[] {
  const found = walks.get(app) ?? walkRouters(app, findRegistrations(app, registering), dialect);
  walks.set(app, found);
  return found;
}

/** The middleware that a service's Express app runs before what answers GraphQL, wherever that is mounted. */
export function graphqlMiddleware(app: LinkedApp, service: string): Handler[] {
  const chain = walked(app)
    .filter((each) => each.service === service)
    .flatMap(({ inForce }) => inForce);
  const isMount = ({ handlers }: InForce) => handlers.some(({ api }) => api !== null && isGraphqlMount(api));
  const at = chain.findIndex(isMount);
  const path = chain[at]?.path ?? "/graphql";
  const before = at < 0 ? chain : chain.slice(0, at);
  return before.filter((each) => covers(each.path, path)).flatMap((each) => each.handlers);
}
