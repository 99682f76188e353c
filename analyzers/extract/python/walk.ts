/** What the parts of the Python extractor share while one file is walked: the summary so far, the scopes, the place. */
import type { CallUse, ClassId, FnId, Span, Summary, Value } from "../../summary.ts";
import type { Source } from "../source.ts";
import type { Node } from "./tree.ts";

/** What an import brings under a name. */
export type Imported = Extract<Value, { kind: "imported" }>;

/** How a name is declared in a body; `imported`: what it stands for when an import is all that declares it. */
export interface Declared {
  times: number;
  imported: Imported | null;
}

/** A module, a function or a class body, and what is declared in it. */
export interface Scope {
  readonly kind: "module" | "function" | "class";
  /** The function that runs the code of this scope; a class body runs with the code around it. */
  readonly fn: FnId;
  /** The class whose body this is. */
  readonly class: ClassId | null;
  readonly parent: Scope | null;
  readonly declared: ReadonlyMap<string, Declared>;
  /** Plain parameters that nothing else is assigned to, by name. */
  readonly params: ReadonlyMap<string, Value>;
  /** Name by which a method calls its own object. */
  readonly self: string | null;
  /** True inside a loop or a comprehension. */
  loop: boolean;
  /** True inside a `try` that has an `except`. */
  guarded: boolean;
  statement: Node;
  /** How many lists of statements the walk is in: 1 directly in the body, where what is said last holds. */
  depth: number;
}

export interface Walk {
  readonly source: Source;
  readonly summary: Summary;
  /** Modules imported whole under their dotted names (`import a.b`): what a chain of names may begin with. */
  readonly dotted: Set<string>;
  /** Modules of `from m import *`. */
  readonly stars: string[];
  scope: Scope;
  expression(node: Node, use?: CallUse): Value;
  statements(nodes: readonly Node[]): void;
}

export const unknown: Value = Object.freeze({ kind: "unknown" });

export function textOf({ source }: Walk, { from, to }: Node): string {
  return source.text.slice(from, to);
}

export function spanOf({ source }: Walk, { from, to }: Pick<Node, "from" | "to">): Span {
  return source.span({ start: from, end: to });
}

/** Runs `body` with some traits of the scope changed. */
export function within<T>({ scope }: Walk, traits: Partial<Pick<Scope, "loop" | "guarded">>, body: () => T): T {
  const { loop, guarded } = scope;
  Object.assign(scope, traits);
  const made = body();
  Object.assign(scope, { loop, guarded });
  return made;
}

/** Runs `body` in another scope. */
export function inScope<T>(walk: Walk, scope: Scope, body: () => T): T {
  const outer = walk.scope;
  walk.scope = scope;
  const made = body();
  walk.scope = outer;
  return made;
}

/** Notes a call made here, and gives its value. */
export function noteCall(
  walk: Walk,
  found: { callee: Value; args: Value[]; use: CallUse; isNew?: boolean; isLet?: boolean },
  place: Pick<Node, "from" | "to">,
): Value {
  const { scope, summary } = walk;
  const { callee, args, use, isNew = false, isLet = false } = found;
  const call = {
    fn: scope.fn,
    callee,
    args,
    isNew,
    use,
    awaited: !isLet && use !== "decorator",
    inLoop: scope.loop,
    guarded: scope.guarded,
    span: spanOf(walk, place),
    statement: spanOf(walk, scope.statement),
  };
  return { kind: "call", call: summary.calls.push(call) - 1 };
}

export function member(object: Value, property: string): Value {
  return object.kind === "unknown" ? unknown : { kind: "member", object, property };
}

export function either(values: readonly Value[]): Value {
  const known = values.filter(({ kind }) => kind !== "unknown");
  const [first] = known;
  if (first === undefined) return unknown;
  return known.length === 1 ? first : { kind: "either", of: known };
}

/** Notes a value of a name that is declared in the current scope. */
export function bind(walk: Walk, name: string, value: Value): void {
  if (value.kind === "unknown") return;
  const { scope, summary } = walk;
  if (scope.kind === "class") {
    const fields = summary.classes[scope.class ?? -1]?.fields;
    if (fields !== undefined) append(fields, name, value);
    return;
  }
  const owner = ownerOf(scope, name);
  const bindings = summary.functions[owner.fn]?.bindings;
  if (bindings !== undefined) append(bindings, name, value);
}

/** Like {@link bind}; directly in a body a later definition takes the place of what was there. */
export function rebind(walk: Walk, name: string, value: Value): void {
  const { scope, summary } = walk;
  const bindings = scope.depth === 1 && scope.kind !== "class" ? summary.functions[scope.fn]?.bindings : undefined;
  if (bindings !== undefined) delete bindings[name];
  bind(walk, name, value);
}

/** The scope whose name is meant: `global` and `nonlocal` names belong further out. */
function ownerOf(scope: Scope, name: string): Scope {
  for (let each: Scope | null = scope; each !== null; each = each.parent) {
    if (each.kind !== "class" && each.declared.has(name)) return each;
    if (each.parent === null) return each;
  }
  return scope;
}

export function append(lists: Record<string, Value[]>, key: string, value: Value): void {
  const list = lists[key];
  if (list === undefined) lists[key] = [value];
  else if (list.length < mostValues) list.push(value);
}

/** More values of one name (a table filled by a thousand lines) tell nothing about any of them. */
const mostValues = 32;
