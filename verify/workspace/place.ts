/** Where an app's packages are installed, and by which package manager. */
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { readPackage } from "./package-json.ts";

export type Manager = "npm" | "pnpm" | "yarn" | "bun";

const lockfiles: readonly [string, Manager][] = [
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
];

export interface InstallPlace {
  /** Folder in which the package manager is run: the nearest with a lockfile, from the service up to the root. */
  folder: string;
  lockfile: string | null;
  manager: Manager;
}

/** `root` and `service` are folders on the disk, the second within the first. */
export function placeOf(root: string, service: string): InstallPlace {
  for (let folder = service; ; folder = join(folder, "..")) {
    const found = lockfiles.find(([name]) => existsSync(join(folder, name)));
    if (found) return { folder, lockfile: found[0], manager: found[1] };
    if (relative(root, folder) === "") break;
  }
  const hasWorkspaces = "workspaces" in readPackage(root);
  return { folder: hasWorkspaces ? root : service, lockfile: null, manager: "npm" };
}
