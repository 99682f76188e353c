/** The package.json files of a repo: parsed once at the door, what is malformed is noted and left out. */
import { posix } from "node:path";
import { z } from "zod";
import type { Repo, Skipped } from "../repo/repo.ts";

const strings = z
  .record(z.string(), z.unknown())
  .transform((entries): Record<string, string> =>
    Object.fromEntries(
      Object.entries(entries).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    ),
  )
  .catch({});

const text = z.string().nullable().catch(null).default(null);

const ManifestFields = z.object({
  name: text,
  type: text,
  main: text,
  packageManager: text,
  bin: z
    .union([z.string().transform((file) => [file]), strings.transform((entries) => Object.values(entries))])
    .catch([])
    .default([]),
  scripts: strings.default({}),
  dependencies: strings.default({}),
  devDependencies: strings.default({}),
  optionalDependencies: strings.default({}),
  engines: strings.default({}),
  volta: strings.default({}),
  workspaces: z
    .union([z.array(z.string()), z.object({ packages: z.array(z.string()) }).transform((entry) => entry.packages)])
    .catch([])
    .default([]),
  nodemonConfig: z.object({ exec: z.string() }).nullable().catch(null).default(null),
});

/** One package.json. `root` is its folder, `.` for the repo's root; `raw` is its text, for line numbers. */
export type Manifest = z.infer<typeof ManifestFields> & { file: string; root: string; raw: string };

const SAMPLE_FOLDER =
  /(^|\/)(node_modules|__fixtures__|fixtures|__mocks__|__tests__|testdata|templates?|boilerplates?)\//;

export interface Manifests {
  manifests: readonly Manifest[];
  problems: readonly Skipped[];
}

const known = new WeakMap<Repo, Manifests>();

/** Every package of the repo, the root first, then by folder; what could not be read is in `problems`. Read once per repo. */
export function readManifests(repo: Repo): Manifests {
  const found = known.get(repo) ?? read(repo);
  known.set(repo, found);
  return found;
}

function read(repo: Repo): Manifests {
  const manifests: Manifest[] = [];
  const problems: Skipped[] = [];
  for (const file of repo.files) {
    if (posix.basename(file) !== "package.json" || SAMPLE_FOLDER.test(file)) continue;
    const read = parseManifest(file, repo.read(file));
    if ("reason" in read) problems.push(read);
    else manifests.push(read);
  }
  manifests.sort((a, b) => a.root.split("/").length - b.root.split("/").length || (a.root < b.root ? -1 : 1));
  return { manifests: manifests.sort((a, b) => Number(b.root === ".") - Number(a.root === ".")), problems };
}

function parseManifest(file: string, raw: string | null): Manifest | Skipped {
  if (raw === null) return { file, reason: "package.json could not be read as text" };
  const json = parseJson(raw);
  if (json === undefined) return { file, reason: "package.json is not valid JSON" };
  const fields = ManifestFields.safeParse(json);
  if (!fields.success) return { file, reason: "package.json does not hold an object" };
  return { ...fields.data, file, root: posix.dirname(file), raw };
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

/** 1-based line of the first place where the text holds the needle; 1 when it does not. */
export function lineHolding(text: string, needle: string | RegExp): number {
  const at = typeof needle === "string" ? text.indexOf(needle) : text.search(needle);
  return at < 0 ? 1 : text.slice(0, at).split("\n").length;
}

/** Joins a folder of the repo and a path in it; `.` and `./` vanish. Null when it leads out of the repo. */
export function inFolder(folder: string, path: string): string | null {
  const joined = posix.normalize(posix.join(folder, path));
  return joined.startsWith("..") || joined.startsWith("/") ? null : joined;
}

/** Whether the file lies in the folder (`.` holds everything). */
export function isIn(folder: string, file: string): boolean {
  return folder === "." || file.startsWith(`${folder}/`);
}

/** Finds the deepest of the given folders' owners above a file, by walking up from it. */
export function ownerFinder<T extends { root: string }>(owners: readonly T[]): (file: string) => T | null {
  const byRoot = new Map(owners.map((owner) => [owner.root, owner]));
  return (file) => {
    for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
      const owner = byRoot.get(folder);
      if (owner !== undefined) return owner;
      if (folder === "." || folder === "/") return null;
    }
  };
}
