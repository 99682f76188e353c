/** The summaries of a repo as a graph of nodes: files, functions, classes and calls that know each other. */
import type { Call, ClassFact, FunctionFact, Summary, Value } from "../summary.ts";

export interface FileNode {
  path: string;
  summary: Summary;
  fns: FnNode[];
  calls: CallNode[];
  classes: ClassNode[];
}

export interface FnNode {
  /** Number, unique within the program. */
  uid: number;
  index: number;
  file: FileNode;
  fact: FunctionFact;
  parent: FnNode | null;
  class: ClassNode | null;
  /** One value per name and parameter that the function declares, whatever reference is asked about. */
  names: Map<string, Value>;
}

export interface ClassNode {
  uid: number;
  index: number;
  file: FileNode;
  fact: ClassFact;
}

export interface CallNode {
  uid: number;
  index: number;
  file: FileNode;
  fact: Call;
  fn: FnNode;
}

export interface Program {
  files: ReadonlyMap<string, FileNode>;
  fns: readonly FnNode[];
  calls: readonly CallNode[];
  /** Classes by name; only the ones whose name is unique in the program. */
  classes: ReadonlyMap<string, ClassNode>;
}

/** `<file>#<index>`, as the model's `Fn` and `CallSite` are addressed. */
export function idOf(node: FnNode | CallNode): string {
  return `${node.file.path}#${node.index}`;
}

/** Joins the summaries. Facts that point nowhere (a damaged cache) are left out. */
export function createProgram(summaries: ReadonlyMap<string, Summary>): Program {
  const files = new Map<string, FileNode>();
  const fns: FnNode[] = [];
  const calls: CallNode[] = [];
  const classes: ClassNode[] = [];
  for (const [path, summary] of summaries) {
    const file: FileNode = { path, summary, fns: [], calls: [], classes: [] };
    files.set(path, file);
    for (const [index, fact] of summary.classes.entries()) {
      const node = { uid: classes.length, index, file, fact };
      classes.push(node);
      file.classes.push(node);
    }
    for (const [index, fact] of summary.functions.entries()) {
      const parent = fact.parent === null ? null : (file.fns[fact.parent] ?? null);
      const ofClass = fact.class === null ? null : (file.classes[fact.class] ?? null);
      const node = { uid: fns.length, index, file, fact, parent, class: ofClass, names: new Map<string, Value>() };
      fns.push(node);
      file.fns.push(node);
    }
    for (const [index, fact] of summary.calls.entries()) {
      const fn = file.fns[fact.fn] ?? file.fns[0];
      if (fn === undefined) continue;
      const node = { uid: calls.length, index, file, fact, fn };
      calls.push(node);
      file.calls[index] = node;
    }
  }
  return { files, fns, calls, classes: uniqueByName(classes) };
}

function uniqueByName(classes: readonly ClassNode[]): Map<string, ClassNode> {
  const byName = new Map<string, ClassNode>();
  const twice = new Set<string>();
  for (const node of classes) {
    const { name } = node.fact;
    if (name === null) continue;
    if (byName.has(name)) twice.add(name);
    byName.set(name, node);
  }
  for (const name of twice) byName.delete(name);
  return byName;
}

/** The class's own constructor; null when it has none. */
export function constructorOf(node: ClassNode): FnNode | null {
  const member = node.fact.members.find((each) => each.name === "constructor" && !each.static);
  return member === undefined ? null : (node.file.fns[member.fn] ?? null);
}

/** True when `fn` is `ancestor` or lies within it. */
export function isWithin(fn: FnNode, ancestor: FnNode): boolean {
  for (let each: FnNode | null = fn; each !== null; each = each.parent) if (each === ancestor) return true;
  return false;
}

/** The same value for every reference to a name or parameter, so that what is found out about one holds for all. */
export function canonical(file: FileNode, value: Value): Value {
  if (value.kind !== "name" && value.kind !== "param") return value;
  const names = file.fns[value.fn]?.names;
  // A position is no identifier, so the two never meet.
  const name = value.kind === "name" ? value.name : String(value.index);
  const known = names?.get(name) ?? value;
  names?.set(name, known);
  return known;
}

/** A record's own entry: keys come from source text, so `constructor` may be one. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

const superCalls = new WeakMap<FileNode, ReadonlyMap<FnNode, CallNode>>();

/** The `super(...)` of a constructor; undefined where it makes none. */
export function superCallOf(constructor: FnNode): CallNode | undefined {
  const { file } = constructor;
  const found =
    superCalls.get(file) ??
    new Map(
      file.calls
        .filter(isSuperCall)
        .map((call) => [call.fn, call] as const)
        .toReversed(),
    );
  superCalls.set(file, found);
  return found.get(constructor);
}

/** True for `super(...)`: the call that a constructor makes of what its class extends. */
export function isSuperCall({ fact, fn }: CallNode): boolean {
  const parent = fn.fact.kind === "constructor" ? (fn.class?.fact.extends ?? null) : null;
  return parent !== null && fact.isNew && isSame(fact.callee, parent);
}

function isSame(a: Value, b: Value): boolean {
  if (a.kind === "name" && b.kind === "name") return a.name === b.name && a.fn === b.fn;
  if (a.kind === "imported" && b.kind === "imported") return a.specifier === b.specifier && a.name === b.name;
  if (a.kind === "class" && b.kind === "class") return a.class === b.class;
  if (a.kind === "call" && b.kind === "call") return a.call === b.call;
  return a.kind === "member" && b.kind === "member" && a.property === b.property && isSame(a.object, b.object);
}

/** The value as written when it is a plain name with one assignment; else the value itself. */
export function behindName(file: FileNode, value: Value): Value {
  if (value.kind !== "name") return value;
  const bound = own(file.fns[value.fn]?.fact.bindings ?? {}, value.name);
  const only = bound?.[0];
  return bound?.length === 1 && only !== undefined && only !== value ? only : value;
}

/** A value that stands for any of what is spread, as `...items` does. */
export function spreading(object: Value): Value {
  return { kind: "operation", operator: "...", of: [object] };
}

/** What is spread where a value stands among arguments or items (`...items`); null when nothing is. */
export function spreadOf(value: Value | undefined): Value | null {
  return value?.kind === "operation" && value.operator === "..." ? (value.of[0] ?? null) : null;
}
