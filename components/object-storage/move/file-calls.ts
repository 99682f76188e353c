/** Calls that open, look for, keep or take away files, and how they stand to the folders of uploads. */
import type { CallSite, Model, Service } from "../../../analyzers/model.ts";
import { argumentPaths, isInside, knownFolder } from "../../../analyzers/code/written-path.ts";

export interface FileCall {
  call: CallSite;
  /** `unlinkSync`, `sendFile`. */
  method: string;
  /** By the module it comes from: whether it answers at once, by promise, or by a callback. */
  answers: "at-once" | "by-promise" | "by-callback";
  /** `inside`: it may be a file of the folders. `around`: one of the folders or what holds it. `unknown`: any path. */
  relation: "inside" | "around" | "elsewhere" | "unknown";
}

const apis = ["node:fs:**", "node:fs/promises:**", "fs-extra:**", "sharp:**.toFile"];
const onAnswers = /^(download|sendFile|sendfile)$/;
const onUploads = /^mv$/;

export function fileCallsOf(model: Model, service: Service, folders: readonly string[]): FileCall[] {
  const ofFs = apis
    .flatMap((api) => model.usesOf(api))
    .map(({ api, call }) => ({ api, call, method: /[^.:]*$/.exec(api)?.[0] ?? "" }))
    // What hangs on an opened file is not a call with a path.
    .filter(({ api, call }) => (api.startsWith("sharp:") || !api.includes("()")) && isRunning(model, service, call));
  const ofMembers = memberCalls(model, service).map(({ call, method }) => ({ api: "", call, method }));
  const calls = new Map([...ofFs, ...ofMembers].map((each) => [each.call.id, each]));
  return [...calls.values()].map(({ api, call, method }) => ({
    call,
    method,
    answers: answersOf(api, method, call),
    relation: relationOf(pathsOf(model, call, method), folders),
  }));
}

function isRunning(model: Model, service: Service, { file }: CallSite): boolean {
  return ["server", "worker"].includes(model.context(file)) && model.service(file)?.root === service.root;
}

/** Calls on the answer and on files of express-fileupload, which come from nowhere that can be named. */
function memberCalls(model: Model, service: Service): { call: CallSite; method: string }[] {
  const hasUploads = service.dependencies["express-fileupload"] !== undefined;
  return model.repo.files.flatMap((file) => {
    const calls = model.service(file)?.root === service.root ? (model.summary(file)?.calls ?? []) : [];
    return calls.flatMap(({ callee }, index) => {
      const method = callee.kind === "member" ? callee.property : "";
      const isMeant = onAnswers.test(method) || (hasUploads && onUploads.test(method));
      const call = isMeant ? model.call(`${file}#${index}`) : null;
      return call === null || !isRunning(model, service, call) ? [] : [{ call, method }];
    });
  });
}

function answersOf(api: string, method: string, call: CallSite): FileCall["answers"] {
  if (method.endsWith("Sync")) return "at-once";
  if (/promises[.:]|^sharp:/.test(api)) return "by-promise";
  return api.startsWith("fs-extra:") && call.args.at(-1)?.kind !== "fn" ? "by-promise" : "by-callback";
}

/** Renaming and copying have two. */
function pathsOf(model: Model, call: CallSite, method: string): string[] {
  const second = /^(rename|copy|copyFile|move|cp|link|symlink)/.test(method) ? argumentPaths(model, call, 1) : [];
  return [...argumentPaths(model, call, 0), ...second];
}

function relationOf(paths: readonly string[], folders: readonly string[]): FileCall["relation"] {
  if (paths.some((path) => folders.some((folder) => mayBeInside(path, folder)))) return "inside";
  if (paths.length === 0 || paths.some((path) => knownFolder(path) === null && path !== ".")) return "unknown";
  return paths.some((path) => folders.some((folder) => isInside(folder, path))) ? "around" : "elsewhere";
}

function mayBeInside(path: string, folder: string): boolean {
  const known = knownFolder(path);
  if (known === null) return false;
  const isOpen = known !== path;
  return (isInside(known, folder) && (isOpen || path !== folder)) || (isOpen && isInside(folder, known));
}
