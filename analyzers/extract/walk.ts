/** What the parts of the extractor share while one file is walked: the summary so far, and where in the code the walk stands. */
import type { CallUse, ClassId, FnId, FunctionFact, Span, Summary, Value } from "../summary.ts";
import type { Source } from "./source.ts";
import type { ClassNode, Expression, FunctionNode, List, Ranged } from "./tree.ts";
import type { Statement } from "./tree-statements.ts";

/** The walk inside one function body. */
export interface Frame {
  readonly id: FnId;
  readonly parent: Frame | null;
  /** What a reference to each declared name stands for; one shared value per name. */
  readonly names: Map<string, Value>;
  /** The function that `this` belongs to: an arrow has its holder's. */
  readonly thisFn: FnId;
  /** True inside a loop, or when the whole function is an iteration callback. */
  loop: boolean;
  /** True inside a `try` block that has a `catch`. */
  guarded: boolean;
  /** Number of `throw` statements met so far. */
  throws: number;
  statement: Ranged;
  /** Span of {@link statement}, once somebody asked for it. */
  statementSpan: Span | null;
}

/** How a function came by its name and place, where its own node does not say. */
export interface FunctionRole {
  name?: string | null;
  kind?: FunctionFact["kind"];
  class?: ClassId;
  /** The declaration including `export`. */
  range?: Ranged;
}

export interface Walk {
  readonly source: Source;
  readonly summary: Summary;
  /** Values of names that nothing in the file declares. */
  readonly globals: Map<string, Value>;
  /** Names whose value is awaited or returned somewhere. */
  readonly waited: Set<Value>;
  /** Values pushed onto a named array, which `Promise.all(array)` waits for later. */
  readonly pushed: { array: Value; item: Value }[];
  frame: Frame;
  /** True while the function about to be walked is an iteration callback (`map`, `forEach`). */
  iterating: boolean;
  expression(node: Expression, use: CallUse, guarded?: boolean): Value;
  statements(list: List<Statement>): void;
  functionLike(node: FunctionNode, role: FunctionRole): FnId;
  classLike(node: ClassNode, name: string | null, range: Ranged): ClassId;
  /** Parses and walks one expression that the tree leaves out. */
  fragment(range: Ranged): Value;
}

export const unknown: Value = Object.freeze({ kind: "unknown" });

/** A record whose keys come from source text: without a prototype, so that `constructor` and `__proto__` are plain keys. */
export function record<T>(): Record<string, T> {
  return Object.create(null);
}

/** Stands in for the bindings of the many functions that declare nothing. */
export const nothing: Record<string, never> = Object.freeze(record<never>());

export function statementSpan(walk: Walk): Span {
  return (walk.frame.statementSpan ??= walk.source.span(walk.frame.statement));
}

/** Runs `body` inside another frame. */
export function inFrame<T>(walk: Walk, frame: Frame, body: () => T): T {
  const outer = walk.frame;
  walk.frame = frame;
  const result = body();
  walk.frame = outer;
  return result;
}

/** Adds a value to a list under a key that may be new. Lists are kept at their exact size: there are very many short ones. */
export function append(lists: Record<string, Value[]>, key: string, value: Value): void {
  const list = lists[key];
  lists[key] = list === undefined ? [value] : [...list, value];
}

/** What `read` makes of each node, in an array of exactly that size (`push` would reserve room for 17). */
export function collect<T, U>(list: List<T>, read: (node: T) => U): U[] {
  const { length } = list;
  if (length === 0) return [];
  const items = Array<U>(length);
  let index = 0;
  for (const node of list) {
    items[index] = read(node);
    index += 1;
  }
  return items;
}
