/** Moves the uploads of a service into a bucket, folder by folder: all that touches a folder, or nothing. */
import type { Model, Service } from "../../../analyzers/model.ts";
import type { Edit } from "../../../patches/edit.ts";
import { importOf } from "../../../patches/editors/import-of.ts";
import { addImport, type ImportWish } from "../../../patches/editors/imports.ts";
import type { Range, Source } from "../../../patches/editors/source.ts";
import { dropUnusedImports } from "../../../patches/editors/unused.ts";
import type { Templates } from "../../component.ts";
import type { Finding } from "../../finding.ts";
import { fileCallsOf } from "./file-calls.ts";
import { openedPaths } from "./file-values.ts";
import { meaningOf, otherReaders, serviceObstacle, type Obstacle } from "./obstacles.ts";
import { servingOf } from "./serving.ts";
import { notesFor, storeFiles, storeOf, type Store } from "./store-files.ts";
import { storingOf } from "./storing.ts";
import { rewriteOf } from "./taking-away.ts";
import { storageOf, storagesOf, type Storage } from "./upload-folders.ts";
import { isInside } from "../../../analyzers/code/written-path.ts";

export interface Moved {
  edits: Edit[];
  fixes: Finding[];
  stuck: { finding: Finding; obstacles: Obstacle[] }[];
  notes: string[];
}

/** One change of a file that needs one of the store's exports. */
interface Change {
  source: Source;
  name: string;
  removed: Range;
  edit: (local: string) => Edit;
}

export function moveUploads(service: Service, findings: readonly Finding[], model: Model, templates: Templates): Moved {
  const whole = serviceObstacle(model, service);
  const storages = storagesOf(model, service);
  const groups = grouped(storages);
  const changes: Change[] = [];
  const moved: Moved = { edits: [], fixes: [], stuck: [], notes: [] };
  const folders: string[] = [];
  for (const finding of findings) {
    const storage = finding.call === null ? null : storageOf(model, storages, finding.call);
    const group = groups.find((each) => storage !== null && each.includes(storage));
    if (group === undefined) moved.stuck.push({ finding, obstacles: whole === null ? [] : [whole] });
    else {
      const plan = whole === null ? planFor(model, service, group) : { obstacles: [whole] };
      if ("obstacles" in plan) moved.stuck.push({ finding, obstacles: plan.obstacles });
      else {
        moved.fixes.push(finding);
        changes.push(...plan.changes);
        folders.push(...plan.folders);
      }
    }
  }
  if (moved.fixes.length === 0) return moved;
  const store = storeOf(model, service);
  const roots = outermost(folders);
  const distinct = [...new Map(changes.map((each) => [`${each.source.file} ${each.removed.start}`, each])).values()];
  const names = new Set(distinct.map(({ name }) => name));
  return {
    ...moved,
    edits: [...storeFiles(model, service, store, { names, folders: roots }, templates), ...changesIn(distinct, store)],
    notes: notesFor(service, roots),
  };
}

/** Storages that write into each other's folders go together. */
function grouped(storages: readonly Storage[]): Storage[][] {
  const groups: Storage[][] = [];
  for (const storage of storages) {
    const near = groups.filter((group) => group.some((each) => areNear(each, storage)));
    for (const group of near) groups.splice(groups.indexOf(group), 1);
    groups.push([...near.flat(), storage]);
  }
  return groups;
}

function areNear({ folders: a }: Storage, { folders: b }: Storage): boolean {
  return (a ?? []).some((one) => (b ?? []).some((other) => isInside(one, other) || isInside(other, one)));
}

function outermost(folders: readonly string[]): string[] {
  const all = [...new Set(folders)];
  return all.filter((folder) => !all.some((other) => other !== folder && isInside(folder, other)));
}

type Plan = { changes: Change[]; folders: string[] } | { obstacles: Obstacle[] };

function planFor(model: Model, service: Service, group: readonly Storage[]): Plan {
  const folders = [...new Set(group.flatMap((storage) => storage.folders ?? []))];
  const unread = group.filter(
    (storage) => storage.folders === null || storage.folders.some((folder) => folder.startsWith("$")),
  );
  if (unread.length > 0)
    return { obstacles: unread.map(({ call }) => ({ why: "the folder cannot be read from the code", at: call })) };
  const serving = servingOf(model, service, folders);
  if (serving.kind === "obstacle") return { obstacles: [serving] };
  const touching = touchesOf(model, service, folders);
  if ("obstacles" in touching) return touching;
  const stored = group.map((storage) => storingOf(model, storage));
  const changes = stored.flatMap((each) => (each === null ? [] : [{ ...each, name: "BucketStorage" }]));
  if (changes.length < stored.length)
    return {
      obstacles: [
        { why: "multer's options are written in a way that cannot be changed safely", at: group[0]?.call ?? null },
      ],
    };
  const served = serving.places.map(({ source, edit, at }) => ({
    source,
    edit,
    name: "storedFiles",
    removed: { start: at, end: at },
  }));
  return { folders, changes: [...changes, ...served, ...touching.changes] };
}

function touchesOf(
  model: Model,
  service: Service,
  folders: readonly string[],
): { changes: Change[] } | { obstacles: Obstacle[] } {
  const obstacles: Obstacle[] = [];
  const changes: Change[] = [];
  const calls = fileCallsOf(model, service, folders);
  const known = new Map<string, Set<number>>();
  for (const each of calls) {
    const { call, method } = each;
    known.set(call.file, (known.get(call.file) ?? new Set()).add(call.span.start));
    const meaning = meaningOf(model, each);
    if (meaning === "harmless") continue;
    const rewrite = meaning === "in-the-way" ? null : rewriteOf(model, each);
    if (rewrite === null) obstacles.push({ why: `\`${method}\` works on the file on the disk`, at: call });
    else changes.push(rewrite);
  }
  for (const call of otherReaders(model, service, folders))
    obstacles.push({ why: "the file is opened from the disk", at: call });
  for (const at of openedPaths(model, service, known))
    obstacles.push({ why: "the file's path is passed on there", at });
  return obstacles.length > 0 ? { obstacles } : { changes };
}

/** All changes of the app's own files, with one set of imports for each. */
function changesIn(changes: readonly Change[], store: Store): Edit[] {
  return [...new Set(changes.map(({ source }) => source))].flatMap((source) => {
    const own = changes.filter((change) => change.source === source);
    const wishes: ImportWish[] = [];
    const edits = own.map(({ name, edit }) => {
      const file = name === "BucketStorage" ? store.storage : name === "storedFiles" ? store.serving : store.bucket;
      const { name: local, wish } = importOf(source, { file, exported: name, local: name });
      if (wish !== null) wishes.push(wish);
      return edit(local);
    });
    const dropped = dropUnusedImports(
      source,
      own.map(({ removed }) => removed),
    );
    return [...addImport(source, ...wishes), ...dropped, ...edits];
  });
}
