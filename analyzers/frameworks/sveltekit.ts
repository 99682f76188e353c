/** SvelteKit: endpoints, pages with what loads their data, form actions, and remote functions, behind the hooks of the server. */
import { posix } from "node:path";
import type { FileNode } from "../link/program.ts";
import type { Handler, Route, Service } from "../model.ts";
import { entriesOf, exportedHandlers, exportsName, lineIn, moduleEntry, routeAt } from "./conventional.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { filesBelow, hasFramework } from "./service-files.ts";
import { actionsOf } from "./sveltekit/actions.ts";
import { handleChain } from "./sveltekit/hooks.ts";
import { remoteRoutes } from "./sveltekit/remote.ts";
import { foldersOf, layoutsOf, pathOf, type Folder, type Page } from "./sveltekit/tree.ts";

export const sveltekit: Framework = {
  name: "sveltekit",
  find: (app) => {
    const found = app.services.filter((service) => hasFramework(service, "sveltekit")).map((each) => appOf(app, each));
    return { routes: found.flatMap(({ routes }) => routes), entries: found.flatMap(({ entries }) => entries) };
  },
};

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** One app: its folders, the hooks before every route, and the address below which all is served. */
interface Site {
  app: LinkedApp;
  folders: ReadonlyMap<string, Folder>;
  hooks: readonly Handler[];
  base: string;
}

function appOf(app: LinkedApp, service: Service): ReturnType<Framework["find"]> {
  const files = filesBelow(app, service);
  const config = configText(app, service);
  if (isStatic(config)) return { routes: [], entries: [] };
  const base = /\bpaths:\s*\{[^}]*\bbase:\s*["'](\/[^"']+)["']/.exec(config)?.[1] ?? "";
  const folders = foldersOf(files, posix.join(service.root, "src/routes"));
  const hooksFile = files.find(({ path }) => /(^|\/)src\/hooks\.server(\/index)?\.[jt]s$/.test(path)) ?? null;
  const hooks = hooksFile === null ? [] : handleChain(app, hooksFile);
  const site: Site = { app, folders, hooks, base };
  const routes = [...folders.values()].flatMap((folder) => [
    ...endpointRoutes(site, folder),
    ...pageRoutes(site, folder),
  ]);
  const instrumentation = files.filter(({ path }) => /(^|\/)src\/instrumentation\.server\.[jt]s$/.test(path));
  return {
    routes: [...routes, ...remoteRoutes(app, files, hooks)],
    entries: [...hookEntries(app, hooksFile), ...instrumentation.flatMap(moduleEntry)],
  };
}

function configText(app: LinkedApp, { root }: Service): string {
  const names = ["js", "ts", "mjs"].map((ending) => posix.join(root, `svelte.config.${ending}`));
  return names.flatMap((file) => app.repo.read(file) ?? [])[0] ?? "";
}

/** Built into files alone: nothing of it runs at a request. */
function isStatic(config: string): boolean {
  const adapters = new Set([...config.matchAll(/@sveltejs\/adapter-(\w+)/g)].map(([, name]) => name));
  return adapters.size === 1 && adapters.has("static");
}

/** What starts with the server, and what it calls when something fails. */
function hookEntries(app: LinkedApp, file: FileNode | null): ReturnType<Framework["find"]>["entries"] {
  if (file === null) return [];
  const named = (name: string) => (exportsName(file, name) ? exportedHandlers(app, file, name) : []);
  return [
    ...moduleEntry(file),
    ...entriesOf(named("init"), "process", "init"),
    ...entriesOf(named("handleError"), "event", "handleError"),
    ...entriesOf(named("handleFetch"), "event", "handleFetch"),
  ];
}

function endpointRoutes({ app, hooks, base }: Site, { names, endpoint }: Folder): Route[] {
  if (endpoint === null) return [];
  const isPrerendered = literalOf(endpoint, "prerender") === true;
  return [...METHODS, "fallback"].flatMap((name) => {
    if (!exportsName(endpoint, name) || (isPrerendered && name === "GET")) return [];
    const handlers = exportedHandlers(app, endpoint, name);
    return routeAt(app, {
      method: name === "fallback" ? "ALL" : name,
      via: "http",
      path: pathOf(names, base),
      framework: "sveltekit",
      middleware: [...hooks],
      handlers,
      file: endpoint.path,
      line: lineIn(endpoint.path, handlers),
    });
  });
}

/** The page itself by GET, where it is not made by the build, and its form actions. */
function pageRoutes(site: Site, folder: Folder): Route[] {
  const { app, folders, hooks, base } = site;
  const { names, page } = folder;
  if (page === null) return [];
  const path = pathOf(names, base);
  const around = layoutsOf(folders, folder);
  const handlers = loadsOf(app, page);
  const isPrerendered = [...around, page].map(prerenderOf).findLast((each) => each !== undefined) === true;
  const file = (page.server ?? page.universal ?? page.component)?.path ?? "";
  const own = handlers[0]?.place.file ?? file;
  const get = routeAt(app, {
    method: "GET",
    via: "page",
    path,
    framework: "sveltekit",
    middleware: [...hooks, ...around.flatMap((layout) => loadsOf(app, layout))],
    handlers,
    file: own,
    line: lineIn(own, handlers),
  });
  return [...(isPrerendered ? [] : [get]), ...actionsOf(app, page.server, path, hooks)];
}

function loadsOf(app: LinkedApp, { server, universal }: Page): Handler[] {
  return [server, universal].flatMap((file) =>
    file === null || !exportsName(file, "load") ? [] : exportedHandlers(app, file, "load"),
  );
}

function prerenderOf({ server, universal }: Page): Value | undefined {
  return [server, universal].map((file) => literalOf(file, "prerender")).find((each) => each !== undefined);
}

type Value = string | number | boolean | null;

function literalOf(file: FileNode | null, name: string): Value | undefined {
  const value = file === null ? undefined : file.summary.exports[name];
  const bound = value?.kind === "name" ? file?.summary.functions[0]?.bindings[name]?.[0] : value;
  return bound?.kind === "literal" ? bound.value : undefined;
}
