/** Astro on a server: endpoints and pages of `src/pages`, actions, and the middleware in front of them. */
import { posix } from "node:path";
import type { FileNode } from "../link/program.ts";
import type { Token } from "../link/token.ts";
import type { Handler, Route, Service } from "../model.ts";
import { exportedHandlers, exportsName, handlersOf, lineIn, routeAt } from "./conventional.ts";
import { routePath } from "./file-routes.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { filesBelow, hasFramework } from "./service-files.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ALL"];

export const astro: Framework = {
  name: "astro",
  find: (app) => ({
    routes: app.services.filter((service) => hasFramework(service, "astro")).flatMap((each) => routesIn(app, each)),
    entries: [],
  }),
};

function routesIn(app: LinkedApp, service: Service): Route[] {
  const at = (name: string) => posix.join(service.root, name);
  const config = ["mjs", "ts", "js"].flatMap((ending) => app.repo.read(at(`astro.config.${ending}`)) ?? [])[0] ?? "";
  const isServer = /\boutput:\s*["']server["']/.test(config);
  const files = filesBelow(app, service);
  const byName = (stem: string) => files.find(({ path }) => path.replace(/(\/index)?\.[jt]s$/, "") === at(stem));
  const guard = byName("src/middleware");
  const middleware =
    guard !== undefined && exportsName(guard, "onRequest") ? exportedHandlers(app, guard, "onRequest") : [];
  const actions = byName("src/actions");
  const pages = files.flatMap((file) => {
    const below = posix.relative(at("src/pages"), file.path);
    if (below.startsWith("..") || /(^|\/)_/.test(below) || !rendersAtRequest(app, file, isServer)) return [];
    return pageRoutes(app, file, pathOf(below), middleware);
  });
  return [...pages, ...(actions === undefined ? [] : actionRoutes(app, actions, middleware))];
}

/** Whether each file says so itself, or the configuration says it for all. */
function rendersAtRequest(app: LinkedApp, file: FileNode, isServer: boolean): boolean {
  const said = /\bexport\s+const\s+prerender\s*=\s*(true|false)/.exec(app.repo.read(file.path) ?? "")?.[1];
  return said === undefined ? isServer : said === "false";
}

function pathOf(below: string): string {
  const names = below.replace(/\.(astro|mdx?|[cm]?[jt]s)$/, "").split("/");
  return routePath(names.at(-1) === "index" ? names.slice(0, -1) : names);
}

function pageRoutes(app: LinkedApp, file: FileNode, path: string, middleware: readonly Handler[]): Route[] {
  const shared = { path, framework: "astro", middleware: [...middleware], file: file.path };
  if (file.path.endsWith(".astro"))
    return [routeAt(app, { ...shared, method: "GET", via: "page", handlers: [], line: 1 })];
  return METHODS.filter((name) => exportsName(file, name)).map((method) => {
    const handlers = exportedHandlers(app, file, method);
    return routeAt(app, { ...shared, method, via: "http", handlers, line: lineIn(file.path, handlers) });
  });
}

/** Actions in groups of groups. */
const MAX_DEPTH = 4;

/** `export const server = { like: defineAction({ handler }), cart: { add: ... } }`. */
function actionRoutes(app: LinkedApp, file: FileNode, middleware: readonly Handler[]): Route[] {
  const found: Route[] = [];
  const visit = (token: Token, name: string, depth: number): void => {
    if (token.kind === "object" && depth < MAX_DEPTH) {
      for (const { key } of token.value.entries) {
        for (const inner of app.linked.solver.member(token, key))
          visit(inner, name === "" ? key : `${name}.${key}`, depth + 1);
      }
    }
    if (token.kind !== "external" || token.api !== "astro:actions:defineAction()") return;
    const line = token.via?.call.fact.span.line ?? 1;
    const place = { file: token.via?.call.file.path ?? file.path, line };
    const handlers = handlersOf(app, [token], place);
    found.push(
      routeAt(app, {
        method: "ACTION",
        via: "action",
        path: name,
        framework: "astro",
        middleware: [...middleware],
        handlers,
        ...place,
      }),
    );
  };
  for (const token of app.linked.solver.exported(file, "server")) visit(token, "", 0);
  return found;
}
