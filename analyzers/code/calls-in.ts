/** The calls and the functions that a function holds: what runs when it runs, as far as its own text goes. */
import type { CallSite, Fn, Model } from "../model.ts";

interface Held {
  /** Function id -> calls whose innermost function it is, in source order. */
  calls: Map<string, CallSite[]>;
  /** Function id -> functions written inside it. */
  fns: Map<string, Fn[]>;
}

const known = new WeakMap<Model, Map<string, Held>>();

/** The calls of the function's own body; those of functions written inside it are theirs. */
export function callsIn(model: Model, fn: Fn): readonly CallSite[] {
  return heldIn(model, fn.file).calls.get(fn.id) ?? [];
}

/** The calls in a function's own body, by the function's id. */
export function callsOf(id: string, model: Model): readonly CallSite[] {
  const fn = model.fn(id);
  return fn === null ? [] : callsIn(model, fn);
}

/** The functions written directly inside it. */
export function fnsIn(model: Model, fn: Fn): readonly Fn[] {
  return heldIn(model, fn.file).fns.get(fn.id) ?? [];
}

/** The function and all that are written inside it, to any depth. */
export function withInner(model: Model, fn: Fn): Fn[] {
  const found = [fn];
  for (const each of found) found.push(...fnsIn(model, each));
  return found;
}

/** The innermost function of a file at an offset; null outside of every function of a file without a summary. */
export function fnAt(model: Model, file: string, offset: number): Fn | null {
  let found: Fn | null = null;
  for (const fn of model.functions(file)) {
    const isInside = fn.isModule || (fn.span.start <= offset && offset < fn.span.end);
    if (isInside && (found === null || found.isModule || fn.span.start >= found.span.start)) found = fn;
  }
  return found;
}

function heldIn(model: Model, file: string): Held {
  const files = known.get(model) ?? new Map<string, Held>();
  known.set(model, files);
  const held = files.get(file) ?? read(model, file);
  files.set(file, held);
  return held;
}

function read(model: Model, file: string): Held {
  const held: Held = { calls: new Map(), fns: new Map() };
  for (const [index] of (model.summary(file)?.calls ?? []).entries()) {
    const call = model.call(`${file}#${index}`);
    if (call !== null) append(held.calls, call.fn, call);
  }
  for (const fn of model.functions(file)) if (fn.parent !== null) append(held.fns, fn.parent, fn);
  return held;
}

function append<Item>(groups: Map<string, Item[]>, key: string, item: Item): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [item]);
  else group.push(item);
}
