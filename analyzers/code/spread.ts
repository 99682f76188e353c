/** What functions do, known of everything that runs them: from the function that does it up to its callers. */
import { registeredIn } from "./closure.ts";
import type { CallSite, Model } from "../model.ts";

/** By function id, what it does itself or through what it runs; one thing per key. */
export type Spread<Thing> = ReadonlyMap<string, ReadonlyMap<string, Thing>>;

/**
 * Carries each thing to the callers that wait for its function and to the functions around it. What a function only registers
 * (a job, a listener, a route) or lets go runs by itself and is not said of it; a module's body is no function.
 */
export function spreadUp<Thing>(
  model: Model,
  things: readonly { fn: string; key: string; thing: Thing }[],
): Spread<Thing> {
  const found = new Map<string, Map<string, Thing>>();
  const later = registeredIn(model);
  const waiting = [...things];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { fn, key, thing } = next;
    const known = found.get(fn) ?? new Map<string, Thing>();
    if (known.has(key)) continue;
    found.set(fn, known.set(key, thing));
    const holder = later.has(fn) ? null : (model.fn(fn)?.parent ?? null);
    const isAsync = model.fn(fn)?.async === true;
    const above = model.callers(fn).flatMap((caller) => (isAsync && isLetGo(caller) ? [] : [caller.fn]));
    if (holder !== null && model.fn(holder)?.isModule === false) above.push(holder);
    waiting.push(...above.map((each) => ({ fn: each, key, thing })));
  }
  return found;
}

function isLetGo({ awaited, use }: CallSite): boolean {
  return !awaited && (use === "discarded" || use === "chained");
}
