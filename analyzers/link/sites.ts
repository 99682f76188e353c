/** The model's view of nodes: functions and call sites with stable ids, made when somebody asks. */
import type { CallSite, Fn, Known } from "../model.ts";
import { knownOf } from "./known.ts";
import { idOf, type CallNode, type FileNode, type FnNode } from "./program.ts";
import type { Solver } from "./solver.ts";
import type { Token } from "./token.ts";

export interface Sites {
  call(node: CallNode): CallSite;
  fn(node: FnNode): Fn;
  callNode(id: string): CallNode | null;
  fnNode(id: string): FnNode | null;
}

export function createSites(solver: Solver): Sites {
  const calls = new Map<CallNode, CallSite>();
  const fns = new Map<FnNode, Fn>();
  const exports = new Map<FileNode, ReadonlyMap<FnNode, string[]>>();
  const at = (id: string): { file: FileNode; index: number } | null => {
    const hash = id.lastIndexOf("#");
    const file = solver.program.files.get(id.slice(0, hash));
    return file === undefined ? null : { file, index: Number(id.slice(hash + 1)) };
  };
  const exportsOf = (file: FileNode) => {
    const known = exports.get(file) ?? exportNames(solver, file);
    exports.set(file, known);
    return known;
  };
  return {
    call: (node) => {
      const known = calls.get(node) ?? callSite(solver, node);
      calls.set(node, known);
      return known;
    },
    fn: (node) => {
      const known = fns.get(node) ?? fnView(node, () => exportsOf(node.file).get(node) ?? []);
      fns.set(node, known);
      return known;
    },
    callNode: (id) => {
      const found = at(id);
      return found?.file.calls[found.index] ?? null;
    },
    fnNode: (id) => {
      const found = at(id);
      return found?.file.fns[found.index] ?? null;
    },
  };
}

function callSite(solver: Solver, node: CallNode): CallSite {
  const { fact } = node;
  let args: Known[] | null = null;
  return {
    id: idOf(node),
    fn: idOf(node.fn),
    file: node.file.path,
    line: fact.span.line,
    get args() {
      return (args ??= fact.args.map((arg) => knownOf(solver, node.file, arg, null)));
    },
    isNew: fact.isNew,
    use: fact.use,
    awaited: fact.awaited,
    inLoop: fact.inLoop,
    guarded: fact.guarded,
    span: fact.span,
    statement: fact.statement,
  };
}

function fnView(node: FnNode, exportedAs: () => string[]): Fn {
  const { fact } = node;
  let names: string[] | null = null;
  return {
    id: idOf(node),
    file: node.file.path,
    line: fact.span.line,
    name: fact.name,
    async: fact.async,
    params: fact.params.map(({ name, type, optional, rest }) => ({ name, type, optional, rest })),
    get exportedAs() {
      return (names ??= exportedAs());
    },
    parent: node.parent === null ? null : idOf(node.parent),
    isModule: fact.kind === "module",
    class: node.class?.fact.name ?? null,
    span: fact.span,
  };
}

/** Names under which a file's functions leave it: `send`, `mailer.send`, `Mailer.send`. */
function exportNames(solver: Solver, file: FileNode): Map<FnNode, string[]> {
  const found = new Map<FnNode, string[]>();
  const note = (fn: FnNode | undefined, name: string) => {
    if (fn === undefined || fn.file !== file) return;
    const names = found.get(fn) ?? [];
    if (!names.includes(name)) found.set(fn, [...names, name]);
  };
  const visit = (token: Token, name: string, depth: number): void => {
    if (token.kind === "fn") note(token.fn, name);
    if (depth > 1) return;
    if ((token.kind === "class" || token.kind === "instance") && token.class.file === file) {
      for (const member of token.class.fact.members) note(file.fns[member.fn], memberName(name, member.name));
    }
    if (token.kind === "object") {
      for (const { key, value } of token.value.entries) {
        for (const each of solver.evaluate(token.file, value, token.env)) visit(each, memberName(name, key), depth + 1);
      }
    }
  };
  for (const [name, value] of Object.entries(file.summary.exports)) {
    for (const token of solver.evaluate(file, value, null)) visit(token, name, 0);
  }
  return found;
}

/** `module.exports = { send }` exports `send` itself. */
function memberName(holder: string, member: string): string {
  return holder === "module.exports" ? member : `${holder}.${member}`;
}
