/** Package manager, lockfile and Node version of a package, each from the strongest source that speaks. */
import { posix } from "node:path";
import type { Service } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import type { Dockerfile } from "./container-files.ts";
import { inFolder, type Manifest } from "./manifest.ts";

type PackageManager = NonNullable<Service["packageManager"]>;

const LOCKFILES: readonly (readonly [string, PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
];
const MARKERS: readonly (readonly [string, PackageManager])[] = [
  ["pnpm-workspace.yaml", "pnpm"],
  [".pnpmfile.cjs", "pnpm"],
  [".yarnrc.yml", "yarn"],
  [".yarnrc", "yarn"],
  ["bunfig.toml", "bun"],
  [".npmrc", "npm"],
];

/** `packageManager` field, then lockfile, then settings files; at the package, then at the folders above it. npm when only package.json speaks. */
export function findPackageManager(
  repo: Repo,
  manifest: Manifest,
  above: readonly Manifest[],
): Pick<Service, "packageManager" | "lockfile"> {
  const folders = [manifest.root, ...above.map((each) => each.root)];
  const declared = [manifest, ...above].map((each) => declaredManager(each)).find((name) => name !== null) ?? null;
  const lock = firstPresent(
    repo,
    folders,
    LOCKFILES.toSorted((a, b) => Number(b[1] === declared) - Number(a[1] === declared)),
  );
  const marker = firstPresent(repo, folders, MARKERS);
  return { packageManager: declared ?? lock?.manager ?? marker?.manager ?? "npm", lockfile: lock?.file ?? null };
}

function declaredManager(manifest: Manifest): PackageManager | null {
  const name = manifest.packageManager?.split("@")[0];
  return LOCKFILES.find(([, manager]) => manager === name)?.[1] ?? null;
}

function firstPresent(repo: Repo, folders: readonly string[], names: readonly (readonly [string, PackageManager])[]) {
  for (const folder of folders) {
    for (const [name, manager] of names) {
      const file = inFolder(folder, name);
      if (file !== null && isPresent(repo, file)) return { file, manager };
    }
  }
  return null;
}

/** Binary lockfiles and large ones may stand among the skipped files: they are there all the same. */
function isPresent(repo: Repo, file: string): boolean {
  return repo.has(file) || repo.skipped.some((each) => each.file === file);
}

/** engines, version files, volta, Dockerfile; as written (`>=20`, `22`, `20.11.0-alpine` without its variant). */
export function findNodeVersion(
  repo: Repo,
  manifest: Manifest,
  above: readonly Manifest[],
  dockerfiles: readonly Dockerfile[],
): string | null {
  const packages = [manifest, ...above];
  const engine = packages.map((each) => each.engines["node"] ?? null).find((version) => version !== null);
  if (engine !== undefined && engine !== null) return engine;
  const pinned = packages.flatMap((each) => versionFile(repo, each.root) ?? each.volta["node"] ?? [])[0];
  const image = dockerfiles.find((each) => each.nodeVersion !== null)?.nodeVersion;
  return pinned ?? image ?? null;
}

function versionFile(repo: Repo, folder: string): string | null {
  for (const name of [".nvmrc", ".node-version"]) {
    const line = repo.read(posix.join(folder, name))?.trim().split(/\s/)[0];
    if (line !== undefined && /^(v?\d[\w.]*|lts\/[\w*-]+)$/.test(line)) return line.replace(/^v/, "");
  }
  return /^nodejs\s+(\d[\w.]*)/m.exec(repo.read(posix.join(folder, ".tool-versions")) ?? "")?.[1] ?? null;
}
