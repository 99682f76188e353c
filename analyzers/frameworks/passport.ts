/** Routes that ask Passport for a strategy run the function which checks the user by it. */
import { AUTHENTICATING } from "../libraries/passport.ts";
import { idOf } from "../link/program.ts";
import { strategiesOf, type Strategies } from "../link/strategies.ts";
import type { Handler, Route } from "../model.ts";
import type { LinkedApp } from "./framework.ts";

/** Where a user comes back to from the service that knows them. */
const WAY_BACK = /callback|return|redirect|success|complete|verify/i;

/** The routes with the checks among what runs for them. */
export function withStrategies(app: LinkedApp, routes: readonly Route[]): Route[] {
  const asks = ({ api }: Handler) => api !== null && AUTHENTICATING.has(api);
  if (!routes.some(({ middleware, handlers }) => [...middleware, ...handlers].some(asks))) return [...routes];
  const strategies = strategiesOf(app.linked);
  const checked = (route: Route) => (handler: Handler) =>
    asks(handler) ? checkedBy(app, strategies, route, handler) : handler;
  return routes.map((route) => ({
    ...route,
    middleware: route.middleware.map(checked(route)),
    handlers: route.handlers.map(checked(route)),
  }));
}

function checkedBy(app: LinkedApp, strategies: Strategies, { path }: Route, handler: Handler): Handler {
  const call = handler.construction === null ? null : app.sites.callNode(handler.construction.id);
  const checks = call === null ? [] : strategies(call);
  const fns = checks.filter(({ direct }) => direct || WAY_BACK.test(path)).map(({ fn }) => idOf(fn));
  return fns.length === 0 ? handler : { ...handler, also: [...new Set([...(handler.also ?? []), ...fns])] };
}
