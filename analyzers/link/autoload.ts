/** `@fastify/autoload`: every file of a folder is a plugin, registered below the folder's name. */
import { posix } from "node:path";
import { isTestFile } from "../services/file-roles.ts";
import type { Value } from "../summary.ts";
import { textsOf } from "./known.ts";
import { folderNamed } from "./loaders.ts";
import type { Plugin } from "./plugins.ts";
import type { FileNode, FnNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import { NONE, type ObjectToken, type Site, type Tokens } from "./token.ts";

const SCRIPT = /^(?!.*\.d\.[cm]?ts$).*\.[cm]?[jt]s$/i;
const INDEX = /^index\.[cm]?[jt]s$/i;
const HOOKS = /^[_.]?auto_?hooks\.[cm]?[jt]s$/i;

interface Options {
  folder: string;
  /** `prefix` of the options that every plugin is registered with. */
  prefix: string;
  /** Whether folders put their names before the paths; `unknown` where a function decides. */
  names: boolean | "unknown";
  params: boolean;
  maxDepth: number;
  shares: boolean;
  hooks: "none" | "own" | "cascading" | "overwriting";
}

/** A file that is loaded, with the folder names before its paths and the files whose hooks run before its own. */
interface Loaded {
  file: FileNode;
  prefix: string;
  hooks: readonly FileNode[];
}

/** The plugins that a registration of autoload brings; `opened` finds the plugin in what a module exports. */
export function autoloaded(solver: Solver, site: Site, opened: (token: Tokens[number]) => Plugin[]): Plugin[] {
  const options = optionsOf(solver, site);
  if (options === null) return [];
  const exportsOf = (file: FileNode) => solver.exported(file, "default").flatMap(opened);
  const hooked = new Map<FileNode, FnNode[]>();
  const plugins = filesIn(solver, options).flatMap(({ file, prefix, hooks }) =>
    exportsOf(file).map((plugin) => {
      const shares = plugin.scopes.length === 0 || options.shares;
      for (const hook of shares ? [] : hooks) hooked.set(hook, [...(hooked.get(hook) ?? []), plugin.token.fn]);
      const before = prefixOf(solver, file, prefix, options);
      return { ...plugin, scopes: shares ? [] : plugin.scopes, prefix: before };
    }),
  );
  const hooks = [...hooked].flatMap(([file, scopes]) => exportsOf(file).map((plugin) => ({ ...plugin, scopes })));
  return [...hooks, ...plugins];
}

/** What the plugin files of a registration of autoload export. */
export function autoloadedExports(solver: Solver, site: Site): Tokens {
  const options = optionsOf(solver, site);
  return options === null ? NONE : filesIn(solver, options).flatMap(({ file }) => solver.exported(file, "default"));
}

function optionsOf(solver: Solver, { call, env }: Site): Options | null {
  const second = call.fact.args[1];
  const tokens = second === undefined ? NONE : solver.evaluate(call.file, second, env);
  const given = tokens.find((token) => token.kind === "object");
  if (given?.kind !== "object") return null;
  const dir = entryOf(given, "dir");
  const folder = dir === null ? null : folderNamed(given.file, dir);
  if (folder === null) return null;
  const has = (name: string) => literalOf(solver, given, name) === true;
  const inner = solver.member(given, "options").flatMap((token) => solver.member(token, "prefix"));
  const depth = literalOf(solver, given, "maxDepth");
  const named = entryOf(given, "dirNameRoutePrefix") === null ? true : literalOf(solver, given, "dirNameRoutePrefix");
  return {
    folder,
    prefix: (textsOf(solver, inner)[0] ?? "").replace(/\/$/, ""),
    names: typeof named === "boolean" ? named : "unknown",
    params: has("routeParams"),
    maxDepth: typeof depth === "number" ? depth : Infinity,
    shares: literalOf(solver, given, "encapsulate") === false,
    hooks: !has("autoHooks")
      ? "none"
      : !has("cascadeHooks")
        ? "own"
        : has("overwriteHooks")
          ? "overwriting"
          : "cascading",
  };
}

function entryOf({ value }: ObjectToken, key: string): Value | null {
  return value.entries.findLast((each) => each.key === key)?.value ?? null;
}

function literalOf(solver: Solver, given: ObjectToken, key: string): string | number | boolean | null {
  const found = solver.member(given, key).find((token) => token.kind === "literal");
  return found?.kind === "literal" ? found.value : null;
}

/** Files below the folder, as autoload walks it: an index stands for the other files of its folder, not for its subfolders. */
function filesIn(solver: Solver, options: Options): Loaded[] {
  const inside = [...solver.program.files.values()].filter(
    ({ path }) => path.startsWith(`${options.folder}/`) && SCRIPT.test(path) && !isTestFile(path),
  );
  const byFolder = new Map<string, FileNode[]>();
  for (const file of inside) {
    const folder = posix.dirname(file.path);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), file]);
  }
  const namesOf = (folder: string) =>
    posix
      .relative(options.folder, folder)
      .split("/")
      .filter((name) => name !== "");
  return [...byFolder]
    .filter(([folder]) => namesOf(folder).length <= options.maxDepth)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([folder, files]) => {
      const index = files.find(({ path }) => INDEX.test(posix.basename(path)));
      const plugins = index === undefined ? files.filter(({ path }) => !HOOKS.test(posix.basename(path))) : [index];
      const prefix = pathOf(namesOf(folder), options);
      const hooks = hooksFor(folder, byFolder, options);
      return plugins.map((file) => ({ file, prefix, hooks }));
    });
}

function pathOf(names: readonly string[], { names: kept, params }: Options): string {
  if (kept === false) return "";
  const path = names.map((name) => `/${kept === "unknown" ? "*" : name}`).join("");
  if (!params) return path;
  return path.includes("__") ? path.replaceAll("__", ":") : path.replaceAll("/_", "/:");
}

/** The hook files that count for a folder, the outermost first. */
function hooksFor(folder: string, byFolder: ReadonlyMap<string, readonly FileNode[]>, options: Options): FileNode[] {
  if (options.hooks === "none") return [];
  const own = (byFolder.get(folder) ?? []).filter(({ path }) => HOOKS.test(posix.basename(path)));
  const isTop = folder === options.folder;
  if (isTop || options.hooks === "own" || (options.hooks === "overwriting" && own.length > 0)) return own;
  return [...hooksFor(posix.dirname(folder), byFolder, options), ...own];
}

/** `autoPrefix` takes the place of the folders' names, `prefixOverride` that of everything. */
function prefixOf(solver: Solver, file: FileNode, folders: string, { prefix }: Options): string {
  const exported = (name: string) => textsOf(solver, solver.exported(file, name))[0];
  return exported("prefixOverride") ?? `${prefix}${exported("autoPrefix") ?? folders}`;
}
