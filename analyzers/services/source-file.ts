/** From the file that a command names (`dist/index.js`) to the source file that a person edits (`src/index.ts`). */
import { posix } from "node:path";
import { parse } from "jsonc-parser";
import type { Repo } from "../repo/repo.ts";
import { record } from "./container-files.ts";
import { inFolder, isIn } from "./manifest.ts";

/** Where a compiler reads and writes, both relative to the repo. `rootDir` null: not said. */
interface Emission {
  outDir: string;
  rootDir: string | null;
}

const EXTENSIONS = [".ts", ".js", ".mts", ".cts", ".mjs", ".cjs", ".tsx", ".jsx"];
const SOURCE_OF: Record<string, string[]> = {
  ".js": [".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs"],
  ".mjs": [".mts", ".ts", ".mjs", ".js"],
  ".cjs": [".cts", ".ts", ".cjs", ".js"],
};
/** Where bundlers and compilers put their output by convention (tsup, esbuild, nest, babel, vite-node). */
const OUTPUT_FOLDERS = ["dist", "build", "out", "lib", "output", ".build", "bin"];
const SOURCE_FOLDERS = ["src", "", "app", "server", "source", "server/src", "scripts"];
/** The compiler's settings files by the names in use, those for building first. */
const TSCONFIGS = ["build", "prod", "production", "server", "", "app", "node", "release"].map((name) =>
  name === "" ? "tsconfig.json" : `tsconfig.${name}.json`,
);
const MAX_EXTENDS = 5;

/** The source of a file named by a command run in `folder`; null when nothing in the repo matches. */
export function sourceFile(repo: Repo, folder: string, named: string): string | null {
  const file = inFolder(folder, named.replace(/[*?].*$/, ""));
  if (file === null || file === ".") return null;
  for (const { outDir, rootDir } of emissions(repo, folder)) {
    if (outDir === "." || !isIn(outDir, file)) continue;
    const source = compiledFrom(
      repo,
      posix.relative(outDir, file),
      rootDir === null ? guesses(folder) : [rootDir, ...guesses(folder)],
    );
    if (source !== null) return source;
  }
  return existing(repo, file) ?? byConvention(repo, folder, file);
}

/** The folder that compiled files go to, relative to the package; null when the source runs as it is. */
export function outputFolder(repo: Repo, folder: string): string | null {
  const outDir = emissions(repo, folder)[0]?.outDir;
  return outDir === undefined || outDir === folder ? null : posix.relative(folder, outDir) || null;
}

/**
 * Where the TypeScript compiler writes `source`, relative to the package's folder, when it compiles the `program` with the
 * settings that compile without a `-p`. Without a `rootDir` the output starts at the folder that all of the program has in
 * common, so one import from above the source folder moves everything. Null where it writes nowhere known.
 */
export function compiledFile(repo: Repo, folder: string, source: string, program: readonly string[]): string | null {
  const settings = inFolder(folder, "tsconfig.json");
  if (settings === null || !repo.has(settings)) return null;
  const { outDir, rootDir } = compilerOptions(repo, settings, 0);
  if (outDir === null) return null;
  const from = rootDir ?? commonFolder([source, ...program]);
  if (from !== "." && !isIn(from, source)) return null;
  const written = source.replace(/\.([cm]?)tsx?$/, ".$1js");
  return posix.relative(folder, posix.join(outDir, posix.relative(from, written)));
}

function commonFolder(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => posix.dirname(file).split("/"));
  const shared = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  return (shared < 0 ? first : first.slice(0, shared)).join("/") || ".";
}

function byConvention(repo: Repo, folder: string, file: string): string | null {
  for (const name of OUTPUT_FOLDERS) {
    const outDir = inFolder(folder, name);
    if (outDir === null || !isIn(outDir, file)) continue;
    return compiledFrom(repo, posix.relative(outDir, file), guesses(folder));
  }
  return null;
}

function guesses(folder: string): string[] {
  return SOURCE_FOLDERS.flatMap((name) => inFolder(folder, name) ?? []);
}

/** Looks for the compiled file's source below each folder, also with the source folder's own name kept in the output (`dist/src/x.js`). */
function compiledFrom(repo: Repo, rest: string, folders: string[]): string | null {
  for (const folder of folders) {
    const source =
      existing(repo, inFolder(folder, rest)) ?? existing(repo, inFolder(folder, rest.replace(/^src\//, "")));
    if (source !== null) return source;
  }
  return null;
}

/** The file itself, with a source extension instead of its own, with one added, or as a folder's index. */
function existing(repo: Repo, file: string | null): string | null {
  if (file === null) return null;
  if (repo.has(file)) return file;
  const extension = posix.extname(file);
  const swapped = (SOURCE_OF[extension] ?? []).map((each) => file.slice(0, -extension.length) + each);
  const added = EXTENSIONS.map((each) => file + each);
  const index = EXTENSIONS.map((each) => posix.join(file, `index${each}`));
  return [...swapped, ...added, ...index].find((each) => repo.has(each)) ?? null;
}

const emissionsByRepo = new WeakMap<Repo, Map<string, Emission[]>>();

function emissions(repo: Repo, folder: string): Emission[] {
  const byFolder = emissionsByRepo.get(repo) ?? new Map<string, Emission[]>();
  emissionsByRepo.set(repo, byFolder);
  const found = byFolder.get(folder) ?? emissionsIn(repo, folder);
  byFolder.set(folder, found);
  return found;
}

function emissionsIn(repo: Repo, folder: string): Emission[] {
  return TSCONFIGS.flatMap((name) => {
    const file = inFolder(folder, name);
    if (file === null || !repo.has(file)) return [];
    const { outDir, rootDir } = compilerOptions(repo, file, 0);
    return outDir === null ? [] : [{ outDir, rootDir }];
  });
}

function compilerOptions(repo: Repo, file: string, depth: number): { outDir: string | null; rootDir: string | null } {
  const parsed: unknown = parse(repo.read(file) ?? "");
  const config = record(parsed);
  const base = typeof config["extends"] === "string" && config["extends"].startsWith(".") ? config["extends"] : null;
  const parent =
    base === null
      ? null
      : (existing(repo, inFolder(posix.dirname(file), base)) ?? inFolder(posix.dirname(file), `${base}.json`));
  const inherited =
    parent === null || depth > MAX_EXTENDS ? { outDir: null, rootDir: null } : compilerOptions(repo, parent, depth + 1);
  const options = record(config["compilerOptions"]);
  if (options["noEmit"] === true) return { outDir: null, rootDir: null };
  const path = (value: unknown) =>
    typeof value === "string" ? (inFolder(posix.dirname(file), value)?.replace(/\/$/, "") ?? null) : null;
  return {
    outDir: path(options["outDir"]) ?? inherited.outDir,
    rootDir: path(options["rootDir"]) ?? inherited.rootDir,
  };
}
