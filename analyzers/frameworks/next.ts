/** Next.js 13 to 16: route handlers and pages of both routers, server actions, middleware, and what runs at the start. */
import { idOf } from "../link/program.ts";
import type { Entry, Route } from "../model.ts";
import { exportTokens } from "./exported.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { actions } from "./next/actions.ts";
import { apiRoutes } from "./next/api-pages.ts";
import { appPages } from "./next/app-pages.ts";
import { middlewareOf } from "./next/middleware.ts";
import { propsPages } from "./next/props-pages.ts";
import { routeHandlers } from "./next/route-handlers.ts";
import { nextApps, type NextApp } from "./next/tree.ts";

export const next: Framework = {
  name: "next",
  find: (app) => {
    const apps = nextApps(app);
    const routes = apps.flatMap((each) => routesOf(app, each));
    return { routes: [...routes, ...actions(app, apps)], entries: apps.flatMap((each) => startOf(app, each)) };
  },
};

function routesOf(app: LinkedApp, own: NextApp): Route[] {
  const before = middlewareOf(app, own);
  const routes = [...routeHandlers(app, own), ...appPages(app, own), ...apiRoutes(app, own), ...propsPages(app, own)];
  return routes.map((route) => ({ ...route, middleware: [...before(route.path), ...route.middleware] }));
}

/** `register()` of instrumentation.ts runs once, when the server starts. */
function startOf(app: LinkedApp, { instrumentation }: NextApp): Entry[] {
  const file = instrumentation === null ? undefined : app.linked.solver.program.files.get(instrumentation);
  if (file === undefined) return [];
  return exportTokens(app, file, "register").flatMap((token) => {
    if (token.kind !== "fn") return [];
    const { fn } = token;
    const { line } = fn.fact.span;
    return [{ kind: "process", fn: idOf(fn), file: fn.file.path, line, label: "next start", routeId: null }];
  });
}
