/** The uses that stand in given functions, without a look at all others. */
import type { Model, SinkKind, Use } from "../model.ts";

const byFunction = new WeakMap<Model, ReadonlyMap<string, readonly Use[]>>();

/** Uses of these kinds whose calls stand in one of the functions. */
export function usesWithin(fns: Iterable<string>, kinds: readonly SinkKind[], model: Model): Use[] {
  const known = byFunction.get(model) ?? grouped(model);
  byFunction.set(model, known);
  return [...fns].flatMap((fn) => (known.get(fn) ?? []).filter(({ kind }) => kind !== null && kinds.includes(kind)));
}

function grouped(model: Model): Map<string, Use[]> {
  const found = new Map<string, Use[]>();
  for (const use of model.uses) {
    if (use.kind === null) continue;
    const uses = found.get(use.call.fn);
    if (uses === undefined) found.set(use.call.fn, [use]);
    else uses.push(use);
  }
  return found;
}
