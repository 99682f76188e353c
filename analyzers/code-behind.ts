/** The functions that run when one function runs: what it calls, and what it hands to others as callbacks. */
import type { CallSite, Model } from "./model.ts";

/** More functions than this are not looked at: nothing that is to be judged as a whole is so large. */
const most = 300;

/** Ids of the functions, the given one first. `isWhole` is false where the bound cut them off. */
export function codeBehind(fn: string, model: Model): { functions: Set<string>; isWhole: boolean } {
  const functions = new Set([fn]);
  for (const id of functions) {
    if (functions.size > most) return { functions, isWhole: false };
    for (const call of callsOf(id, model)) for (const target of model.targets(call)) functions.add(target.id);
    const file = id.slice(0, id.lastIndexOf("#"));
    for (const inner of model.functions(file)) if (inner.parent === id) functions.add(inner.id);
  }
  return { functions, isWhole: true };
}

const byFunction = new WeakMap<Model, Map<string, ReadonlyMap<number, readonly number[]>>>();

/** The calls in a function's own body, in source order; those of functions in it are theirs. */
export function callsOf(fn: string, model: Model): CallSite[] {
  const at = fn.lastIndexOf("#");
  const file = fn.slice(0, at);
  const files = byFunction.get(model) ?? new Map<string, ReadonlyMap<number, readonly number[]>>();
  byFunction.set(model, files);
  const calls = files.get(file) ?? grouped(file, model);
  files.set(file, calls);
  return (calls.get(Number(fn.slice(at + 1))) ?? []).flatMap((index) => model.call(`${file}#${index}`) ?? []);
}

function grouped(file: string, model: Model): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const [index, { fn }] of (model.summary(file)?.calls ?? []).entries()) {
    const own = found.get(fn);
    if (own === undefined) found.set(fn, [index]);
    else own.push(index);
  }
  return found;
}
