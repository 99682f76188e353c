/** Route handlers of the App Router: the verbs that a `route.ts` exports. */
import type { Route } from "../../model.ts";
import { exportPlace, exportTokens, hasExport } from "../exported.ts";
import { nextSegment, routePath } from "../file-routes.ts";
import type { LinkedApp } from "../framework.ts";
import { layersOf } from "../layers.ts";
import { nextRoute } from "./next-route.ts";
import { segmentSettings } from "../settings.ts";
import type { NextApp, NextFile } from "./tree.ts";

const VERBS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export function routeHandlers(app: LinkedApp, own: NextApp): Route[] {
  return own.app
    .filter(({ name, folders }) => name === "route" && isPublic(folders))
    .flatMap((each) => routesIn(app, own, each));
}

/** Folders that begin with `_` are out of the router's sight. */
export function isPublic(folders: readonly string[]): boolean {
  return !folders.some((folder) => folder.startsWith("_"));
}

function routesIn(app: LinkedApp, own: NextApp, { file: path, folders }: NextFile): Route[] {
  const file = app.linked.solver.program.files.get(path);
  if (file === undefined) return [];
  const settings = segmentSettings(app, file);
  return VERBS.filter((verb) => hasExport(app, file, verb)).map((verb) => {
    const place = exportPlace(app, file, verb);
    const { wrappers, work } = layersOf(app, exportTokens(app, file, verb), place);
    return nextRoute(own, {
      method: verb,
      path: routePath(folders, nextSegment),
      via: "http",
      file,
      place,
      middleware: wrappers,
      handlers: [work],
      settings,
    });
  });
}
