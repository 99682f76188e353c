/** Queries that stand in the same function. */
import type { Model } from "../model.ts";
import { queriesOf, type Query } from "./index.ts";

const known = new WeakMap<Model, ReadonlyMap<string, readonly Query[]>>();

/** The queries that a function asks itself, in source order of their calls. */
export function queriesIn(fn: string, model: Model): readonly Query[] {
  const byFn = known.get(model) ?? grouped(model);
  known.set(model, byFn);
  return byFn.get(fn) ?? [];
}

function grouped(model: Model): Map<string, Query[]> {
  const byFn = new Map<string, Query[]>();
  for (const query of queriesOf(model)) {
    const found = byFn.get(query.call.fn);
    if (found === undefined) byFn.set(query.call.fn, [query]);
    else found.push(query);
  }
  return byFn;
}
