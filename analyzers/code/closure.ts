/** Everything that may run when a function runs: the functions inside it and all that it calls, to any depth. */
import { fileIn, indexIn } from "../ids.ts";
import type { CallSite, Model } from "../model.ts";
import type { Summary } from "../summary.ts";

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

function walked(start: string, model: Model): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [start];
  const later = registeredIn(model);
  for (let id = waiting.pop(); id !== undefined && seen.size < MAX_FUNCTIONS; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const file = fileIn(id);
    const parts = partsOf(model.summary(file))?.get(indexIn(id));
    if (indexIn(id) !== 0) waiting.push(...innerOf(parts, file).filter((inner) => !later.has(inner)));
    for (const site of callsIn(id, model)) waiting.push(...model.targets(site).map((target) => target.id));
  }
  return seen;
}

function innerOf(parts: PartsOfFunction | undefined, file: string): string[] {
  return (parts?.inner ?? []).map((index) => `${file}#${index}`);
}

const registered = new WeakMap<Model, ReadonlySet<string>>();

/** Functions that run as entries of their own. */
export function registeredIn(model: Model): ReadonlySet<string> {
  const known =
    registered.get(model) ?? new Set(model.entries.flatMap(({ kind, fn }) => (kind === "process" ? [] : [fn])));
  registered.set(model, known);
  return known;
}

/** The calls that stand directly in a function's body, in source order. */
export function callsIn(fn: string, model: Model): CallSite[] {
  const file = fileIn(fn);
  const parts = partsOf(model.summary(file))?.get(indexIn(fn));
  return (parts?.calls ?? []).flatMap((index) => model.call(`${file}#${index}`) ?? []);
}

/** Per function of a file: the functions directly inside it, and its calls. */
type Parts = ReadonlyMap<number, PartsOfFunction>;
interface PartsOfFunction {
  inner: number[];
  calls: number[];
}

const partsBySummary = new WeakMap<Summary, Parts>();

function partsOf(summary: Summary | null): Parts | null {
  if (summary === null) return null;
  const known = partsBySummary.get(summary);
  if (known !== undefined) return known;
  const empty = (): PartsOfFunction => ({ inner: [], calls: [] });
  const parts = new Map(summary.functions.map((_, index) => [index, empty()]));
  for (const [index, { parent }] of summary.functions.entries()) {
    if (parent !== null) parts.get(parent)?.inner.push(index);
  }
  for (const [index, { fn }] of summary.calls.entries()) parts.get(fn)?.calls.push(index);
  partsBySummary.set(summary, parts);
  return parts;
}
