/** Whether what a call brings is kept on the way to the request: by a cache, a header, a variable or a wrapper. */
import { callsIn } from "../../analyzers/code/calls-in.ts";
import { cellsOf, readersOf } from "../../analyzers/state/cells.ts";
import { textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Fn, Model, Reach } from "../../analyzers/model.ts";

/** Words in a function that say that it keeps, or lets others keep, what it answers. */
const keeps =
  /cache-control|s-maxage|\bmax-?age\b|revalidate|force-cache|unstable_cache|\bcacheable\b|memoi[sz]e|pMemoize|\bwithCache\b|getOrSet|\bcache[dD]?\w*\s*[.([=?]|\b\w*[cC]ache[ds]?\.(get|has|wrap|match|fetch)|\.wrap\(|setHeader\(\s*["'`](cache-control|expires|etag)/i;

/** On this way: in some function on it, or in a middleware of the route. */
export function isKept(model: Model, call: CallSite, way: Reach): boolean {
  const fns = [...new Set([...way.path.map(({ fn }) => fn), call.fn])].flatMap((id) => model.fn(id) ?? []);
  if (fns.some((fn) => !fn.isModule && keepsAnswers(model, fn))) return true;
  const route = model.routes.find(({ id }) => id === way.entry.routeId);
  return route !== undefined && routeKeeps(model, route.id);
}

const known = new WeakMap<Model, Map<string, boolean>>();

function remembered(model: Model, key: string, ask: () => boolean): boolean {
  const answers = known.get(model) ?? new Map<string, boolean>();
  known.set(model, answers);
  const answer = answers.get(key) ?? ask();
  answers.set(key, answer);
  return answer;
}

/** A function that says so, asks a cache, or fills a variable that it has looked at. */
export function keepsAnswers(model: Model, fn: Fn): boolean {
  return remembered(
    model,
    fn.id,
    () => keeps.test(textOf(model, fn)) || asksCache(model, fn) || fillsVariable(model, fn),
  );
}

function asksCache(model: Model, fn: Fn): boolean {
  return callsIn(model, fn).some((call) => model.usesAt(call).some(({ kind }) => kind === "cache"));
}

function fillsVariable(model: Model, fn: Fn): boolean {
  return cellsOf(model).some(
    (cell) =>
      cell.changes.some((change) => change.fn.id === fn.id && change.how !== "count" && change.how !== "drop") &&
      readersOf(model, cell).some(({ id }) => id === fn.id),
  );
}

/** Middleware of the route that keeps answers or tells browsers and CDNs to. */
export function routeKeeps(model: Model, routeId: string): boolean {
  return remembered(model, `route ${routeId}`, () => {
    const route = model.routes.find(({ id }) => id === routeId);
    return (route?.middleware ?? []).some(({ api, fn: id, also = [] }) => {
      if (api !== null)
        return /apicache|route-cache|express-cache|cache-middleware|express-redis-cache|cacheable/i.test(api);
      return [id, ...also].some((each) => {
        const fn = each === null ? null : model.fn(each);
        return fn !== null && /cache/i.test(`${fn.name ?? ""} ${textOf(model, fn)}`);
      });
    });
  });
}
