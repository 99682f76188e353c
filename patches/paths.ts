/** Which paths a patch may touch: files inside the tree, and nothing through a link or around the list. */
import type { Repo } from "../analyzers/repo/repo.ts";
import type { Edit } from "./edit.ts";

/** Why a path is refused whatever the tree holds; null when it is a plain path below the root. */
export function unsafePath(file: string): string | null {
  if (file === "" || file.includes("\0")) return "the path is empty or has a NUL character";
  if (file.startsWith("/") || /^[a-zA-Z]:/.test(file) || file.includes("\\"))
    return "the path is not relative to the app's folder";
  const parts = file.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    return "the path leaves the app's folder or is not in plain form";
  if (parts.some((part) => part.toLowerCase() === ".git")) return "git's own folder is not touched";
  return null;
}

/** Why the edits may not touch this path of the repo; null when they may. */
export function pathProblem(repo: Repo, file: string, edits: readonly Edit[]): string | null {
  const unsafe = unsafePath(file);
  if (unsafe !== null || repo.has(file)) return unsafe;
  const skipped = repo.skipped.find((entry) => entry.file === file || file.startsWith(`${entry.file}/`));
  if (skipped !== undefined) return `it is there but was not read: ${skipped.reason}`;
  return edits.every((edit) => edit.kind === "remove") ? null : newFileProblem(repo, file);
}

function newFileProblem(repo: Repo, file: string): string | null {
  const folders = file
    .split("/")
    .slice(0, -1)
    .map((_, index, parts) => parts.slice(0, index + 1).join("/"));
  const inTheWay = folders.find((folder) => repo.has(folder));
  if (inTheWay !== undefined) return `${inTheWay} is a file, not a folder`;
  const lower = file.toLowerCase();
  for (const other of repo.files) {
    if (other.startsWith(`${file}/`)) return "a folder of this name is already there";
    if (other.toLowerCase() === lower) return `${other} differs from it only in upper and lower case`;
  }
  return null;
}
