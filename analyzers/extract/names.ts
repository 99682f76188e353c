/** Names: who declares them, what a reference stands for, and every value given to them. */
import type { FunctionFact, Value } from "../summary.ts";
import { append, nothing, record, type Frame, type Walk } from "./walk.ts";

/** What a reference to `name` stands for here: a parameter, an import, a declared name, or a global (`fn` 0, no binding). */
export function resolve(walk: Walk, name: string): Value {
  for (let frame: Frame | null = walk.frame; frame !== null; frame = frame.parent) {
    const value = frame.names.get(name);
    if (value !== undefined) return value;
  }
  let global = walk.globals.get(name);
  if (global === undefined) {
    global = { kind: "name", name, fn: 0 };
    walk.globals.set(name, global);
  }
  return global;
}

/** Declares `name` in the current function. A parameter of that name becomes the name's first value. */
export function declare(walk: Walk, name: string): void {
  const { frame } = walk;
  const known = frame.names.get(name);
  if (known?.kind === "name") return;
  const bindings = bindingsOf(walk, frame.id);
  frame.names.set(name, { kind: "name", name, fn: frame.id });
  bindings[name] = known === undefined ? [] : [known];
}

/** Notes a value given to `name` by a declaration or an assignment; an undeclared name becomes the module's. */
export function bind(walk: Walk, name: string, value: Value): void {
  const declared = resolve(walk, name);
  if (declared.kind === "name") append(bindingsOf(walk, declared.fn), name, value);
}

/** Like {@link bind} for a `const`: a name for an import stands for the import itself from here on. */
export function bindConstant(walk: Walk, name: string, value: Value): void {
  bind(walk, name, value);
  if (value.kind === "imported" && walk.frame.names.has(name)) walk.frame.names.set(name, value);
}

/** True when `value` is the global of that name and nothing in the file declares it. */
export function isGlobal(walk: Walk, value: Value, name: string): boolean {
  return value.kind === "name" && value.name === name && walk.globals.get(name) === value;
}

export function bindingsOf(walk: Walk, fn: number): Record<string, Value[]> {
  const fact: FunctionFact | undefined = walk.summary.functions[fn];
  if (fact === undefined) return record();
  if (fact.bindings === nothing) fact.bindings = record();
  return fact.bindings;
}
