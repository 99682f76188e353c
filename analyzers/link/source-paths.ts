/** From a path as code writes it to the source file it means: extensions, index files, compiled folders, wrong case. */
import { posix } from "node:path";
import type { Repo } from "../repo/repo.ts";
import { once } from "./lazy.ts";

const EXTENSIONS = [".ts", ".tsx", ".js", ".jsx", ".mts", ".cts", ".mjs", ".cjs"];
/** What a compiler turns into the extension that is written. */
const WRITTEN_FOR: Record<string, readonly string[]> = {
  ".js": [".ts", ".tsx", ".jsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};
const COMPILED = /^(\.\/)?(dist|build|lib|out|output|compiled|\.?output)(?=\/|$)/;

export interface SourcePaths {
  /** The file that `path` (relative to the root, without or with extension, or a folder) means; null when there is none. */
  find(path: string): string | null;
  /** The same, ignoring case: what works on the author's laptop and nowhere else. Null when several files match. */
  findAnyCase(path: string): string | null;
  /** The source behind a path that a manifest names, which often is the compiled file. */
  findSource(folder: string, path: string): string | null;
}

export function sourcePaths(repo: Repo, mainOf: (folder: string) => string | null): SourcePaths {
  const has = (file: string) => repo.has(file);
  const lowered = once(() => lowerCased(repo.files));
  const anyCase = (file: string) => lowered().has(file.toLowerCase());
  const find = (path: string): string | null => {
    const inside = posix.normalize(path);
    if (inside.startsWith("..") || posix.isAbsolute(inside)) return null;
    const plain = inside.replace(/\/$/, "");
    const main = (folder: string) => {
      const named = mainOf(folder);
      return named === null ? null : findSource(folder, named);
    };
    return candidate(plain, has) ?? (plain === "." ? null : main(plain)) ?? indexOf(plain, has);
  };
  const findSource = (folder: string, path: string): string | null => {
    const inside = path.replace(/^\.\//, "");
    const spellings = [
      inside,
      inside.replace(COMPILED, "src"),
      inside.replace(COMPILED, "."),
      inside.replace(COMPILED, "source"),
    ];
    for (const each of new Set(spellings)) {
      const base = posix.join(folder, each);
      const found = base.startsWith("..") ? null : (candidate(base, has) ?? indexOf(base, has));
      if (found !== null) return found;
    }
    return null;
  };
  return {
    find,
    findSource,
    findAnyCase: (path) => {
      const inside = posix.normalize(path);
      const found = candidate(inside, anyCase) ?? indexOf(inside, anyCase);
      return found === null ? null : (lowered().get(found.toLowerCase()) ?? null);
    },
  };
}

function candidate(path: string, has: (file: string) => boolean): string | null {
  const extension = posix.extname(path);
  if (extension !== "" && has(path)) return path;
  const stem = path.slice(0, path.length - extension.length);
  const source = WRITTEN_FOR[extension]?.find((each) => has(stem + each));
  if (source !== undefined) return stem + source;
  const added = EXTENSIONS.find((each) => has(path + each));
  return added === undefined ? null : path + added;
}

function indexOf(folder: string, has: (file: string) => boolean): string | null {
  const extension = EXTENSIONS.find((each) => has(posix.join(folder, `index${each}`)));
  return extension === undefined ? null : posix.join(folder, `index${extension}`);
}

/** Lower-case path -> the path as it is; left out where two files differ only in case. */
function lowerCased(files: readonly string[]): Map<string, string> {
  const byLower = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const file of files) {
    const lower = file.toLowerCase();
    if (byLower.has(lower)) ambiguous.add(lower);
    byLower.set(lower, file);
  }
  for (const lower of ambiguous) byLower.delete(lower);
  return byLower;
}
