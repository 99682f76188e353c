/** What a call costs each time it is made, directly or through the functions it runs. */
import { closureOf } from "../../analyzers/code/closure.ts";
import type { CallSite, Model, Use } from "../../analyzers/model.ts";
import { isWritingRequest } from "../../analyzers/code/requests.ts";
import { spreadUp, type Spread } from "../../analyzers/code/spread.ts";

/** What one turn of a loop costs: a call of somebody else, or of the app's own database. */
export type Cost = "outside" | "told" | "lookup" | "write" | "read";

/** The costliest first. */
export const costOrder: readonly Cost[] = ["outside", "told", "lookup", "write", "read"];

export interface Deed {
  use: Use;
  cost: Cost;
}

/** What a call costs each time; null when it costs nothing to speak of. */
export function deedOf(call: CallSite, model: Model): Deed | null {
  const costs = known.get(model) ?? spreadUp(model, deedsIn(model));
  known.set(model, costs);
  const own = model.usesAt(call).flatMap((use) => weighed(use) ?? []);
  const inner = model.targets(call).flatMap(({ id }) => [...(costs.get(id)?.values() ?? [])]);
  return [...own, ...inner].toSorted((a, b) => costOrder.indexOf(a.cost) - costOrder.indexOf(b.cost))[0] ?? null;
}

const known = new WeakMap<Model, Spread<Deed>>();

function deedsIn(model: Model): { fn: string; key: string; thing: Deed }[] {
  return model.usesOfKind(...costly).flatMap((use) => {
    const deed = weighed(use);
    return deed === null ? [] : [{ fn: use.call.fn, key: deed.cost, thing: deed }];
  });
}

function weighed(use: Use): Deed | null {
  const cost = costOf(use);
  return cost === null ? null : { use, cost };
}

/** The functions that a call runs. */
export function insideOf(call: CallSite, model: Model): string[] {
  return model.targets(call).flatMap((target) => [...closureOf(target, model)]);
}

const costly = ["mail", "push", "model", "payment", "http", "image", "pdf", "database-write", "database-read"] as const;

function costOf(use: Use): Cost | null {
  const { kind, api, call } = use;
  switch (kind) {
    case "mail":
    case "push":
    case "model":
    case "payment":
      return call.isNew ? null : "outside";
    case "image":
    case "pdf":
      return "lookup";
    case "http":
      if (call.isNew || api.startsWith("@supabase/")) return null;
      return isWritingRequest(use) ? "told" : "lookup";
    case "database-write":
      return "write";
    case "database-read":
      return "read";
    default:
      return null;
  }
}
