/** The packages of the repo's own: names, entry points, `exports`, `imports` and aliases, as their package.json says. */
import { posix } from "node:path";
import { z } from "zod";
import type { Repo } from "../repo/repo.ts";

const Text = z.string().optional().catch(undefined);
const Manifest = z.object({
  name: Text,
  main: Text,
  module: Text,
  source: Text,
  types: Text,
  exports: z.unknown().optional(),
  imports: z.unknown().optional(),
  _moduleAliases: z.record(z.string(), z.string()).optional().catch(undefined),
  dependencies: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
type Manifest = z.infer<typeof Manifest>;

export interface Package {
  folder: string;
  manifest: Manifest;
}

export interface Packages {
  byName: ReadonlyMap<string, Package>;
  at(folder: string): Package | null;
  /** The package whose folder holds the file, the nearest first. */
  around(file: string): Package[];
}

/** Order in which the conditions of an `exports` target are tried: what leads to source first. */
const CONDITIONS = ["source", "development", "import", "node", "module", "require", "default", "types"];

export function readPackages(repo: Repo): Packages {
  const byFolder = new Map<string, Package>();
  const byName = new Map<string, Package>();
  for (const file of repo.files) {
    if (posix.basename(file) !== "package.json") continue;
    const manifest = Manifest.safeParse(parsed(repo.read(file))).data;
    if (manifest === undefined) continue;
    const found = { folder: posix.dirname(file), manifest };
    byFolder.set(found.folder, found);
    // `npm init` in a folder called express names the app express; what it imports by that name is the dependency.
    const isDependency = manifest.name !== undefined && Object.hasOwn(manifest.dependencies ?? {}, manifest.name);
    if (manifest.name !== undefined && !isDependency && !byName.has(manifest.name)) byName.set(manifest.name, found);
  }
  const at = (folder: string) => byFolder.get(folder) ?? null;
  const around = new Map<string, Package[]>();
  return {
    byName,
    at,
    around: (file) => {
      const own = posix.dirname(file);
      const found = around.get(own) ?? foldersAround(file).flatMap((folder) => at(folder) ?? []);
      around.set(own, found);
      return found;
    },
  };
}

/** Folder of the file and every folder above it, `.` last. */
export function foldersAround(file: string): string[] {
  const folders: string[] = [];
  for (let folder = posix.dirname(file); ; folder = posix.dirname(folder)) {
    folders.push(folder);
    if (folder === "." || folder === "/") return folders;
  }
}

/** Targets that an `exports` or `imports` map gives for a key, best first, with `*` filled in. */
export function targetsFor(map: unknown, key: string): string[] {
  if (!isRecord(map)) return key === "." ? conditional(map) : [];
  if (!Object.keys(map).some((each) => each.startsWith(".") || each.startsWith("#"))) {
    return key === "." ? conditional(map) : [];
  }
  if (map[key] !== undefined) return conditional(map[key]);
  for (const [pattern, target] of Object.entries(map)) {
    const filled = matchStar(pattern, key);
    if (filled !== null) return conditional(target).map((each) => each.replaceAll("*", filled));
  }
  return [];
}

/** What `*` stands for when the key fits the pattern; null when it does not. */
export function matchStar(pattern: string, key: string): string | null {
  const star = pattern.indexOf("*");
  if (star < 0) return null;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  if (key.length < before.length + after.length || !key.startsWith(before) || !key.endsWith(after)) return null;
  return key.slice(before.length, key.length - after.length);
}

function conditional(target: unknown, depth = 0): string[] {
  if (typeof target === "string") return [target];
  if (depth > 5) return [];
  if (Array.isArray(target)) return target.flatMap((each) => conditional(each, depth + 1));
  if (!isRecord(target)) return [];
  return CONDITIONS.flatMap((condition) => conditional(target[condition], depth + 1));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse((text ?? "").replace(/^\uFEFF/, ""));
  } catch {
    return null;
  }
}
