/** Reading and swapping single files below a root, never through a symbolic link. */
import { lstat, mkdir, open, readFile, rename, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unsafePath } from "../paths.ts";

/** What stands at a path: nothing, a plain file, or something that is refused. */
export type Standing =
  | { kind: "nothing" }
  | { kind: "file"; bytes: Buffer; mode: number }
  | { kind: "refused"; reason: string };

export async function standing(root: string, path: string): Promise<Standing> {
  const unsafe = unsafePath(path);
  if (unsafe !== null) return { kind: "refused", reason: unsafe };
  const parts = path.split("/");
  for (const [index, part] of parts.entries()) {
    const here = join(root, ...parts.slice(0, index), part);
    const stats = await lstat(here).catch(() => null);
    const last = index === parts.length - 1;
    if (stats === null) return { kind: "nothing" };
    const name = parts.slice(0, index + 1).join("/");
    if (stats.isSymbolicLink())
      return { kind: "refused", reason: `${name} is a symbolic link; patches do not write through links` };
    if (!last && !stats.isDirectory()) return { kind: "refused", reason: `${name} is not a folder` };
    if (last && !stats.isFile()) return { kind: "refused", reason: `${name} is not a plain file` };
    if (last) return { kind: "file", bytes: await readFile(here), mode: stats.mode & 0o7777 };
  }
  return { kind: "nothing" };
}

/** Folders on the way to these paths that are not there yet, outermost first. */
export async function missingFolders(root: string, paths: readonly string[]): Promise<string[]> {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split("/").slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth += 1) folders.add(parts.slice(0, depth).join("/"));
  }
  const missing: string[] = [];
  for (const folder of folders) if ((await lstat(join(root, folder)).catch(() => null)) === null) missing.push(folder);
  return missing.sort((a, b) => a.length - b.length);
}

/** A file beside the target with its new contents, on disk before anything is swapped. */
export async function stage(
  root: string,
  path: string,
  temporary: string,
  bytes: Buffer,
  mode: number | null,
): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  const file = beside(root, path, temporary);
  await rm(file, { force: true });
  const handle = await open(file, "wx", mode ?? 0o666);
  try {
    await handle.writeFile(bytes);
    if (mode !== null) await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Puts the staged file in the target's place, in one step. */
export async function swap(root: string, path: string, temporary: string): Promise<void> {
  await rename(beside(root, path, temporary), join(root, path));
}

export async function remove(root: string, path: string): Promise<void> {
  await rm(join(root, path), { force: true });
}

export async function removeStaged(root: string, path: string, temporary: string): Promise<void> {
  await rm(beside(root, path, temporary), { force: true });
}

/** Removes folders that are empty, innermost first; others stay. */
export async function removeEmpty(root: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders.toReversed()) await rmdir(join(root, folder)).catch(() => null);
}

/** Brings renames to the disk; not every system can sync a folder, and then there is nothing to do. */
export async function flushFolders(root: string, paths: readonly string[]): Promise<void> {
  for (const folder of new Set(paths.map((path) => dirname(join(root, path))))) {
    const handle = await open(folder, "r").catch(() => null);
    await handle?.sync().catch(() => null);
    await handle?.close();
  }
}

function beside(root: string, path: string, temporary: string): string {
  return join(dirname(join(root, path)), temporary);
}
