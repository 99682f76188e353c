/** Modules loaded by a computed path: `require(path.join(__dirname, file))` gives every module of the folder. */
import { posix } from "node:path";
import type { Value } from "../summary.ts";
import { behindName, type FileNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import { asInferred, NONE, union, type Site, type Tokens } from "./token.ts";

const JOINING = new Set(["join", "resolve"]);
const MAX_DEPTH = 6;
const SOURCE = /\.[cm]?[jt]sx?$/;
const TEST = /\.(test|spec)\.[cm]?[jt]sx?$/;

/** What a `require` of a computed path can give; nothing when no folder of the repo is known from its beginning. */
export function loadedFrom(solver: Solver, { call: { file, fact } }: Site): Tokens {
  const [argument] = fact.args;
  if (argument === undefined) return NONE;
  const { text, isWhole } = beginning(file, argument, 0);
  if (isWhole || text === null) return NONE;
  const folder = posix.join(
    posix.dirname(file.path),
    text.includes("/") ? text.slice(0, text.lastIndexOf("/") + 1) : ".",
  );
  const modules = [...solver.program.files.values()].filter((each) => each !== file && isModuleOf(folder, each.path));
  return asInferred(union(modules.map((each) => solver.wholeModule(each))));
}

function isModuleOf(folder: string, path: string): boolean {
  if (!SOURCE.test(path) || TEST.test(path) || path.endsWith(".d.ts")) return false;
  const below = posix.relative(folder, path);
  return !below.startsWith("..") && (!below.includes("/") || /^[^/]+\/index\.\w+$/.test(below));
}

/** The known beginning of a path, relative to the file's folder; `isWhole` when nothing unknown follows. Null: not known at all. */
function beginning(file: FileNode, value: Value, depth: number): { text: string | null; isWhole: boolean } {
  const unknown = { text: null, isWhole: false };
  if (depth > MAX_DEPTH) return unknown;
  const read = behindName(file, value);
  switch (read.kind) {
    case "literal":
      return { text: String(read.value), isWhole: true };
    case "name":
      return read.name === "__dirname" ? { text: "./", isWhole: true } : unknown;
    case "member":
      return read.property === "dirname" && isMeta(read.object) ? { text: "./", isWhole: true } : unknown;
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
      const method = callee?.kind === "member" ? callee.property : callee?.kind === "imported" ? callee.name : "";
      return call !== undefined && JOINING.has(method) ? joined(file, call.fact.args, "/", depth) : unknown;
    }
    default:
      return unknown;
  }
}

function isMeta(value: Value): boolean {
  return value.kind === "name" && value.name === "import.meta";
}

function joined(
  file: FileNode,
  parts: readonly Value[],
  glue: string,
  depth: number,
): { text: string | null; isWhole: boolean } {
  let text: string | null = null;
  for (const part of parts) {
    const next = beginning(file, part, depth + 1);
    if (next.text !== null) text = (text === null ? "" : text + glue) + next.text;
    if (!next.isWhole) return { text: text === null || glue === "" ? text : `${text}/`, isWhole: false };
  }
  return { text, isWhole: true };
}
