/** Express: routers registered anywhere, mounted under prefixes to any depth, with the middleware that runs before each route. */
import type { Handler, Route } from "../model.ts";
import { idOf } from "../link/program.ts";
import type { Router } from "./express/apis.ts";
import type { Item } from "./express/handlers.ts";
import { covers, joinPaths } from "./express/paths.ts";
import { findRegistrations, type Registration } from "./express/registrations.ts";
import type { Framework, LinkedApp } from "./framework.ts";

/** Routers mounted in each other deeper than this are taken for a cycle. */
const MAX_MOUNTS = 12;

/** Middleware in force at a path, in the order in which it was registered. */
interface InForce {
  path: string;
  handlers: readonly Handler[];
}

export const express: Framework = {
  name: "express",
  find: (app) => {
    const registrations = findRegistrations(app);
    const roots = rootApps(app, registrations);
    const routes = roots.flatMap((root) => routesBelow(root.key, { app, registrations, prefix: "", inForce: [], within: [] }));
    return { routes: unique(routes), entries: [] };
  },
};

/** Apps that no other router mounts. Ones that nothing runs count only where a service has no other. */
function rootApps(app: LinkedApp, registrations: ReadonlyMap<string, Registration[]>): Router[] {
  const all = [...registrations.values()].flat();
  const mounted = new Set(all.flatMap(({ items }) => items.flatMap((item) => (item.kind === "router" ? [item.router.key] : []))));
  const apps = new Map(all.flatMap(({ router }) => (router.isApp && !mounted.has(router.key) ? [[router.key, router]] : [])));
  const roots = [...apps.values()];
  const isLive = (router: Router) => !["dead", "script", "build"].includes(app.contextOf(fileOf(router) ?? ""));
  const serviceOf = (router: Router) => app.serviceOf(fileOf(router) ?? "")?.root;
  return roots.filter((root) => {
    if (root.made === null) return roots.every((each) => each.made === null);
    return isLive(root) || !roots.some((other) => isLive(other) && serviceOf(other) === serviceOf(root));
  });
}

function fileOf({ made }: Router): string | null {
  return made?.call.file.path ?? null;
}

/** Where a walk through mounted routers stands. */
interface Walk {
  app: LinkedApp;
  registrations: ReadonlyMap<string, readonly Registration[]>;
  prefix: string;
  inForce: readonly InForce[];
  /** Keys of the routers walked through, the outermost first. */
  within: readonly string[];
}

function routesBelow(key: string, walk: Walk): Route[] {
  if (walk.within.includes(key) || walk.within.length > MAX_MOUNTS) return [];
  const inForce = [...walk.inForce];
  return (walk.registrations.get(key) ?? []).flatMap((registration) =>
    registration.paths.flatMap((path) => {
      const here = { ...walk, prefix: joinPaths(walk.prefix, path), inForce: [...inForce], within: [...walk.within, key] };
      if (registration.method !== null) return [routeOf(registration, registration.method, here)];
      const { routes, before } = mounted(registration.items, here);
      if (before.length > 0) inForce.push({ path: here.prefix, handlers: before });
      return routes;
    }),
  );
}

/** What `use(path, a, router, b)` brings: the routes below its routers, and the handlers in force from then on. */
function mounted(items: readonly Item[], walk: Walk): { routes: Route[]; before: Handler[] } {
  const before: Handler[] = [];
  const routes = items.flatMap((item) => {
    if (item.kind === "router") {
      return routesBelow(item.router.key, { ...walk, inForce: [...walk.inForce, { path: walk.prefix, handlers: [...before] }] });
    }
    if (!item.isErrorHandler) before.push(item.handler);
    return [];
  });
  return { routes, before };
}

function routeOf(registration: Registration, method: string, { app, prefix, inForce }: Walk): Route {
  const { call, line, items } = registration;
  const file = call.file.path;
  const own = items.flatMap((item) => (item.kind === "handler" ? [item.handler] : []));
  const before = inForce.filter((each) => covers(each.path, prefix)).flatMap((each) => each.handlers);
  return {
    id: `${method} ${prefix} ${idOf(call)}`,
    method,
    path: prefix,
    file,
    line,
    service: app.serviceOf(file)?.name ?? "",
    framework: "express",
    middleware: [...before, ...own.slice(0, -1)],
    handlers: own.slice(-1),
    registration: app.sites.call(call),
  };
}

function unique(routes: readonly Route[]): Route[] {
  return [...new Map(routes.map((route) => [route.id, route])).values()];
}
