/** Why a folder's files cannot be moved by a recipe: each reason names what stands in the way, and where. */
import { isHeldBelow } from "../../../analyzers/deployment/node-version.ts";
import { deploysOf, isServerless } from "../../../analyzers/deployment/hosting.ts";
import type { CallSite, Model, Place, Service } from "../../../analyzers/model.ts";
import { majorOf } from "../../../analyzers/services/version-range.ts";
import { isSending } from "../sending.ts";
import { familyOf, isOnFunctions, typesOf } from "./families.ts";
import type { FileCall } from "./file-calls.ts";
import { argumentPaths, isInside, knownFolder } from "../../../analyzers/code/written-path.ts";

export interface Obstacle {
  why: string;
  at: Place | null;
}

/** What the last releases of `@aws-sdk/client-s3` that the recipe knows run on: `engines` of its 3.967. */
const oldestNode = 18;

/** What holds for all uploads of the service; null when nothing does. */
export function serviceObstacle(model: Model, service: Service): Obstacle | null {
  const family = familyOf(model, service);
  if (isServerless(model, service) && !(family === "next" && isOnFunctions(model, service))) {
    const [host] = deploysOf(model, service);
    return {
      why: `${host?.target ?? "the host"} runs functions, which take small bodies only: let the browser upload with a signed address`,
      at: host?.evidence ?? null,
    };
  }
  if (typeof family !== "string")
    return {
      why: `the recipe writes for Express, Nest on it, Fastify, Hono, Koa or Next, and here is a route of ${family.foreign.framework}`,
      at: family.foreign,
    };
  if (isHeldBelow(model, service, oldestNode))
    return { why: "the S3 client needs Node 18, and the app runs on an older one", at: null };
  const types = typesOf[family];
  const untyped = oldTypesObstacle(service) ?? (types === undefined ? null : untypedObstacle(service, types));
  if (untyped !== null) return untyped;
  const other = model
    .usesOfKind("storage")
    .find((use) => isSending(use) && model.service(use.call.file)?.root === service.root);
  return other === undefined
    ? null
    : {
        why: `the app sends files to ${other.api.replace(/:.*/s, "")} already: use that for these, too`,
        at: other.call,
      };
}

/** The oldest that read the S3 client's declarations and know `node:` modules. */
const oldestTypes: readonly (readonly [string, number])[] = [
  ["typescript", 5],
  ["@types/node", 18],
];

function oldTypesObstacle({ dependencies, devDependencies }: Service): Obstacle | null {
  const installed: Record<string, string> = { ...devDependencies, ...dependencies };
  const old = oldestTypes.find(([name, major]) => installed[name] !== undefined && majorOf(installed[name]) < major);
  return old === undefined
    ? null
    : { why: `the S3 client's types need ${old.join(" ")}, and the app has ${installed[old[0]]}`, at: null };
}

/** The new files are as strictly typed as the app's own. */
export function untypedObstacle({ language, dependencies, devDependencies }: Service, types: string): Obstacle | null {
  const isThere = types in { ...dependencies, ...devDependencies };
  return language !== "typescript" || isThere
    ? null
    : { why: `the new files are typed by ${types}, which the app does not have`, at: null };
}

const harmless = /^(mkdir|mkdirp|ensureDir|exists|access|stat|lstat|chmod|constants|promises|mkdtemp)/;
const known =
  /^(unlink|rm|remove|writeFile|outputFile|exists)(Sync)?$|^(toFile|mv|createWriteStream|readFile|readFileSync)$/;

export type Meaning = "harmless" | "rewritten" | "in-the-way";

/** What a file call is to files that are no longer on the disk. `hasDisk`: folders can be made where the app runs. */
export function meaningOf(model: Model, { call, method, relation }: FileCall, hasDisk: boolean): Meaning {
  if (relation === "elsewhere") return "harmless";
  if (/^(mkdir|mkdirp|ensureDir)/.test(method)) return hasDisk || relation === "unknown" ? "harmless" : "rewritten";
  if (relation === "around") return harmless.test(method) ? "harmless" : "in-the-way";
  if (relation === "inside") return known.test(method) ? "rewritten" : "in-the-way";
  if (/^(unlink|rm|remove)(Sync)?$/.test(method)) return "rewritten";
  const isReached = model.reach(call).some(({ entry }) => entry.kind !== "process");
  const isReading = !harmless.test(method) && (!known.test(method) || method.startsWith("readFile"));
  return isReached && isReading ? "in-the-way" : "harmless";
}

/** Calls of packages that are given a path inside the folders: pictures that are resized, tables that are read. */
export function otherReaders(model: Model, service: Service, folders: readonly string[]): CallSite[] {
  return model.uses
    .filter(
      ({ api, call }) =>
        !/^(node:|global:|fs-extra:|express:|serve-static:|multer:|sharp:.*\.toFile$)/.test(api) &&
        mayBePath(call) &&
        model.service(call.file)?.root === service.root &&
        ["server", "worker"].includes(model.context(call.file)),
    )
    .map(({ call }) => call)
    .filter((call) =>
      argumentPaths(model, call, 0).some((path) => {
        const known = knownFolder(path);
        return known !== null && folders.some((folder) => isInside(known, folder) && path !== folder);
      }),
    );
}

function mayBePath({ args: [first] }: CallSite): boolean {
  if (first?.kind === "external") return first.api.startsWith("node:path:");
  if (first?.kind === "literal") return String(first.value).includes("/");
  return first?.kind === "template";
}
