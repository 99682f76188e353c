/** Pages of the older router whose properties the server loads at a request. */
import type { Route } from "../../model.ts";
import { conventionOf } from "../../services/conventions.ts";
import { exportPlace, exportTokens, hasExport } from "../exported.ts";
import { routePath } from "../file-routes.ts";
import type { LinkedApp } from "../framework.ts";
import { layersOf } from "../layers.ts";
import { nextRoute } from "./next-route.ts";
import type { NextApp, NextFile } from "./tree.ts";

const LOADERS = ["getServerSideProps", "getStaticProps"];

export function propsPages(app: LinkedApp, own: NextApp): Route[] {
  return own.pages
    .filter(
      ({ folders, name }) => folders[0] !== "api" && !(folders.length === 0 && /^_(app|document|error)$/.test(name)),
    )
    .flatMap((each) => routeIn(app, own, each));
}

function routeIn(app: LinkedApp, own: NextApp, { file: path, folders, name }: NextFile): Route[] {
  const file = app.linked.solver.program.files.get(path);
  const loader = file === undefined ? undefined : LOADERS.find((each) => hasExport(app, file, each));
  if (file === undefined || loader === undefined || isBuilt(app, own, path)) return [];
  const place = exportPlace(app, file, loader);
  const { wrappers, work } = layersOf(app, exportTokens(app, file, loader), place);
  return [
    nextRoute(own, {
      method: "GET",
      path: routePath(name === "index" ? folders : [...folders, name]),
      via: "page",
      file,
      place,
      middleware: wrappers,
      handlers: [work],
      settings: {},
    }),
  ];
}

/** Static pages that the build makes once for all. */
function isBuilt({ repo }: LinkedApp, { service }: NextApp, file: string): boolean {
  const runner = conventionOf(file, service)?.runner;
  return typeof runner === "function" && runner(repo.read(file) ?? "") === "build";
}
