/** Everything that may run when a function runs: the functions inside it and all that it calls, to any depth. */
import type { Fn, Model, Route } from "../model.ts";
import { callsIn, fnsIn } from "./calls-in.ts";

const closures = new WeakMap<Model, Map<string, ReadonlySet<string>>>();
/** More functions than this are not one piece of work any more. */
const MAX_FUNCTIONS = 2000;

/**
 * Ids of the function, those inside it and all that it may call. A module's body stands for its own calls alone; what a
 * function only registers (a job, a listener, a route) runs later and does not belong to it.
 */
export function closureOf({ id }: { id: string }, model: Model): ReadonlySet<string> {
  const known = closures.get(model) ?? new Map<string, ReadonlySet<string>>();
  closures.set(model, known);
  const found = known.get(id) ?? walked(id, model);
  known.set(id, found);
  return found;
}

/** Every function that may run when a route's own handlers run, other than modules, whose bodies are everybody's. */
export function runByHandlers({ handlers }: Route, model: Model): Fn[] {
  const ids = handlers.flatMap(({ fn }) => (fn === null ? [] : [...closureOf({ id: fn }, model)]));
  return [...new Set(ids)].flatMap((id) => {
    const fn = model.fn(id);
    return fn === null || fn.isModule ? [] : [fn];
  });
}

function walked(start: string, model: Model): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [start];
  const later = registeredIn(model);
  for (let id = waiting.pop(); id !== undefined && seen.size < MAX_FUNCTIONS; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const fn = model.fn(id);
    if (fn === null) continue;
    if (!fn.isModule) waiting.push(...fnsIn(model, fn).flatMap((inner) => (later.has(inner.id) ? [] : [inner.id])));
    for (const site of callsIn(model, fn)) waiting.push(...model.targets(site).map((target) => target.id));
  }
  return seen;
}

const registered = new WeakMap<Model, ReadonlySet<string>>();

/** Functions that run as entries of their own. */
export function registeredIn(model: Model): ReadonlySet<string> {
  const known =
    registered.get(model) ?? new Set(model.entries.flatMap(({ kind, fn }) => (kind === "process" ? [] : [fn])));
  registered.set(model, known);
  return known;
}
