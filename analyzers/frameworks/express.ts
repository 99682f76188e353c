/** Express: routers registered anywhere, mounted under prefixes to any depth, with the middleware that runs before each route. */
import type { Route } from "../model.ts";
import { idOf } from "../link/program.ts";
import type { Router } from "./express/apis.ts";
import type { Item } from "./express/handlers.ts";
import { covers, joinPaths } from "./express/paths.ts";
import { findRegistrations, type Registration } from "./express/registrations.ts";
import type { Framework, Front, LinkedApp } from "./framework.ts";

/** Routers mounted in each other deeper than this are taken for a cycle. */
const MAX_MOUNTS = 12;

/** Middleware in force at a path, in the order in which it was registered. */
type InForce = Front["inForce"][number];

export const express: Framework = {
  name: "express",
  find: (app) => {
    const registrations = findRegistrations(app);
    const roots = rootApps(app, registrations);
    const found = roots.map((root) => {
      const below = routesBelow(root.key, { app, registrations, prefix: "", inForce: [], within: [] });
      return { ...below, service: app.serviceOf(fileOf(root) ?? "")?.name ?? "" };
    });
    return { routes: unique(found.flatMap(({ routes }) => routes)), entries: [], fronts: found };
  },
};

/** Apps that no other router mounts. Ones that nothing runs count only where a service has no other. */
function rootApps(app: LinkedApp, registrations: ReadonlyMap<string, Registration[]>): Router[] {
  const all = [...registrations.values()].flat();
  const mounted = new Set(
    all.flatMap(({ items }) => items.flatMap((item) => (item.kind === "router" ? [item.router.key] : []))),
  );
  const apps = new Map(
    all.flatMap(({ router }) => (router.isApp && !mounted.has(router.key) ? [[router.key, router]] : [])),
  );
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

/** What a router brings: its routes, and the middleware that stays in force behind it. */
interface Below {
  routes: Route[];
  inForce: readonly InForce[];
}

function routesBelow(key: string, walk: Walk): Below {
  if (walk.within.includes(key) || walk.within.length > MAX_MOUNTS) return { routes: [], inForce: walk.inForce };
  let { inForce } = walk;
  const routes: Route[] = [];
  for (const registration of walk.registrations.get(key) ?? []) {
    for (const path of registration.paths) {
      const here = { ...walk, prefix: joinPaths(walk.prefix, path), inForce, within: [...walk.within, key] };
      if (registration.method !== null) {
        routes.push(routeOf(registration, registration.method, here));
        continue;
      }
      const used = usedBy(registration.items, here);
      routes.push(...used.routes);
      inForce = used.inForce;
    }
  }
  return { routes, inForce };
}

/** `use(path, a, router, b)`: a request that no route of the router takes goes on with all that ran so far. */
function usedBy(items: readonly Item[], walk: Walk): Below {
  let { inForce } = walk;
  const routes = items.flatMap((item) => {
    if (item.kind === "router") {
      const below = routesBelow(item.router.key, { ...walk, inForce });
      inForce = below.inForce;
      return below.routes;
    }
    if (!item.isErrorHandler) inForce = [...inForce, { path: walk.prefix, handlers: [item.handler] }];
    return [];
  });
  return { routes, inForce };
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
    via: "http",
    middleware: [...before, ...own.slice(0, -1)],
    handlers: own.slice(-1),
    registration: app.sites.call(call),
  };
}

function unique(routes: readonly Route[]): Route[] {
  return [...new Map(routes.map((route) => [route.id, route])).values()];
}
