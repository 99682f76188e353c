/** What a function makes once and keeps under a name: `singleton("db", () => new Pool())` gives what its second argument gives. */
import type { Value } from "../summary.ts";
import type { CallNode, FileNode, FnNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import { union, type Env, type Tokens } from "./token.ts";

const known = new WeakMap<FileNode, ReadonlyMap<FnNode, readonly Value[]>>();

/** What comes of the parameters that the function calls and whose outcome it puts aside. */
export function madeOnce(solver: Solver, fn: FnNode, env: Env | null): Tokens {
  const found = known.get(fn.file) ?? madeIn(fn.file);
  known.set(fn.file, found);
  return union((found.get(fn) ?? []).map((value) => solver.evaluate(fn.file, value, env)));
}

function madeIn(file: FileNode): ReadonlyMap<FnNode, readonly Value[]> {
  const made = new Map<FnNode, Value[]>();
  for (const value of [...file.summary.changes.map((change) => change.value), ...file.calls.map(setTo)]) {
    const call = value?.kind === "call" ? file.calls[value.call] : undefined;
    if (value === undefined || call === undefined || !callsOwnParameter(call)) continue;
    made.set(call.fn, [...(made.get(call.fn) ?? []), value]);
  }
  return made;
}

/** `map.set(name, value)` */
function setTo(call: CallNode | undefined): Value | undefined {
  const { callee, args } = call?.fact ?? {};
  return callee?.kind === "member" && callee.property === "set" ? args?.[1] : undefined;
}

function callsOwnParameter({ file, fn, fact: { callee, args } }: CallNode): boolean {
  return callee.kind === "param" && args.length === 0 && file.fns[callee.fn] === fn;
}
