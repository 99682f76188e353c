/** The writes that a function makes itself or has made by functions it calls, one after the other. */
import { indexIn } from "../../analyzers/ids.ts";
import { takerOf } from "../../analyzers/flow/taker.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";
import { isWrite, queriesOf, type Query } from "../../analyzers/queries/index.ts";
import { isWithin, runsInTransaction } from "../../analyzers/queries/transactions.ts";
import { isAside } from "./names.ts";
import { isSwitchedOff } from "./switched-off.ts";

/** A write as the function sees it that does the work: the call there, and the query behind it. */
export interface Step {
  site: CallSite;
  query: Query;
}

/** Functions between the one that does the work and the query: `orderRepository.create`. */
const MAX_DEPTH = 3;

const known = new WeakMap<Model, ReadonlyMap<string, readonly Step[]>>();

/** Function -> its writes that no transaction holds. */
export function writtenSteps(model: Model): ReadonlyMap<string, readonly Step[]> {
  const found = known.get(model) ?? stepsByFunction(model);
  known.set(model, found);
  return found;
}

/** Function -> the writes that it makes itself or has made by functions it calls. */
function stepsByFunction(model: Model): Map<string, Step[]> {
  const byFn = new Map<string, Step[]>();
  for (const query of queriesOf(model)) {
    if (!isWrite(query) || !query.waited || !["server", "worker"].includes(model.context(query.call.file))) continue;
    if (
      query.table !== null &&
      (isAside(query.table) || /(setting|preference|config|counter|sequence)s?$/i.test(query.table))
    )
      continue;
    if (isTally(query) || runsInTransaction(model, query)) continue;
    let sites = [query.call];
    const seen = new Set<string>();
    for (let depth = 0; depth < MAX_DEPTH && sites.length > 0; depth += 1) {
      const holders = sites.map((site) => holderOf(site, model));
      for (const [index, site] of sites.entries()) addStep(byFn, holders[index] ?? site.fn, { site, query });
      sites = holders
        // A function that calls itself begins again: what it wrote the first time is not half of a piece of work.
        .flatMap((fn, index) => (seen.has(fn) ? [] : callersOf(fn, sites[index], model)))
        .filter(
          (call) => (!isWithin(model, call) && call.use !== "discarded" && call.use !== "chained") || call.awaited,
        );
      for (const fn of holders) seen.add(fn);
    }
  }
  return byFn;
}

/** Those that ask for this piece of the function's work, but not the function itself. */
function callersOf(fn: string, site: CallSite | undefined, model: Model): CallSite[] {
  return model
    .callers(fn)
    .filter((call) => holderOf(call, model) !== fn && (site === undefined || !isSwitchedOff(site, call, model)));
}

/** `viewCount + 1`: how often something was looked at; nobody makes it good, and nothing rests on it. */
function isTally({ sets }: Query): boolean {
  return (
    sets.length > 0 &&
    sets.every(({ column, relative }) => relative && /^(view|visit|hit|click|impression|play)/i.test(column))
  );
}

function addStep(byFn: Map<string, Step[]>, fn: string, step: Step): void {
  const steps = byFn.get(fn) ?? [];
  if (!steps.some(({ site, query }) => site.id === step.site.id && query === step.query))
    byFn.set(fn, [...steps, step]);
}

const inline = new Set(["map", "forEach", "flatMap", "then", "catch", "finally", "filter", "reduce"]);

/** The function around a call, seen from which a callback of `map` or `then` is a part of the work. */
export function holderOf({ file, fn }: CallSite, model: Model): string {
  let id = fn;
  for (let own = model.fn(id); own !== null && own.parent !== null; own = model.fn(id)) {
    const taker = takerOf(id, model);
    const callee = taker === null ? undefined : model.summary(file)?.calls[indexIn(taker.id)]?.callee;
    const isPart =
      (callee?.kind === "member" && inline.has(callee.property)) ||
      (callee?.kind === "name" && callee.name === "Promise");
    if (!isPart) return id;
    id = own.parent;
  }
  return id;
}
