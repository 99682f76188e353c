/** The functions that run when one function runs: what it calls, and what it hands to others as callbacks. */
import { callsOf, fnsIn } from "./calls-in.ts";
import type { Model } from "../model.ts";

/** More functions than this are not looked at: nothing that is to be judged as a whole is so large. */
const most = 300;

/** Ids of the functions, the given one first. `isWhole` is false where the bound cut them off. */
export function codeBehind(fn: string, model: Model): { functions: Set<string>; isWhole: boolean } {
  const functions = new Set([fn]);
  for (const id of functions) {
    if (functions.size > most) return { functions, isWhole: false };
    for (const call of callsOf(id, model)) for (const target of model.targets(call)) functions.add(target.id);
    const held = model.fn(id);
    for (const inner of held === null ? [] : fnsIn(model, held)) functions.add(inner.id);
  }
  return { functions, isWhole: true };
}
