/** Pages of the App Router that the server renders, with the layouts around them. */
import type { FileNode } from "../../link/program.ts";
import type { Handler, Place, Route } from "../../model.ts";
import { exportPlace, exportTokens, hasExport } from "../exported.ts";
import { nextSegment, routePath } from "../file-routes.ts";
import type { LinkedApp } from "../framework.ts";
import { layersOf } from "../layers.ts";
import { nextRoute } from "./next-route.ts";
import { isPublic } from "./route-handlers.ts";
import { segmentSettings } from "../settings.ts";
import type { NextApp, NextFile } from "./tree.ts";

/** Exports of a page or layout that run with it. */
const BESIDE = ["generateMetadata", "generateViewport"];

interface Page {
  at: NextFile;
  file: FileNode;
  path: string;
  place: Place;
}

/** One route per path: what slots and interceptions show there is rendered with the page itself. */
export function appPages(app: LinkedApp, own: NextApp): Route[] {
  const byFolder = new Map<string, NextFile[]>();
  for (const each of own.app) {
    if (each.name !== "layout" && each.name !== "template") continue;
    const folder = each.folders.join("/");
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), each]);
  }
  const pages = own.app
    .filter(({ name, folders }) => name === "page" && isPublic(folders))
    .flatMap((at) => pageAt(app, at))
    .toSorted((a, b) => asides(a) - asides(b));
  const byPath = new Map<string, Page[]>();
  for (const page of pages) byPath.set(page.path, [...(byPath.get(page.path) ?? []), page]);
  return [...byPath.values()].flatMap((group) => routeOf(app, own, group, byFolder));
}

function pageAt(app: LinkedApp, at: NextFile): Page[] {
  const file = app.linked.solver.program.files.get(at.file);
  if (file === undefined || isClient(file) || !hasExport(app, file, "default")) return [];
  return [{ at, file, path: routePath(at.folders, nextSegment), place: exportPlace(app, file, "default") }];
}

function isClient({ summary }: FileNode): boolean {
  return summary.directives.includes("use client");
}

/** Folders on the way that only show a page somewhere else. */
function asides({ at: { folders } }: Page): number {
  return folders.filter((folder) => folder.startsWith("@") || /^\(\.{1,3}\)/.test(folder)).length;
}

function routeOf(
  app: LinkedApp,
  own: NextApp,
  pages: readonly Page[],
  layouts: ReadonlyMap<string, NextFile[]>,
): Route[] {
  const [first, ...others] = pages;
  if (first === undefined) return [];
  const { at, file, path, place } = first;
  const around =
    at.folders.length === 0 ? [""] : ["", ...at.folders.map((_, index) => at.folders.slice(0, index + 1).join("/"))];
  const files = around
    .flatMap((folder) => layouts.get(folder) ?? [])
    .flatMap((each) => app.linked.solver.program.files.get(each.file) ?? [])
    .filter((each) => !isClient(each));
  const { wrappers, handlers } = rendered(app, file, place);
  const shown = others.flatMap((page) => rendered(app, page.file, page.place).handlers);
  const [last] = handlers.slice(-1);
  const also = [
    ...(last?.also ?? []),
    ...shown.flatMap(({ fn, also: more = [] }) => [...(fn === null ? [] : [fn]), ...more]),
  ];
  return [
    nextRoute(own, {
      method: "GET",
      path,
      via: "page",
      file,
      place,
      middleware: [...files.flatMap((each) => layoutHandlers(app, each)), ...wrappers],
      handlers: last === undefined || also.length === 0 ? handlers : [{ ...last, also }],
      // What the page says itself holds over what its layouts say.
      settings: [...files, file].reduce((settings, each) => ({ ...settings, ...segmentSettings(app, each) }), {}),
    }),
  ];
}

function layoutHandlers(app: LinkedApp, file: FileNode): Handler[] {
  const { wrappers, handlers } = rendered(app, file, exportPlace(app, file, "default"));
  return [...wrappers, ...handlers];
}

/** The component and what runs beside it; a component that only the browser runs is none of the server's. */
function rendered(app: LinkedApp, file: FileNode, place: Place): { wrappers: Handler[]; handlers: Handler[] } {
  const { program } = app.linked.solver;
  const isServers = ({ fn, place: at }: Handler) => {
    const home = program.files.get(at.file);
    return fn === null || home === undefined || !isClient(home);
  };
  const { wrappers, work } = layersOf(app, exportTokens(app, file, "default"), place);
  const also = BESIDE.flatMap((name) => exportTokens(app, file, name)).flatMap((token) =>
    token.kind === "fn" && !isClient(token.fn.file) ? [`${token.fn.file.path}#${token.fn.index}`] : [],
  );
  const page: Handler = isServers(work) ? work : { fn: null, api: null, place, construction: null };
  return {
    wrappers: wrappers.filter(isServers),
    handlers: [also.length === 0 ? page : { ...page, also: [...(page.also ?? []), ...also] }],
  };
}
