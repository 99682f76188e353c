/** Koa: apps mounted in apps, routers with prefixes nested in routers, and the middleware that runs before each route. */
import { textsOf } from "../link/known.ts";
import { PREFIX, registering } from "./koa/registrations.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { covers } from "./routing/paths.ts";
import { findRegistrations, type Registration } from "./routing/registrations.ts";
import type { Router } from "./routing/router.ts";
import { routesOfRouters } from "./routing/walk.ts";

export const koa: Framework = {
  name: "koa",
  find: (app) => {
    const found = findRegistrations(app, registering);
    const others = new Map([...found].map(([key, list]) => [key, list.filter(({ method }) => method !== PREFIX)]));
    const routes = routesOfRouters(app, others, {
      framework: "koa",
      covers: (path, route) => covers(path.replace(/\(\/?\.\*\)\??$/, ""), route),
      // A router of an app runs its middleware only where one of its routes matches.
      leavesMiddleware: (parent) => !parent.isApp,
      prefixOf: (router) => prefixOf(app, router, found.get(router.key) ?? []),
    });
    return { routes, entries: [] };
  },
};

/** The last `prefix("/x")` that is called on a router, else the option that it is made with. */
function prefixOf({ linked: { solver } }: LinkedApp, { made }: Router, registrations: readonly Registration[]): string {
  const set = registrations.findLast(({ method }) => method === PREFIX)?.paths[0]?.text;
  if (set !== undefined) return set;
  const options = made?.call.fact.args[0];
  if (made === null || options === undefined) return "";
  const given = solver.evaluate(made.call.file, options, made.env);
  const isSaid = given.some(
    (token) => token.kind === "object" && token.value.entries.some(({ key }) => key === "prefix"),
  );
  const [text] = textsOf(
    solver,
    given.flatMap((token) => solver.member(token, "prefix")),
  );
  return text ?? (isSaid ? "*" : "");
}
