/** Copies a source tree into the lab: what belongs to the app, bounded in size, and nothing that leads out of the tree. */
import {
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
  rmSync,
  type Dirent,
} from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { LabError } from "../boot/lab-error.ts";

export interface CopyOptions {
  from: string;
  to: string;
  /** Files that differ from the disk: text, or null where the file does not exist. Relative to the root, with `/`. */
  changes: ReadonlyMap<string, string | null>;
  /** Folder names that are left out wherever they stand. */
  leaveOut: ReadonlySet<string>;
}

/** Made again by install and build, or of no use to a running app. */
export const madeFolders: readonly string[] = [
  "node_modules",
  ".git",
  ".hg",
  ".svn",
  ".next",
  ".nuxt",
  ".svelte-kit",
  ".turbo",
  ".cache",
  ".parcel-cache",
  "coverage",
];

const limits = { files: 100_000, bytes: 2 * 1024 ** 3, fileBytes: 256 * 1024 ** 2 };

/** Values of real deployments stand in these; examples of them (`.env.example`) are copied. */
const secretFile = /^\.env(?:\.(?!example$|sample$|template$|dist$|defaults?$)[\w.-]+)?$/;

interface Tally {
  files: number;
  bytes: number;
  notes: string[];
}

function isInside(root: string, file: string): boolean {
  const path = relative(root, file);
  return path !== "" && path !== ".." && !path.startsWith(`..${sep}`);
}

/** A link is copied as it is when it leads to something in the tree by a relative path. */
function copyLink(root: string, file: string, target: string, tally: Tally): void {
  const link = readlinkSync(file);
  try {
    const place = realpathSync(file);
    if (!link.startsWith("/") && isInside(realpathSync(root), place) && isInside(root, resolve(dirname(file), link))) {
      symlinkSync(link, target);
      return;
    }
  } catch {
    // Dangling or going round in a circle: left out as well.
  }
  tally.notes.push(`${relative(root, file)} is a link that leads out of the tree or nowhere; left out`);
}

function count(root: string, file: string, tally: Tally): boolean {
  const { size } = lstatSync(file);
  if (size > limits.fileBytes) {
    tally.notes.push(`${relative(root, file)} has more than ${limits.fileBytes / 1024 ** 2} MB; left out`);
    return false;
  }
  tally.files += 1;
  tally.bytes += size;
  if (tally.files <= limits.files && tally.bytes <= limits.bytes) return true;
  throw new LabError({
    what: "The tree is too large for a working copy",
    why: `It has more than ${limits.files} files or ${limits.bytes / 1024 ** 3} GB outside of node_modules and build output`,
    next: "Point at the app's own folder instead of the folder above it",
  });
}

function copyEntry(options: CopyOptions, entry: Dirent, folder: string, tally: Tally): void {
  const file = join(options.from, folder, entry.name);
  const target = join(options.to, folder, entry.name);
  if (entry.isSymbolicLink()) copyLink(options.from, file, target, tally);
  else if (entry.isDirectory()) {
    if (options.leaveOut.has(entry.name)) return;
    mkdirSync(target);
    for (const inner of readdirSync(file, { withFileTypes: true }))
      copyEntry(options, inner, join(folder, entry.name), tally);
  } else if (entry.isFile() && !secretFile.test(entry.name) && count(options.from, file, tally)) {
    copyFileSync(file, target, constants.COPYFILE_FICLONE);
  }
}

/** Copies the tree and lays the changes over it. Answers notes on what was left out. Throws `LabError` when it is too large. */
export function copyTree(options: CopyOptions): string[] {
  const tally: Tally = { files: 0, bytes: 0, notes: [] };
  mkdirSync(options.to, { recursive: true });
  for (const entry of readdirSync(options.from, { withFileTypes: true })) copyEntry(options, entry, "", tally);
  for (const [file, text] of options.changes) {
    const target = resolve(options.to, file);
    if (!isInside(options.to, target)) continue;
    rmSync(target, { force: true, recursive: true });
    if (text === null) continue;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return tally.notes;
}
