/** Whether a list may get pages, as far as the model tells: asked while an app is judged. */
import type { Model } from "../../../analyzers/model.ts";
import type { Query } from "../../../analyzers/queries/index.ts";

const known = new WeakMap<Model, ReadonlySet<string>>();

/** The functions that answer requests in Express: there the request is at hand. */
export function expressHandlers(model: Model): ReadonlySet<string> {
  const found = known.get(model) ?? new Set(handlersOf(model));
  known.set(model, found);
  return found;
}

function handlersOf(model: Model): string[] {
  return model.routes
    .filter(({ framework, via }) => framework === "express" && via === "http")
    .flatMap(({ handlers }) => handlers.flatMap(({ fn }) => fn ?? []));
}

/** Libraries for which pages are written. */
export function knowsPages({ dialect }: Query): boolean {
  return dialect === "mongoose" || dialect === "prisma";
}

export function isPageable(query: Query, model: Model): boolean {
  return knowsPages(query) && query.order.length > 0 && expressHandlers(model).has(query.call.fn);
}
