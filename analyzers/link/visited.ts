/** `requireDirectory(module, folder, { visit })` of require-directory: the function that every module of a folder is handed to. */
import { posix } from "node:path";
import { isTestFile } from "../services/file-roles.ts";
import type { Value } from "../summary.ts";
import { folderNamed } from "./loaders.ts";
import { behindName, type CallNode, type FileNode, type FnNode, type Program } from "./program.ts";
import type { Solver } from "./solver.ts";
import { asInferred, NONE, union, type Tokens } from "./token.ts";

const SOURCE = /^(?!.*\.d\.[cm]?ts$).*\.[cm]?[jt]s$/i;

const byProgram = new WeakMap<Program, ReadonlyMap<FnNode, string>>();

/** What such a function receives as its first parameter; nothing for any other function. */
export function visitedModules(solver: Solver, fn: FnNode): Tokens {
  const visitors = byProgram.get(solver.program) ?? visitorsIn(solver.program);
  byProgram.set(solver.program, visitors);
  const folder = visitors.get(fn);
  if (folder === undefined) return NONE;
  const modules = [...solver.program.files.values()].filter(
    ({ path }) => path.startsWith(`${folder}/`) && SOURCE.test(path) && !isTestFile(path),
  );
  return asInferred(union(modules.map((each) => solver.wholeModule(each))));
}

/** Each function with the folder whose modules it visits. */
function visitorsIn(program: Program): Map<FnNode, string> {
  const found = new Map<FnNode, string>();
  for (const call of program.calls) {
    const visitor = isLoader(call) ? visitorOf(call) : null;
    if (visitor !== null) found.set(visitor.fn, visitor.folder);
  }
  return found;
}

function isLoader({ file, fact: { callee } }: CallNode): boolean {
  const called = behindName(file, callee);
  return called.kind === "imported" && called.specifier === "require-directory";
}

function visitorOf({ file, fact: { args } }: CallNode): { fn: FnNode; folder: string } | null {
  const [, second, third] = args;
  const options = optionsIn(file, third) ?? optionsIn(file, second);
  const visit = options?.entries.find(({ key }) => key === "visit")?.value;
  const value = visit === undefined ? null : behindName(file, visit);
  const fn = value?.kind === "fn" ? file.fns[value.fn] : undefined;
  const isHere = second === undefined || optionsIn(file, second) !== null;
  const folder = isHere ? posix.dirname(file.path) : folderNamed(file, second);
  return fn === undefined || folder === null ? null : { fn, folder };
}

function optionsIn(file: FileNode, value: Value | undefined): Extract<Value, { kind: "object" }> | null {
  const read = value === undefined ? null : behindName(file, value);
  return read?.kind === "object" ? read : null;
}
