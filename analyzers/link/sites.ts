/** The model's view of nodes: functions and call sites with stable ids, made when somebody asks. */
import { fileIn, indexIn } from "../ids.ts";
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
    const file = solver.program.files.get(fileIn(id));
    return file === undefined ? null : { file, index: indexIn(id) };
  };
  const exportsOf = (file: FileNode) => {
    const known = exports.get(file) ?? exportNames(solver, file);
    exports.set(file, known);
    return known;
  };
  return {
    call: (node) => {
      const known = calls.get(node) ?? new Site(solver, node);
      calls.set(node, known);
      return known;
    },
    fn: (node) => {
      const known = fns.get(node) ?? new FnView(node, () => exportsOf(node.file).get(node) ?? []);
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

/** A class, for an object with an accessor of its own would be as large as ten without. */
class Site implements CallSite {
  readonly id: string;
  readonly fn: string;
  readonly file: string;
  readonly line: number;
  readonly isNew: boolean;
  readonly use: CallSite["use"];
  readonly awaited: boolean;
  readonly inLoop: boolean;
  readonly guarded: boolean;
  readonly span: CallSite["span"];
  readonly statement: CallSite["statement"];
  readonly #solver: Solver;
  readonly #node: CallNode;
  #args: Known[] | null = null;

  constructor(solver: Solver, node: CallNode) {
    const { fact } = node;
    this.id = idOf(node);
    this.fn = idOf(node.fn);
    this.file = node.file.path;
    this.line = fact.span.line;
    this.isNew = fact.isNew;
    this.use = fact.use;
    this.awaited = fact.awaited;
    this.inLoop = fact.inLoop;
    this.guarded = fact.guarded;
    this.span = fact.span;
    this.statement = fact.statement;
    this.#solver = solver;
    this.#node = node;
  }

  get args(): Known[] {
    return (this.#args ??= this.#node.fact.args.map((arg) => knownOf(this.#solver, this.#node.file, arg, null)));
  }
}

class FnView implements Fn {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly name: string | null;
  readonly async: boolean;
  readonly params: Fn["params"];
  readonly parent: string | null;
  readonly isModule: boolean;
  readonly class: string | null;
  readonly span: Fn["span"];
  readonly #names: () => string[];
  #exportedAs: string[] | null = null;

  constructor(node: FnNode, names: () => string[]) {
    const { fact } = node;
    this.id = idOf(node);
    this.file = node.file.path;
    this.line = fact.span.line;
    this.name = fact.name;
    this.async = fact.async;
    this.params = fact.params.map(({ name, type, optional, rest }) => ({ name, type, optional, rest }));
    this.parent = node.parent === null ? null : idOf(node.parent);
    this.isModule = fact.kind === "module";
    this.class = node.class?.fact.name ?? null;
    this.span = fact.span;
    this.#names = names;
  }

  get exportedAs(): string[] {
    return (this.#exportedAs ??= this.#names());
  }
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
