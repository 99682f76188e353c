/** Routes of Next that hand out what users sent: `public` holds the files of the build alone. */
import { posix } from "node:path";
import { isInside } from "../../../analyzers/code/written-path.ts";
import type { Model, Service } from "../../../analyzers/model.ts";
import { isScript } from "../../../patches/editors/source.ts";
import type { Obstacle } from "./obstacles.ts";

export interface NextRoute {
  /** `app/uploads/[...path]/route.ts`. */
  file: string;
}

/** One for each folder, none of them within another; an obstacle where one cannot have a route. */
export function nextRoutes(model: Model, service: Service, folders: readonly string[]): NextRoute[] | Obstacle {
  const outer = folders.filter((one) => !folders.some((other) => other !== one && isInside(one, other)));
  const app = appFolder(model, service);
  if (app === null) return { why: "a route for the files belongs into `app`, and this app has only `pages`", at: null };
  const routes: NextRoute[] = [];
  for (const folder of outer) {
    if (folder === "public")
      return { why: "the files lie among those of the build, directly in `public`: they need a folder", at: null };
    if (!isInside(folder, "public"))
      return { why: `nothing is known to hand out ${folder}, which lies outside \`public\``, at: null };
    const at = posix.join(app, posix.relative("public", folder));
    const taken = model.repo.files.find((file) => file.startsWith(`${at}/`));
    if (taken !== undefined) return { why: "the app has a route at the files' address", at: { file: taken, line: 1 } };
    const ending = service.language === "typescript" ? "ts" : "js";
    routes.push({ file: `${at}/[...path]/route.${ending}` });
  }
  return routes;
}

/** Where the App Router looks; null where there is none. */
function appFolder(model: Model, { root }: Service): string | null {
  const folders = ["app", "src/app"].map((name) => posix.join(root, name));
  const isThere = (folder: string): boolean =>
    model.repo.files.some((file) => file.startsWith(`${folder}/`) && isScript(file));
  return folders.find(isThere) ?? null;
}

/** Where the app keeps modules that are no routes. */
export function nextLibrary(model: Model, service: Service): string {
  const app = appFolder(model, service) ?? posix.join(service.root, "app");
  const own = posix.join(posix.dirname(app), "lib");
  const inside = posix.join(app, "lib");
  const hasInside = model.repo.files.some((file) => file.startsWith(`${inside}/`));
  return hasInside && !model.repo.files.some((file) => file.startsWith(`${own}/`)) ? inside : own;
}
