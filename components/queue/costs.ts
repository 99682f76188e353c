/** What a call costs each time it is made, directly or through the functions it runs. */
import { closureOf } from "../../analyzers/closure.ts";
import type { CallSite, Model, Use } from "../../analyzers/model.ts";
import { isWritingRequest } from "../../analyzers/requests.ts";

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
  const costs = known.get(model) ?? costliest(model);
  known.set(model, costs);
  const own = model.usesAt(call).flatMap((use) => weighed(use) ?? []);
  return worst([...own, ...insideOf(call, model).flatMap((fn) => costs.get(fn) ?? [])]);
}

const known = new WeakMap<Model, Map<string, Deed>>();

/** The costliest use in each function's own body. */
function costliest(model: Model): Map<string, Deed> {
  const found = new Map<string, Deed>();
  for (const use of model.usesOfKind(...costly)) {
    const deed = weighed(use);
    const best = deed === null ? null : worst([deed, found.get(use.call.fn)]);
    if (best !== null) found.set(use.call.fn, best);
  }
  return found;
}

function weighed(use: Use): Deed | null {
  const cost = costOf(use);
  return cost === null ? null : { use, cost };
}

function worst(deeds: readonly (Deed | undefined)[]): Deed | null {
  return (
    deeds
      .filter((deed) => deed !== undefined)
      .toSorted((a, b) => costOrder.indexOf(a.cost) - costOrder.indexOf(b.cost))[0] ?? null
  );
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
