/** Which calls hand out the folders of uploads. */
import { posix } from "node:path";
import { argumentPaths, isInside } from "../../../analyzers/code/written-path.ts";
import type { CallSite, Model, Service } from "../../../analyzers/model.ts";
import { staticFilesOf } from "../../../analyzers/serving/static-files.ts";
import type { Obstacle } from "./obstacles.ts";

export interface HandingOut {
  call: CallSite;
  /** `express.static(folder)` within `app.use`, or Nest's `app.useStaticAssets(folder, { prefix })`. */
  form: "static" | "assets";
  folder: string;
  /** What of the upload folder lies below the folder that is handed out; empty when they are the same. */
  inner: string;
}

/** Every folder has to be handed out, and none by a call that means another folder of the same name. */
export function handingOut(model: Model, service: Service, folders: readonly string[]): HandingOut[] | Obstacle {
  const calls = handersOf(model, service);
  const found: HandingOut[] = [];
  for (const folder of folders) {
    const fitting = calls.flatMap(({ call, form, paths }) => {
      const path = paths.find((each) => each === "." || isInside(folder, each));
      return path === undefined ? [] : [{ call, form, folder, inner: posix.relative(path, folder) }];
    });
    const namesake = calls.find(
      ({ call, paths }) =>
        !fitting.some((each) => each.call === call) &&
        paths.some((path) => posix.basename(path) === posix.basename(folder)),
    );
    if (namesake !== undefined)
      return { why: `another folder than ${folder} is handed out there under its name`, at: namesake.call };
    if (fitting.length === 0)
      return { why: `nothing in the app hands out ${folder} (a web server in front of it may)`, at: null };
    found.push(...fitting);
  }
  return [...new Map(found.map((each) => [`${each.call.id} ${each.inner}`, each])).values()];
}

interface Hander {
  call: CallSite;
  form: HandingOut["form"];
  paths: string[];
}

function handersOf(model: Model, service: Service): Hander[] {
  const statics = staticFilesOf(model).map(({ call }) => ({ call, form: "static" as const }));
  const assets = model.repo.files.flatMap((file) => {
    const calls = model.context(file) === "server" ? (model.summary(file)?.calls ?? []) : [];
    return calls.flatMap(({ callee }, index) => {
      const isAssets = callee.kind === "member" && callee.property === "useStaticAssets";
      const call = isAssets ? model.call(`${file}#${index}`) : null;
      return call === null ? [] : [{ call, form: "assets" as const }];
    });
  });
  return [...statics, ...assets]
    .filter(({ call }) => model.service(call.file)?.root === service.root)
    .map((each) => ({ ...each, paths: argumentPaths(model, each.call, 0) }));
}
