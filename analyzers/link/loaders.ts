/** Modules loaded by a computed path: `require(path.join(__dirname, file))` gives every module of the folder. */
import { posix } from "node:path";
import type { Value } from "../summary.ts";
import { behindName, type CallNode, type FileNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import { asInferred, union, type Site, type Tokens } from "./token.ts";

const JOINING = new Set(["join", "resolve"]);
const MAX_DEPTH = 6;
const SOURCE = /\.[cm]?[jt]sx?$/;
const TEST = /\.(test|spec)\.[cm]?[jt]sx?$/;

/** What a `require` of a computed path can give; nothing when no folder of the repo is known from its beginning. */
export function loadedFrom(solver: Solver, { call }: Pick<Site, "call">): Tokens {
  return asInferred(union(loadedModules(solver, call).map((each) => solver.wholeModule(each))));
}

/** The modules of the folder that a `require` of a computed path begins with. */
export function loadedModules(solver: Solver, { file, fact }: CallNode): FileNode[] {
  const [argument] = fact.args;
  if (argument === undefined) return [];
  const { text, isWhole } = beginning(file, argument, 0);
  if (isWhole || text === null) return [];
  const folder = posix.join(
    posix.dirname(file.path),
    text.includes("/") ? text.slice(0, text.lastIndexOf("/") + 1) : ".",
  );
  return [...solver.program.files.values()].filter((each) => each !== file && isModuleOf(folder, each.path));
}

/** The folder that a value names, by its way from the file's own; null when not all of it is known. */
export function folderNamed(file: FileNode, value: Value): string | null {
  const { text, isWhole } = beginning(file, value, 0);
  if (text === null || !isWhole || text.startsWith("/")) return null;
  return posix.join(posix.dirname(file.path), text).replace(/\/$/, "");
}

function isModuleOf(folder: string, path: string): boolean {
  if (!SOURCE.test(path) || TEST.test(path) || path.endsWith(".d.ts")) return false;
  const below = posix.relative(folder, path);
  return !below.startsWith("..") && (!below.includes("/") || /^[^/]+\/index\.\w+$/.test(below));
}

/** The known beginning of a path, relative to the file's folder; `isWhole` when nothing unknown follows. Null: not known at all. */
interface Beginning {
  text: string | null;
  isWhole: boolean;
}

function beginning(file: FileNode, value: Value, depth: number): Beginning {
  const unknown = { text: null, isWhole: false };
  if (depth > MAX_DEPTH) return unknown;
  const read = behindName(file, value);
  switch (read.kind) {
    case "literal":
      return { text: String(read.value), isWhole: true };
    case "name":
      return read.name === "__dirname" ? { text: "./", isWhole: true } : unknown;
    case "member":
      return /^(dirname|url)$/.test(read.property) && isMeta(read.object) ? { text: "./", isWhole: true } : unknown;
    case "template":
      return joined(
        file,
        read.parts.map((part) => (typeof part === "string" ? { kind: "literal", value: part } : part)),
        "",
        depth,
      );
    case "call": {
      const call = file.calls[read.call];
      const callee = call?.fact.callee;
      return call === undefined || callee === undefined ? unknown : called(file, call.fact.args, callee, depth);
    }
    default:
      return unknown;
  }
}

function called(file: FileNode, args: readonly Value[], callee: Value, depth: number): Beginning {
  const method = callee.kind === "imported" || callee.kind === "name" ? callee.name : null;
  const name = callee.kind === "member" ? callee.property : method;
  const [first, second] = args;
  if (name === "cwd" && args.length === 0) return { text: fromRoot(file), isWhole: true };
  if (name !== null && JOINING.has(name)) return joined(file, args, "/", depth);
  if (first !== undefined && name === "fileURLToPath") return beginning(file, first, depth + 1);
  if (first !== undefined && name === "dirname") {
    return isThisFile(file, first, 0) ? { text: "./", isWhole: true } : joined(file, [first, PARENT], "/", depth);
  }
  if (name === "URL" && first !== undefined && second !== undefined) return joined(file, [second, first], "/", depth);
  return { text: null, isWhole: false };
}

/** Apps are started from their root. */
function fromRoot({ path }: FileNode): string {
  return posix.relative(posix.dirname(path), ".") || ".";
}

const PARENT: Value = { kind: "literal", value: ".." };

/** `__filename`, `import.meta.filename`, `fileURLToPath(import.meta.url)`. */
function isThisFile(file: FileNode, value: Value, depth: number): boolean {
  const read = behindName(file, value);
  if (read.kind === "name") return read.name === "__filename";
  if (read.kind === "member") return /^(filename|url)$/.test(read.property) && isMeta(read.object);
  const first = read.kind === "call" ? file.calls[read.call]?.fact.args[0] : undefined;
  return first !== undefined && depth < MAX_DEPTH && isThisFile(file, first, depth + 1);
}

function isMeta(value: Value): boolean {
  return value.kind === "name" && value.name === "import.meta";
}

function joined(file: FileNode, parts: readonly Value[], glue: string, depth: number): Beginning {
  let text: string | null = null;
  for (const part of parts) {
    const next = beginning(file, part, depth + 1);
    if (next.text !== null) text = (text === null ? "" : text + glue) + next.text;
    if (!next.isWhole) return { text: text === null || glue === "" ? text : `${text}/`, isWhole: false };
  }
  return { text, isWhole: true };
}
