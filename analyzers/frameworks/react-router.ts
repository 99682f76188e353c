/** React Router's framework mode and Remix: loaders and actions of route modules, by file name or by `routes.ts`. */
import { posix } from "node:path";
import type { FileNode } from "../link/program.ts";
import type { Entry, Handler, Route, Service } from "../model.ts";
import { exportedHandlers, exportsName, handlersOf, lineIn, moduleEntry, routeAt } from "./conventional.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { modulesWritten } from "./react-router/config.ts";
import { modulesByName, type Convention } from "./react-router/files.ts";
import type { Module } from "./react-router/module.ts";
import { filesBelow, hasFramework } from "./service-files.ts";

export const reactRouter: Framework = {
  name: "react-router",
  find: (app) => {
    const names = ["react-router", "remix"] as const;
    const found = app.services.flatMap((service) =>
      names
        .filter((name) => hasFramework(service, name))
        .slice(0, 1)
        .map((name) => routesIn(app, service, name)),
    );
    return { routes: found.flatMap(({ routes }) => routes), entries: found.flatMap(({ entries }) => entries) };
  },
};

/** One app, and what its root brings to every route. */
interface Site {
  app: LinkedApp;
  framework: string;
  root: FileNode | null;
}

function routesIn(app: LinkedApp, service: Service, framework: string): { routes: Route[]; entries: Entry[] } {
  const files = filesBelow(app, service);
  const configs = ["react-router.config", "vite.config", "remix.config"].flatMap((name) => textOf(app, service, name));
  if (configs.some((text) => /\bssr:\s*false\b/.test(text))) return { routes: [], entries: [] };
  const named = configs.flatMap((text) => /\bappDirectory:\s*["']([^"']+)["']/.exec(text)?.[1] ?? [])[0];
  const folder = posix.join(service.root, named ?? "app");
  const at = (name: string) =>
    ["ts", "tsx", "js", "jsx"].flatMap(
      (ending) => app.linked.solver.program.files.get(`${folder}/${name}.${ending}`) ?? [],
    )[0] ?? null;
  const config = at("routes");
  const written = config === null ? [] : modulesWritten(app, config);
  const text = [config === null ? "" : (app.repo.read(config.path) ?? ""), ...configs].join("\n");
  const isByName = config === null || written.length === 0 || /\b(flatRoutes|autoRoutes)\b/.test(text);
  const isOwn = config !== null && written.length === 0 && !knownScanner.test(text);
  const convention = isOwn ? "own" : conventionOf(files, text);
  const byName = isByName ? modulesByName(files, routesFolder(folder, text), convention) : [];
  const site: Site = { app, framework, root: at("root") };
  const modules = [...written, ...byName];
  const routes = [...modules.flatMap((each) => routesOf(site, each)), ...rootActions(site)];
  const server = at("entry.server");
  return { routes, entries: server === null ? [] : moduleEntry(server) };
}

/** Packages that find routes by file name, each by its own rules. */
const knownScanner =
  /["'`](@react-router\/fs-routes|@react-router\/remix-routes-option-adapter|@remix-run\/(fs-routes|route-config)|(react-router|remix)-(flat|auto|custom)-routes|remix-flat-routes|@\w[\w-]*\/[\w-]*routes)["'`]/;

function textOf(app: LinkedApp, { root }: Service, name: string): string[] {
  return ["ts", "js", "mjs", "mts"].flatMap((ending) => app.repo.read(posix.join(root, `${name}.${ending}`)) ?? []);
}

/** `flatRoutes({ rootDirectory: "file-routes" })`, `flatRoutes("routes", ...)`. */
function routesFolder(folder: string, text: string): string {
  const named = /\b(?:rootDirectory|routesDir|routeDir):\s*["']([^"']+)["']/.exec(text.replace(/\/\/[^\n]*/g, ""))?.[1];
  return posix.join(folder, named ?? "routes");
}

function conventionOf(files: readonly FileNode[], text: string): Convention {
  if (/react-router-auto-routes/.test(text)) return "folders";
  const isPlus = /remix-flat-routes/.test(text) || files.some(({ path }) => /\/routes\/(.*\/)?[^/]+\+\//.test(path));
  return isPlus ? "plus" : "flat";
}

function routesOf(site: Site, module: Module): Route[] {
  const { app } = site;
  const { file, path, around } = module;
  const isPage = exportsName(file, "default");
  const chain = middlewareOf(site, [...around, file]);
  const loaders = exportsName(file, "loader") ? exportedHandlers(app, file, "loader") : [];
  const above = [site.root, ...around].flatMap((each) =>
    each === null || !exportsName(each, "loader") ? [] : exportedHandlers(app, each, "loader"),
  );
  const found: Route[] = [];
  const isLayout = module.isPathless || module.hasIndex;
  if (isPage ? !isLayout : loaders.length > 0) {
    const middleware = isPage ? [...chain, ...above] : chain;
    found.push(
      routeIn(site, { file, path, method: "GET", via: isPage ? "page" : "http", middleware, handlers: loaders }),
    );
  }
  return [...found, ...actionOf(site, file, path, chain)];
}

function actionOf(site: Site, file: FileNode, path: string, middleware: Handler[]): Route[] {
  if (!exportsName(file, "action")) return [];
  const handlers = exportedHandlers(site.app, file, "action");
  return [routeIn(site, { file, path, method: "POST", via: "http", middleware, handlers })];
}

function rootActions(site: Site): Route[] {
  return site.root === null ? [] : actionOf(site, site.root, "/", middlewareOf(site, []));
}

interface Parts extends Pick<Route, "path" | "method" | "via" | "middleware" | "handlers"> {
  file: FileNode;
}

function routeIn({ app, framework }: Site, { file, ...parts }: Parts): Route {
  return routeAt(app, { ...parts, framework, file: file.path, line: lineIn(file.path, parts.handlers) });
}

/** `export const middleware = [auth]` of the root and of every module on the way. */
function middlewareOf({ app, root }: Site, files: readonly FileNode[]): Handler[] {
  const { solver } = app.linked;
  return [root, ...files].flatMap((file) =>
    ["middleware", "unstable_middleware"].flatMap((name) => {
      if (file === null || !exportsName(file, name)) return [];
      return solver.exported(file, name).flatMap((token) => {
        const items = token.kind === "array" ? token.value.items : [];
        return items.flatMap((item) =>
          token.kind === "array"
            ? handlersOf(app, solver.evaluate(token.file, item, token.env), { file: file.path, line: 1 })
            : [],
        );
      });
    }),
  );
}
