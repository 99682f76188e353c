/** Names that Nuxt and Nitro give to server code without an import: exports of `server/utils/` and of a few packages. */
import { posix } from "node:path";
import { isNitroModule, nitroName } from "../libraries/nitro.ts";
import type { Value } from "../summary.ts";
import { foldersAround } from "./packages.ts";
import { own, spreadOf, type FileNode, type Program } from "./program.ts";

export interface AutoImports {
  /** False where no configuration asks for any. */
  isUsed: boolean;
  /** What a name that nothing declares stands for in a file; null where nothing is imported by itself. */
  find(file: FileNode, name: string): AutoImport | null;
  /** The same for a name imported from one of Nitro's own modules. */
  findImported(file: FileNode, specifier: string, name: string): AutoImport | null;
}

export type AutoImport = { kind: "export"; file: FileNode; name: string } | { kind: "api"; api: string };

const CONFIG = /^(nuxt|nitro)\.config\.[cm]?[jt]s$/;
/** Folders of which every export is known everywhere in server code, relative to the configuration's folder. */
const FOLDERS = ["server/utils", "shared/utils", "shared/types", "src/server/utils"];
const NITRO_FOLDERS = ["utils", "src/utils"];

interface Root {
  folder: string;
  kind: string;
  names: Map<string, AutoImport>;
}

export function autoImports(program: Program): AutoImports {
  const roots = new Map<string, Root>();
  for (const file of program.files.values()) {
    const kind = CONFIG.exec(posix.basename(file.path))?.[1];
    if (kind === undefined) continue;
    const folder = posix.dirname(file.path);
    const written = foldersWritten(file).map((each) => posix.join(folder, each.replace(/\/?\*.*$/, "")));
    const known = [...FOLDERS, ...(kind === "nitro" ? NITRO_FOLDERS : [])].map((each) => posix.join(folder, each));
    roots.set(folder, { folder, kind, names: namesBelow(program, [...known, ...written]) });
  }
  if (roots.size === 0) return { isUsed: false, find: () => null, findImported: () => null };
  // The file's own app comes first; what it does not have is looked for in the others, one of which may be its layer.
  const find: AutoImports["find"] = (file, name) => {
    const around = foldersAround(file.path).flatMap((folder) => roots.get(folder) ?? []);
    if (!around.some((root) => isServerCode(file.path, root))) return null;
    const found = [...around, ...roots.values()].flatMap(({ names }) => names.get(name) ?? [])[0];
    const api = nitroName(name);
    return found ?? (api === null ? null : { kind: "api", api });
  };
  return {
    isUsed: true,
    find,
    findImported: (file, specifier, name) => {
      if (!isNitroModule(specifier)) return null;
      const api = nitroName(name);
      return specifier === "#imports" ? find(file, name) : api === null ? null : { kind: "api", api };
    },
  };
}

function isServerCode(path: string, { folder, kind }: Root): boolean {
  const below = folder === "." ? path : path.slice(folder.length + 1);
  return kind === "nitro" || /(^|\/)server\//.test(below);
}

function namesBelow(program: Program, folders: readonly string[]): Map<string, AutoImport> {
  const names = new Map<string, AutoImport>();
  for (const file of program.files.values()) {
    if (!folders.some((folder) => file.path.startsWith(`${folder}/`))) continue;
    const { exports, reexports } = file.summary;
    for (const name of [...Object.keys(exports), ...reexports.map(({ as }) => as)]) {
      const known = name === "default" ? nameOfFile(file.path) : name;
      if (!names.has(known)) names.set(known, { kind: "export", file, name });
    }
  }
  return names;
}

/** A default export goes by its file's name: `send-mail.ts` is `sendMail`. */
function nameOfFile(path: string): string {
  const stem = posix.basename(path).replace(/\.[cm]?[jt]sx?$/, "");
  const name = stem === "index" ? posix.basename(posix.dirname(path)) : stem;
  return name.replace(/[-_.](\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** `imports: { dirs: ["./server/services"] }` of a configuration, its own or that of `nitro`. */
function foldersWritten(config: FileNode): string[] {
  const given = config.calls.flatMap((call) => call?.fact.args.slice(0, 1) ?? []);
  const values = [...given, ...Object.values(config.summary.exports)];
  return values.flatMap((value) =>
    [
      ["imports", "dirs"],
      ["nitro", "imports", "dirs"],
    ].flatMap((names) => textsIn(names.reduce(entryOf, value))),
  );
}

function entryOf(value: Value, name: string): Value {
  const found = value.kind === "object" ? value.entries.find(({ key }) => key === name)?.value : undefined;
  return found ?? { kind: "unknown" };
}

function textsIn(value: Value): string[] {
  const items = value.kind === "array" ? value.items : [];
  return items.flatMap((item) => (item.kind === "literal" && typeof item.value === "string" ? [item.value] : []));
}

/** Names that a file's calls use and nothing in it declares. */
export function openNames(file: FileNode): Set<string> {
  const found = new Set<string>();
  const visit = (value: Value, depth: number): void => {
    if (depth > 6) return;
    switch (value.kind) {
      case "name":
        if (value.fn === 0 && own(file.fns[0]?.fact.bindings ?? {}, value.name) === undefined) found.add(value.name);
        break;
      case "member":
        visit(value.object, depth + 1);
        break;
      case "object":
        for (const entry of value.entries) visit(entry.value, depth + 1);
        break;
      case "array":
        for (const item of value.items) visit(spreadOf(item) ?? item, depth + 1);
        break;
      default:
    }
  };
  for (const call of file.calls) {
    if (call === undefined) continue;
    visit(call.fact.callee, 0);
    for (const arg of call.fact.args) visit(arg, 0);
  }
  return found;
}
