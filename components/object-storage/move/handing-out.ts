/** Which calls hand out the folders of uploads. */
import { posix } from "node:path";
import { argumentPaths, isInside, writtenPaths } from "../../../analyzers/code/written-path.ts";
import { entryOf } from "../../../analyzers/code/written-values.ts";
import { indexIn } from "../../../analyzers/ids.ts";
import type { CallSite, Model, Service } from "../../../analyzers/model.ts";
import { staticFilesOf } from "../../../analyzers/serving/static-files.ts";
import type { Obstacle } from "./obstacles.ts";

export interface HandingOut {
  call: CallSite;
  /**
   * `static`: `express.static(folder)` within `app.use`; `assets`: Nest's `app.useStaticAssets(folder, { prefix })`;
   * `plugin`: `app.register(fastifyStatic, { root })`; `hono`: `serveStatic({ root })`; `koa`: `serve(folder)`.
   */
  form: "static" | "assets" | "plugin" | "hono" | "koa";
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
  const statics = staticFilesOf(model).map(({ api, call }) => ({
    call,
    form: api.startsWith("koa-static:") ? ("koa" as const) : ("static" as const),
    paths: argumentPaths(model, call, 0),
  }));
  const assets = memberCalls(model, "useStaticAssets").map((call) => ({
    call,
    form: "assets" as const,
    paths: argumentPaths(model, call, 0),
  }));
  const plugins = memberCalls(model, "register")
    .filter(({ args: [plugin] }) => plugin?.kind === "external" && /^(@fastify\/|fastify-)static:/.test(plugin.api))
    .map((call) => ({ call, form: "plugin" as const, paths: rootOf(model, call, 1) }));
  const hono = ["@hono/node-server/serve-static:serveStatic"]
    .flatMap((api) => model.usesOf(api))
    .map(({ call }) => ({ call, form: "hono" as const, paths: rootOf(model, call, 0) }));
  return [...statics, ...assets, ...plugins, ...hono].filter(
    ({ call }) => model.context(call.file) === "server" && model.service(call.file)?.root === service.root,
  );
}

/** Calls on what comes from nowhere that can be named. */
function memberCalls(model: Model, method: string): CallSite[] {
  return model.repo.files.flatMap((file) => {
    const calls = model.context(file) === "server" ? (model.summary(file)?.calls ?? []) : [];
    return calls.flatMap(({ callee }, index) =>
      callee.kind === "member" && callee.property === method ? (model.call(`${file}#${index}`) ?? []) : [],
    );
  });
}

/** The folder under `root` among the options. */
function rootOf(model: Model, { file, id }: CallSite, index: number): string[] {
  const options = model.summary(file)?.calls[indexIn(id)]?.args[index];
  const root = options === undefined ? null : entryOf(model, { file, value: options }, "root");
  return root === null ? [] : writtenPaths(model, root.file, root.value);
}
