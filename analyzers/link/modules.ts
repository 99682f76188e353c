/** Module resolution on a bare checkout: which file of the repo, or which package, a specifier means. */
import { builtinModules } from "node:module";
import { posix } from "node:path";
import type { Repo } from "../repo/repo.ts";
import { frameworkAliases, type Alias } from "./framework-aliases.ts";
import { isPython } from "../repo/source-file.ts";
import { matchStar, readPackages, targetsFor, type Package, type Packages } from "./packages.ts";
import { pythonModules } from "./python-modules.ts";
import { sourcePaths, type SourcePaths } from "./source-paths.ts";
import { aliasFinder, type Aliases } from "./tsconfig.ts";

export type Resolved =
  /** `anyCase`: only found when case is ignored, so it breaks on a case-sensitive disk. */
  | { kind: "file"; file: string; anyCase: boolean }
  /** `name` is the package's (`node:fs` for a builtin), `specifier` the normalised whole (`mysql2/promise`). */
  | { kind: "package"; name: string; specifier: string }
  /** A path of the repo's own that leads nowhere: a generated or forgotten file. */
  | { kind: "missing"; specifier: string };

export interface Modules {
  resolve(from: string, specifier: string): Resolved;
}

const BUILTINS = new Set(builtinModules);
const MAX_SPECIFIER = 500;

interface Sources {
  paths: SourcePaths;
  packages: Packages;
  aliases: (file: string) => Aliases;
  frameworks: (file: string) => readonly Alias[];
}

/** Answers are remembered per folder and specifier; nothing but the repo's own files is looked at. */
export function createModules(repo: Repo): Modules {
  const packages = readPackages(repo);
  const mainOf = (folder: string) => packages.at(folder)?.manifest.main ?? null;
  const sources: Sources = {
    packages,
    paths: sourcePaths(repo, mainOf),
    aliases: aliasFinder(repo),
    frameworks: frameworkAliases(repo),
  };
  const python = pythonModules(repo);
  const answers = answersByFile();
  return {
    resolve: (from, specifier) => {
      const known = answers(from);
      const found =
        known.get(specifier) ?? (isPython(from) ? python(from, specifier) : resolve(sources, from, specifier));
      known.set(specifier, found);
      return found;
    },
  };
}

/** The answers given in a file's folder so far: files of one folder share them, except Python's. */
function answersByFile(): (file: string) => Map<string, Resolved> {
  const byFolder = new Map<string, Map<string, Resolved>>();
  const byFile = new Map<string, Map<string, Resolved>>();
  return (file) => {
    const known = byFile.get(file);
    if (known !== undefined) return known;
    const folder = isPython(file) ? file : posix.dirname(file);
    const answers = byFolder.get(folder) ?? new Map<string, Resolved>();
    byFolder.set(folder, answers);
    byFile.set(file, answers);
    return answers;
  };
}

function resolve(sources: Sources, from: string, written: string): Resolved {
  const specifier = written.replace(/[?#](?!.*\/)\w*$/, (suffix) => (written.startsWith("#") ? suffix : ""));
  if (specifier === "" || specifier.length > MAX_SPECIFIER || specifier.includes("\0") || specifier.startsWith("/")) {
    return { kind: "missing", specifier };
  }
  if (specifier.startsWith("node:") || BUILTINS.has(specifier)) {
    const name = `node:${specifier.replace(/^node:/, "")}`;
    return { kind: "package", name, specifier: name };
  }
  if (isRelative(specifier)) return fromPath(sources, posix.join(posix.dirname(from), specifier), specifier);
  const own = ownFile(sources, from, specifier);
  if (own !== null) return { kind: "file", file: own, anyCase: false };
  if (isAlias(sources, from, specifier)) return { kind: "missing", specifier };
  return { kind: "package", name: packageName(specifier), specifier: specifier.replace(/\/$/, "") };
}

function fromPath({ paths }: Sources, path: string, specifier: string): Resolved {
  const file = paths.find(path);
  if (file !== null) return { kind: "file", file, anyCase: false };
  const anyCase = paths.findAnyCase(path);
  return anyCase === null ? { kind: "missing", specifier } : { kind: "file", file: anyCase, anyCase: true };
}

/** The file behind an alias, a subpath import or a package of the repo's own; null when it is none of these. */
function ownFile(sources: Sources, from: string, specifier: string): string | null {
  const { paths, packages } = sources;
  for (const path of aliased(sources, from, specifier)) {
    const file = paths.find(path) ?? paths.findAnyCase(path);
    if (file !== null) return file;
  }
  const [nearest] = packages.around(from);
  if (specifier.startsWith("#") && nearest !== undefined) {
    return firstSource(paths, nearest.folder, targetsFor(nearest.manifest.imports, specifier));
  }
  const owner = packages.byName.get(packageName(specifier));
  return owner === undefined ? null : workspaceFile(paths, owner, specifier);
}

/** Paths that tsconfig, `_moduleAliases` or a framework give for a specifier, best first. */
function aliased({ aliases, packages, frameworks }: Sources, from: string, specifier: string): string[] {
  const { baseUrl, paths: written } = aliases(from);
  const paths = [...written, ...frameworks(from)];
  const exact = paths.filter(({ pattern }) => pattern === specifier).flatMap(({ targets }) => targets);
  const starred = paths.flatMap(({ pattern, targets }) => {
    const filled = matchStar(pattern, specifier);
    return filled === null ? [] : targets.map((target) => target.replaceAll("*", filled));
  });
  const named = packages.around(from).flatMap(({ folder, manifest }) =>
    Object.entries(manifest._moduleAliases ?? {})
      .filter(([alias]) => specifier === alias || specifier.startsWith(`${alias}/`))
      .map(([alias, target]) => posix.join(folder, target, specifier.slice(alias.length))),
  );
  return [...exact, ...starred, ...named, ...(baseUrl === null ? [] : [posix.join(baseUrl, specifier)])];
}

/** True when a pattern other than the catch-all `*` claims the specifier, so that it cannot be a package. */
function isAlias({ aliases, frameworks }: Sources, from: string, specifier: string): boolean {
  if (specifier.startsWith("#") || specifier.startsWith("~/") || specifier.startsWith("@/")) return true;
  return [...aliases(from).paths, ...frameworks(from)].some(
    ({ pattern }) => pattern !== "*" && matchStar(pattern, specifier) !== null,
  );
}

function workspaceFile(paths: SourcePaths, { folder, manifest }: Package, specifier: string): string | null {
  const subpath = specifier.slice(packageName(specifier).length + 1);
  const named = targetsFor(manifest.exports, subpath === "" ? "." : `./${subpath}`);
  const found = firstSource(paths, folder, named);
  if (found !== null) return found;
  if (subpath !== "") return paths.find(posix.join(folder, subpath)) ?? paths.find(posix.join(folder, "src", subpath));
  const mains = [manifest.source, manifest.module, manifest.main, manifest.types].flatMap((each) => each ?? []);
  return firstSource(paths, folder, [...mains, "src/index", "index", "src/main"]);
}

function firstSource(paths: SourcePaths, folder: string, targets: readonly string[]): string | null {
  for (const target of targets) {
    const file = paths.findSource(folder, target.replace(/\.d\.([cm]?ts)$/, ".$1"));
    if (file !== null) return file;
  }
  return null;
}

function isRelative(specifier: string): boolean {
  return /^\.{1,2}(\/|$)/.test(specifier);
}

/** `@scope/name` or `name`, without the subpath. */
export function packageName(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Where people import from inside a package what it offers at its root (`@nestjs/common/decorators`): the root. */
export function publicSpecifier(specifier: string): string {
  return specifier.startsWith("@nestjs/") ? packageName(specifier) : specifier;
}
