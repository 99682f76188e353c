/** What it takes to move the files of one folder: all that touches it, or the reasons why not. */
import { argumentPaths, isInside, knownFolder } from "../../../analyzers/code/written-path.ts";
import type { CallSite, Model, Service } from "../../../analyzers/model.ts";
import type { Change } from "./change.ts";
import { fileCallsOf, type FileCall } from "./file-calls.ts";
import { openedPaths } from "./file-values.ts";
import { familyOf, isOnFunctions } from "./families.ts";
import { handingOut, type HandingOut } from "./handing-out.ts";
import { nextRoutes, type NextRoute } from "./next-routes.ts";
import { meaningOf, otherReaders, serviceObstacle, untypedObstacle, type Obstacle } from "./obstacles.ts";
import { rewriteOf } from "./rewriting.ts";
import { servingOf } from "./serving.ts";
import { storingOf } from "./storing.ts";
import { storageOf, storagesOf, type Storage } from "./upload-folders.ts";

/** What is to be changed, before it is known how. */
export interface Outlook {
  folders: string[];
  storages: Storage[];
  handing: HandingOut[];
  /** Routes that are to hand the files out, where nothing in the app does so itself. */
  routes: NextRoute[];
  calls: FileCall[];
}

/** Whether the recipe sees nothing in the way. */
export function fixFor(model: Model, { id, file }: CallSite): "patch" | "brief" {
  const service = model.service(file);
  return service === null || "obstacles" in outlookFor(model, service, id) ? "brief" : "patch";
}

/** For the call that a finding is about: multer's, or one that writes a file. */
export function outlookFor(model: Model, service: Service, call: string | null): Outlook | { obstacles: Obstacle[] } {
  const whole = serviceObstacle(model, service);
  if (whole !== null) return { obstacles: [whole] };
  const storages = storagesOf(model, service);
  const begun = call === null ? null : foldersAt(model, storages, call);
  const at = call === null ? null : model.call(call);
  if (begun === null || begun.some((folder) => /^[$.]/.test(folder)))
    return { obstacles: [{ why: "which folder it is cannot be read from the code", at }] };
  const { folders, near } = widened(begun, storages);
  const untyped = near.length === 0 ? null : untypedObstacle(service, "@types/multer");
  if (untyped !== null) return { obstacles: [untyped] };
  const isNext = familyOf(model, service) === "next";
  const handing = isNext ? [] : handingOut(model, service, folders);
  if (!Array.isArray(handing)) return { obstacles: [handing] };
  const routes = isNext ? nextRoutes(model, service, folders) : [];
  if (!Array.isArray(routes)) return { obstacles: [routes] };
  const hasDisk = !isOnFunctions(model, service);
  const calls = fileCallsOf(model, service, folders).map((each) => ({
    each,
    meaning: meaningOf(model, each, hasDisk),
  }));
  const stuck = calls.flatMap(({ each, meaning }) => (meaning === "in-the-way" ? [onDisk(each)] : []));
  const readers = otherReaders(model, service, folders).map((reader) => ({
    why: "the file is opened from the disk",
    at: reader,
  }));
  if (stuck.length + readers.length > 0) return { obstacles: [...stuck, ...readers] };
  const opened = openedPaths(model, service, startsOf(calls.map(({ each }) => each)));
  if (opened.length > 0)
    return { obstacles: opened.map((place) => ({ why: "the file's path is passed on there", at: place })) };
  return {
    folders,
    handing,
    routes,
    storages: near,
    calls: calls.flatMap(({ each, meaning }) => (meaning === "rewritten" ? [each] : [])),
  };
}

function startsOf(calls: readonly FileCall[]): Map<string, Set<number>> {
  const starts = new Map<string, Set<number>>();
  for (const { call } of calls) starts.set(call.file, (starts.get(call.file) ?? new Set()).add(call.span.start));
  return starts;
}

function onDisk({ call, method }: FileCall): Obstacle {
  return { why: `\`${method}\` works on the file on the disk`, at: call };
}

function foldersAt(model: Model, storages: readonly Storage[], id: string): string[] | null {
  const storage = storageOf(model, storages, id);
  if (storage !== null) return storage.folders;
  const call = model.call(id);
  const folders = call === null ? [] : argumentPaths(model, call, 0).map(knownFolder);
  const known = folders.flatMap((folder) => folder ?? []);
  return known.length > 0 && known.length === folders.length ? known : null;
}

/** With the folders of every storage that writes into one of them or around it. */
function widened(begun: readonly string[], storages: readonly Storage[]): { folders: string[]; near: Storage[] } {
  let folders = [...new Set(begun)];
  for (;;) {
    const near = storages.filter((storage) =>
      storage.folders?.some((one) => folders.some((other) => areNear(one, other))),
    );
    const all = [...new Set([...folders, ...near.flatMap((storage) => storage.folders ?? [])])];
    if (all.length === folders.length) return { folders, near };
    folders = all;
  }
}

function areNear(one: string, other: string): boolean {
  return isInside(one, other) || isInside(other, one);
}

/** The changes themselves. */
export function changesFor(model: Model, outlook: Outlook): Change[] | { obstacles: Obstacle[] } {
  const obstacles: Obstacle[] = [];
  const changes: Change[] = [];
  const take = (found: Change | Obstacle | null, otherwise: Obstacle): void => {
    if (found === null) obstacles.push(otherwise);
    else if ("why" in found) obstacles.push(found);
    else changes.push(found);
  };
  for (const storage of outlook.storages)
    take(storingOf(model, storage), {
      why: "multer's options are written in a way that cannot be changed safely",
      at: storage.call,
    });
  for (const place of outlook.handing) {
    const found = servingOf(model, place);
    take(found, { why: "", at: null });
  }
  for (const each of outlook.calls) take(rewriteOf(model, each), onDisk(each));
  return obstacles.length > 0 ? { obstacles } : changes;
}
