/** Walks from the routers that nothing mounts through the mounted ones: full paths, and the middleware that runs before each route. */
import { idOf } from "../../link/program.ts";
import type { Route } from "../../model.ts";
import type { Front, LinkedApp } from "../framework.ts";
import type { Item } from "./items.ts";
import { joinPaths } from "./paths.ts";
import type { Registration } from "./registrations.ts";
import type { Router } from "./router.ts";

/** Routers mounted in each other deeper than this are taken for a cycle. */
const MAX_MOUNTS = 12;

/** Middleware in force at a path, in the order in which it was registered. */
export type InForce = Front["inForce"][number];

/** What tells one framework's routers from another's. */
export interface Dialect {
  framework: string;
  /** True when middleware registered at `path` runs for requests to `route`; both are full paths. */
  covers(path: string, route: string): boolean;
  /** Whether a mounted router's middleware stays in force for what is registered behind it. */
  leavesMiddleware(parent: Router, mounted: Router): boolean;
  /** What a router puts before all its paths. */
  prefixOf(router: Router): string;
  /** Where apps and mounted parts are of one sort: whether the code shows that requests come in by this one. */
  isServed?(router: Router): boolean;
}

/** What a router brings: its routes, and the middleware that stays in force behind it. */
interface Below {
  routes: Route[];
  inForce: readonly InForce[];
}

/** What an app that nothing mounts brings, to its own routes and to what it stands in front of. */
export interface Walked extends Below, Front {
  inForce: readonly InForce[];
}

/** All that can be reached from the apps which nothing mounts. */
export function walkRouters(
  app: LinkedApp,
  registrations: ReadonlyMap<string, Registration[]>,
  dialect: Dialect,
): Walked[] {
  return rootApps(app, registrations, dialect).map((root) => ({
    service: app.serviceOf(fileOf(root) ?? "")?.name ?? "",
    ...routesBelow(root, { app, dialect, registrations, prefix: "", inForce: [], within: [] }),
  }));
}

/** All routes that can be reached from an app which nothing mounts. */
export function routesOfRouters(...given: Parameters<typeof walkRouters>): Route[] {
  return routesOf(walkRouters(...given));
}

/** The routes of several apps, each once. */
export function routesOf(walked: readonly Walked[]): Route[] {
  return [...new Map(walked.flatMap(({ routes }) => routes).map((route) => [route.id, route])).values()];
}

/** Apps that no other router mounts. Ones that nothing runs count only where a service has no other. */
function rootApps(app: LinkedApp, registrations: ReadonlyMap<string, Registration[]>, dialect: Dialect): Router[] {
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
  const isServed = (router: Router) => dialect.isServed?.(router) ?? false;
  const mounts = new Set(
    all.flatMap(({ router, items }) => (items.some(({ kind }) => kind === "router") ? [router.key] : [])),
  );
  const served = new Set(roots.flatMap((root) => (isServed(root) ? [serviceOf(root)] : [])));
  return roots.filter((root) => {
    if (root.made === null) return roots.every((each) => each.made === null);
    if (served.has(serviceOf(root)) && !mounts.has(root.key) && !isServed(root)) return false;
    if (isLive(root)) return true;
    // Examples beside the app are started by hand, if at all.
    if (app.services.length > 0 && serviceOf(root) === undefined) return false;
    return !roots.some((other) => isLive(other) && serviceOf(other) === serviceOf(root));
  });
}

/** Where a router is made. */
function fileOf({ made }: Router): string | null {
  return made?.call.file.path ?? null;
}

/** Where a walk through mounted routers stands. */
interface Walk {
  app: LinkedApp;
  dialect: Dialect;
  registrations: ReadonlyMap<string, readonly Registration[]>;
  prefix: string;
  inForce: readonly InForce[];
  /** Keys of the routers walked through, the outermost first. */
  within: readonly string[];
}

function routesBelow(router: Router, walk: Walk): Below {
  const { key } = router;
  if (walk.within.includes(key) || walk.within.length > MAX_MOUNTS) return { routes: [], inForce: walk.inForce };
  const base = join(walk.prefix, walk.dialect.prefixOf(router));
  let { inForce } = walk;
  const routes: Route[] = [];
  for (const registration of walk.registrations.get(key) ?? []) {
    for (const path of registration.paths) {
      const here = { ...walk, prefix: joinPaths(base, path), inForce, within: [...walk.within, key] };
      if (registration.method !== null) {
        routes.push(routeOf(registration, registration.method, here));
        continue;
      }
      const used = usedBy(router, registration.items, here);
      routes.push(...used.routes);
      inForce = used.inForce;
    }
  }
  return { routes, inForce };
}

function join(prefix: string, path: string): string {
  return path === "" ? prefix : joinPaths(prefix, { text: path, isRegex: false });
}

/** `use(path, a, router, b)`: a request that no route of the router takes goes on with all that ran so far. */
function usedBy(parent: Router, items: readonly Item[], walk: Walk): Below {
  let { inForce } = walk;
  const routes = items.flatMap((item) => {
    const prefix = join(walk.prefix, item.at ?? "");
    if (item.kind === "router") {
      const below = routesBelow(item.router, { ...walk, prefix, inForce });
      if (walk.dialect.leavesMiddleware(parent, item.router)) inForce = below.inForce;
      return below.routes;
    }
    if (!item.isErrorHandler) inForce = [...inForce, { path: prefix, handlers: [item.handler] }];
    return [];
  });
  return { routes, inForce };
}

function routeOf(registration: Registration, method: string, { app, dialect, prefix, inForce }: Walk): Route {
  const { call, line, items } = registration;
  const file = call.file.path;
  const own = items.flatMap((item) => (item.kind === "handler" ? [item.handler] : []));
  const before = inForce.filter((each) => dialect.covers(each.path, prefix)).flatMap((each) => each.handlers);
  return {
    id: `${method} ${prefix} ${idOf(call)}`,
    method,
    path: prefix,
    file,
    line,
    service: app.serviceOf(file)?.name ?? "",
    framework: dialect.framework,
    via: "http",
    middleware: [...before, ...own.slice(0, -1)],
    handlers: own.slice(-1),
    registration: app.sites.call(call),
  };
}
