/** Nuxt and Nitro: handlers by file name, middleware before all of them, plugins, tasks, and the pages that Nuxt renders. */
import type { FileNode } from "../link/program.ts";
import type { Entry, Handler, Route } from "../model.ts";
import { isTestFile } from "../services/file-roles.ts";
import { isIn } from "../services/manifest.ts";
import { entriesOf, exportedHandlers, exportsName, lineIn, moduleEntry, routeAt } from "./conventional.ts";
import type { Framework, LinkedApp } from "./framework.ts";
import { handlerRoute, pagePath } from "./nuxt/paths.ts";
import { isSameApp, rootsOf, setting, type Root } from "./nuxt/roots.ts";
import { taskEntries } from "./nuxt/tasks.ts";
import { hasFramework } from "./service-files.ts";

export const nuxt: Framework = {
  name: "nuxt",
  find: (app) => {
    const roots = rootsOf(app).filter((root) => isServed(app, root));
    const middleware = roots.flatMap((root) => filesIn(app, root, "middleware").map(({ file }) => ({ root, file })));
    const found = roots.map((root) => {
      const before = middleware.filter((each) => isSameApp(app, each.root, root)).map(({ file }) => file);
      const chain = before.filter(exportsDefault).flatMap((file) => exportedHandlers(app, file, "default"));
      return {
        routes: [...handlerRoutes(app, root, chain), ...pageRoutes(app, root, chain)],
        entries: startsOf(app, root),
      };
    });
    return { routes: found.flatMap(({ routes }) => routes), entries: found.flatMap(({ entries }) => entries) };
  },
};

/** A configuration within a service of Nuxt or Nitro; others are samples and test beds. */
function isServed(app: LinkedApp, { config, kind }: Root): boolean {
  const service = app.serviceOf(config.path);
  return service !== null && hasFramework(service, kind);
}

const exportsDefault = (file: FileNode) => exportsName(file, "default");

/** The files of one of the server's folders, in the order in which Nitro takes them. */
function filesIn(app: LinkedApp, { servers }: Root, name: string): { file: FileNode; folder: string; below: string }[] {
  const files = [...app.linked.solver.program.files.values()];
  return servers.flatMap((server) => {
    const folder = server === "." ? name : `${server}/${name}`;
    return files
      .filter(({ path }) => isIn(folder, path) && !isTestFile(path))
      .map((file) => ({ file, folder, below: file.path.slice(folder.length + 1) }));
  });
}

function handlerRoutes(app: LinkedApp, root: Root, middleware: readonly Handler[]): Route[] {
  return ["api", "routes"].flatMap((name) =>
    filesIn(app, root, name).flatMap(({ file, below }) => {
      const found = handlerRoute(below, name === "api" ? "/api" : "");
      if (found === null || !exportsDefault(file)) return [];
      const handlers = exportedHandlers(app, file, "default");
      const line = lineIn(file.path, handlers);
      return routeAt(app, {
        ...found,
        via: "http",
        framework: root.kind,
        middleware: [...middleware],
        handlers,
        file: file.path,
        line,
      });
    }),
  );
}

/** What the server renders; an app that only the browser renders has no such pages. */
function pageRoutes(app: LinkedApp, root: Root, middleware: readonly Handler[]): Route[] {
  const isBrowserOnly = setting(app, root, ["ssr"]).some((token) => token.kind === "literal" && token.value === false);
  if (root.kind !== "nuxt" || isBrowserOnly) return [];
  const files = [...app.linked.solver.program.files.keys()];
  const routes = root.sources.flatMap((source) => {
    const folder = source === "." ? "pages" : `${source}/pages`;
    return files.flatMap((file) => {
      const path = isIn(folder, file) ? pagePath(file.slice(folder.length + 1)) : null;
      if (path === null) return [];
      const place = { file, line: 1 };
      return routeAt(app, {
        method: "GET",
        via: "page",
        path,
        framework: "nuxt",
        middleware: [...middleware],
        handlers: [],
        ...place,
      });
    });
  });
  return [...new Map(routes.map((route) => [route.path, route])).values()];
}

/** Plugins run when the server starts. */
function startsOf(app: LinkedApp, root: Root): Entry[] {
  const plugins = filesIn(app, root, "plugins").flatMap(({ file }) => [
    ...moduleEntry(file),
    ...(exportsDefault(file) ? entriesOf(exportedHandlers(app, file, "default"), "process", "plugin") : []),
  ]);
  const tasks = filesIn(app, root, "tasks");
  const [first] = tasks;
  if (first === undefined) return plugins;
  return [
    ...plugins,
    ...taskEntries(
      app,
      root,
      first.folder,
      tasks.map(({ file }) => file),
    ),
  ];
}
