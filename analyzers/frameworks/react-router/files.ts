/** Routes by file name, in the three conventions in use: flat files, folders with a `+`, and a folder for each segment. */
import { posix } from "node:path";
import type { FileNode } from "../../link/program.ts";
import type { Module } from "./module.ts";
import { segmentsOf, type Segment } from "./segments.ts";

/**
 * `flat`: React Router's own, files and folders with a `route` file side by side. `plus`: remix-flat-routes, where a folder
 * `users+` stands for a first part of its files' names. `folders`: react-router-auto-routes, every folder is a segment.
 * `own`: code of the app walks through the folder; every folder is a segment, which its files may begin with once more.
 */
export type Convention = "flat" | "plus" | "folders" | "own";

interface Named {
  file: FileNode;
  segments: readonly Segment[];
  isIndex: boolean;
}

const ENDING = /\.[jt]sx?$/;
const NO_ROUTE = /(^|\/)(__[^/]*|\.[^/]*)$|\.(server|client|test|spec)\.[jt]sx?$|\.d\.ts$/;

/** `root`: the folder of route files. */
export function modulesByName(files: readonly FileNode[], root: string, convention: Convention): Module[] {
  const named = files.flatMap((file) => {
    const below = posix.relative(root, file.path);
    if (below.startsWith("..") || !ENDING.test(below) || NO_ROUTE.test(below)) return [];
    const found = nameOf(below.replace(ENDING, ""), convention);
    return found === null ? [] : [{ file, ...found }];
  });
  const byKey = new Map(named.map((each) => [keyOf(each), each]));
  return named.map((each) => moduleOf(each, named, byKey));
}

function nameOf(stem: string, convention: Convention): Omit<Named, "file"> | null {
  const folders = stem.split("/");
  const last = folders.pop() ?? "";
  const name =
    convention === "folders"
      ? nameInFolders(folders, last)
      : convention === "own"
        ? nameOfOwn(folders, last)
        : convention === "plus"
          ? nameWithPlus(folders, last)
          : nameOfFlat(folders, last);
  if (name === null) return null;
  const segments = segmentsOf(name);
  const end = segments.at(-1)?.raw ?? "";
  const isIndex = end === "_index" || (convention !== "flat" && end === "index");
  const isFolder =
    convention !== "flat" && /^(_?layout|_?route|page)$/.test(end) && /(^|[./])(_?layout|_?route|page)$/.test(name);
  return { segments: isIndex || isFolder ? segments.slice(0, -1) : segments, isIndex };
}

/** `users.$id/route.tsx` is `users.$id.tsx`. */
function nameOfFlat(folders: readonly string[], last: string): string | null {
  const [folder] = folders;
  if (folder === undefined) return last;
  return folders.length === 1 && (last === "route" || last === "index") ? folder : null;
}

/** `users+/$id.tsx` is `users.$id.tsx`; in a folder without a `+` only its own route file counts. */
function nameWithPlus(folders: readonly string[], last: string): string | null {
  const names: string[] = [];
  for (const [index, folder] of folders.entries()) {
    if (folder.endsWith("+")) {
      names.push(folder.slice(0, -1));
      continue;
    }
    const isOwn = index === folders.length - 1 && /^(_?index|_?route|_?layout|page|_.*)$/.test(last);
    return isOwn ? [...names, folder, last === "_index" || last === "index" ? last : "route"].join("/") : null;
  }
  return [...names, last.replace(/\.route$/, "")].join("/");
}

/** A folder that begins with a `+` holds what is no route. */
function nameInFolders(folders: readonly string[], last: string): string | null {
  return folders.some((folder) => folder.startsWith("+")) || last.startsWith("+") ? null : [...folders, last].join("/");
}

/** `users/users.$id.tsx` is `users/$id.tsx`, `users/users.tsx` the frame around both. */
function nameOfOwn(folders: readonly string[], last: string): string {
  const folder = folders.at(-1) ?? "";
  const own = last === folder ? "" : last.startsWith(`${folder}.`) ? last.slice(folder.length + 1) : last;
  return [...folders, ...(own === "" ? [] : [own])].join("/");
}

function keyOf({ segments, isIndex }: Omit<Named, "file">): string {
  return segments.map(({ raw }) => raw).join("/") + (isIndex ? "/(index)" : "");
}

function moduleOf(own: Named, all: readonly Named[], byKey: ReadonlyMap<string, Named>): Module {
  const { file, segments, isIndex } = own;
  const key = keyOf({ segments, isIndex: false });
  const lengths = Array.from({ length: isIndex ? segments.length + 1 : segments.length }, (_, length) => length);
  const around = lengths.flatMap(
    (length) => byKey.get(keyOf({ segments: segments.slice(0, length), isIndex: false })) ?? [],
  );
  return {
    file,
    path: `/${segments.flatMap(({ path }) => path ?? []).join("/")}`,
    isPathless: !isIndex && segments.at(-1)?.path === null,
    hasIndex: !isIndex && all.some((each) => each.isIndex && keyOf({ ...each, isIndex: false }) === key),
    around: around.filter((each) => each !== own).map((each) => each.file),
  };
}
