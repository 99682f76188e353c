/** Moves the files of a service into a bucket, folder by folder: all that touches a folder, or nothing. */
import { isInside } from "../../../analyzers/code/written-path.ts";
import type { Model, Service } from "../../../analyzers/model.ts";
import type { Edit } from "../../../patches/edit.ts";
import { aliasedSpecifier } from "../../../patches/editors/aliased.ts";
import { importOf } from "../../../patches/editors/import-of.ts";
import { addImport, type ImportWish } from "../../../patches/editors/imports.ts";
import { dropUnusedImports } from "../../../patches/editors/unused.ts";
import type { Templates } from "../../component.ts";
import type { Finding } from "../../finding.ts";
import type { Change } from "./change.ts";
import type { Obstacle } from "./obstacles.ts";
import { familyOf } from "./families.ts";
import { changesFor, outlookFor } from "./plan.ts";
import { notesFor, storeFiles, storeOf, type Store } from "./store-files.ts";

export interface Moved {
  edits: Edit[];
  fixes: Finding[];
  stuck: { finding: Finding; obstacles: Obstacle[] }[];
  notes: string[];
}

export function moveFiles(service: Service, findings: readonly Finding[], model: Model, templates: Templates): Moved {
  const changes: Change[] = [];
  const folders: string[] = [];
  const routes = new Set<string>();
  const moved: Moved = { edits: [], fixes: [], stuck: [], notes: [] };
  for (const finding of findings) {
    const outlook = outlookFor(model, service, finding.call);
    const found = "obstacles" in outlook ? outlook : changesFor(model, outlook);
    if ("obstacles" in found) moved.stuck.push({ finding, obstacles: found.obstacles });
    else {
      moved.fixes.push(finding);
      changes.push(...found);
      if (!("obstacles" in outlook)) {
        folders.push(...outlook.folders);
        for (const { file } of outlook.routes) routes.add(file);
      }
    }
  }
  if (moved.fixes.length === 0) return moved;
  const roots = outermost(folders);
  const family = familyOf(model, service);
  if (typeof family !== "string") return moved;
  const store = storeOf(model, service, family);
  const distinct = [...new Map(changes.map((each) => [keyOf(each), each])).values()];
  const names = new Set(distinct.map(({ name }) => name));
  return {
    ...moved,
    edits: [
      ...storeFiles(model, service, store, { names, folders: roots, routes: [...routes] }, templates),
      ...changesIn(model, distinct, store),
    ],
    notes: notesFor(model, service, roots),
  };
}

/** Two folders may be touched by one call, and two changes may stand at one place. */
function keyOf({ source, name, edit, once }: Change): string {
  return `${source.file} ${once ?? JSON.stringify(edit(name))}`;
}

function outermost(folders: readonly string[]): string[] {
  const all = [...new Set(folders)];
  return all.filter((folder) => !all.some((other) => other !== folder && isInside(folder, other)));
}

/** All changes of the app's own files, with one set of imports for each. */
function changesIn(model: Model, changes: readonly Change[], store: Store): Edit[] {
  return [...new Set(changes.map(({ source }) => source))].flatMap((source) => {
    const own = changes.filter((change) => change.source === source);
    const wishes: ImportWish[] = [];
    const edits = own.flatMap(({ name, edit }) => {
      const { name: local, wish } = importOf(source, { file: fileOf(store, name), exported: name, local: name });
      const alias = aliasedSpecifier(model.repo, source, fileOf(store, name));
      if (wish !== null) wishes.push({ ...wish, from: alias ?? wish.from });
      return edit(local);
    });
    const dropped = dropUnusedImports(
      source,
      own.flatMap(({ removed }) => removed),
    );
    return [...addImport(source, ...wishes), ...dropped, ...edits];
  });
}

function fileOf({ storage, serving, bucket }: Store, name: Change["name"]): string {
  return name === "BucketStorage" ? storage : name === "storedFiles" ? serving : bucket;
}
