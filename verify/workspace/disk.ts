/** A disk of its own for one process: the working copy as it was prepared, with the packages shared. */
import { cpSync, rmSync, symlinkSync } from "node:fs";
import { basename, join, relative } from "node:path";

/** Copies the tree anew; what a process left there before is gone, as on hosts that start with a fresh disk. */
export function freshDisk(root: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  const shared: string[] = [];
  cpSync(root, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter(path) {
      if (basename(path) !== "node_modules") return true;
      shared.push(path);
      return false;
    },
  });
  for (const path of shared) symlinkSync(path, join(to, relative(root, path)));
}
