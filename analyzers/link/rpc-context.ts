/** The context of tRPC procedures: what `createContext` returns, and what middleware passes on to `next`. */
import type { Value } from "../summary.ts";
import type { FileNode, FnNode, Program } from "./program.ts";
import type { Solver, Written } from "./solver.ts";
import { NONE, union, type External, type Tokens } from "./token.ts";

/** What a resolver or a middleware is handed, see `libraries/callbacks.ts`. */
const HANDED = /^@trpc\/server:.*\.(query|mutation|subscription|use|middleware)\(\)$/;
const CREATES = /^create(Inner)?(trpc|rpc)?Context(Inner)?$/i;

const byProgram = new WeakMap<Program, readonly Written[]>();

/** `ctx` of what a procedure's function is handed; empty for everything else. */
export function contextMember(solver: Solver, { api }: External, property: string): Tokens {
  if (property !== "ctx" || !HANDED.test(api)) return NONE;
  const known = byProgram.get(solver.program) ?? contextsIn(solver.program);
  byProgram.set(solver.program, known);
  const tokens = union(known.map(({ file, value }) => solver.evaluate(file, value, null)));
  return tokens.filter(({ kind }) => kind === "object");
}

function contextsIn(program: Program): Written[] {
  const created = program.fns
    .filter(({ fact, file }) => CREATES.test(fact.name ?? "") || isNamedContext(file, fact.name))
    .flatMap((fn) => fn.fact.returns.map((value) => ({ file: fn.file, value })));
  const passedOn = program.calls.flatMap(({ file, fact: { callee, args } }) => {
    const [first] = args;
    const context = first?.kind === "object" ? first.entries.find(({ key }) => key === "ctx") : undefined;
    return context !== undefined && nameOf(file, callee) === "next" ? [{ file, value: context.value }] : [];
  });
  return [...created, ...passedOn];
}

/** A file that is itself the context's (`trpc/context.ts`) may give the function any name with that word. */
function isNamedContext(file: FileNode, name: string | null): boolean {
  return name !== null && /trpc/i.test(file.path) && /context$/i.test(name) && /^(create|make|build|get)/i.test(name);
}

function nameOf(file: FileNode, value: Value): string | null {
  if (value.kind === "member") return value.property;
  if (value.kind === "name") return value.name;
  const fn: FnNode | undefined = value.kind === "param" ? file.fns[value.fn] : undefined;
  return value.kind === "param" ? (fn?.fact.params[value.index]?.name ?? null) : null;
}
