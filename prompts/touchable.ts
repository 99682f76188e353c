/** Which files a task may change: those that its finding names, and new ones beside them. */
import { posix } from "node:path";
import type { Place } from "../analyzers/model.ts";
import type { Repo } from "../analyzers/repo/repo.ts";
import { isTestFile } from "../analyzers/services/file-roles.ts";

export interface Touchable {
  /** Files that are there. */
  files: readonly string[];
  /** Folders in which new files may be made. */
  newIn: readonly string[];
}

/** Where a component's files have their own place, whatever the code beside them. */
const homes: Readonly<Record<string, RegExp>> = {
  database: /(^|\/)(migrations|drizzle|changelog)$/,
};

export function touchable(repo: Repo, component: string, places: readonly Place[]): Touchable {
  const named = [...new Set(places.map(({ file }) => file))].filter((file) => repo.has(file) && !isTestFile(file));
  const examples = repo.files.filter((file) => /(^|\/)\.env\.(example|sample|template)$/.test(file));
  const folders = new Set(named.map((file) => posix.dirname(file)));
  for (const folder of ownFolders(repo, component)) folders.add(folder);
  return { files: [...named, ...examples], newIn: [...folders].sort() };
}

function ownFolders(repo: Repo, component: string): string[] {
  if (component === "ci-cd") return [".github/workflows"];
  const home = homes[component];
  if (home === undefined) return [];
  return [...new Set(repo.files.map((file) => posix.dirname(file)))].filter((folder) => home.test(folder));
}

/** Why a file may not be changed or made; null when it may. */
export function untouchable({ files, newIn }: Touchable, file: string, exists: boolean): string | null {
  if (exists) return files.includes(file) ? null : "it is not among the files of the task";
  if (isTestFile(file)) return "tests are not written by the one they judge";
  const folder = posix.dirname(file);
  return newIn.includes(folder) ? null : `no new file is made in ${folder === "." ? "the root" : folder}`;
}
