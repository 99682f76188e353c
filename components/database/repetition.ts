/** Queries that are asked once per item of a list, also where the loop stands some calls above the query. */
import { indexOf, type Expr } from "../../analyzers/flow/expression.ts";
import { fileIndex, rootOf } from "../../analyzers/flow/file-index.ts";
import { sourcesOfAll } from "../../analyzers/flow/sources.ts";
import type { Source } from "../../analyzers/flow/walk.ts";
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import type { Query } from "../../analyzers/queries/index.ts";
import { outcomeOf } from "../../analyzers/queries/outcome.ts";

/** The list that is gone through. */
export interface Items {
  /** `rows`: of a query; `nested`: within one row; `request`: what a user sent; `other`: from outside, or not known. */
  kind: "rows" | "nested" | "request" | "other";
  /** The query that gave them. */
  query: Query | null;
  /** Equal for loops over the same list. */
  key: string;
}

export interface Repetition {
  /** The call within the loop: the query itself, or the function that asks it. */
  site: CallSite;
  items: Items;
}

/** Calls between the loop and the query that are looked through. */
const MAX_DISTANCE = 4;
const iterations = new Set(["map", "forEach", "flatMap", "filter", "reduce", "some", "every"]);

/** Where a query is repeated on one way to it; null when no loop over a list is seen. */
export function repetitionOn(way: Reach, query: Query, model: Model): Repetition | null {
  const above = way.calls.filter(({ id }) => id !== query.call.id && id !== query.use.call.id).slice(-MAX_DISTANCE);
  const own = itemsIn(argumentsOfQuery(query, model), model);
  if (query.call.inLoop && own !== null) return { site: query.call, items: own };
  for (const site of above.toReversed()) {
    const items = site.inLoop ? itemsIn(argumentsOf(site, model), model) : itemsOfIteration(site, model);
    if (items !== null) return { site, items };
  }
  return null;
}

/** Every argument of the calls that a query consists of. */
export function argumentsOfQuery({ calls, call }: Query, model: Model): Expr[] {
  const sites = [...calls]
    .flatMap((id) => model.call(id) ?? [])
    .filter(({ file, fn }) => file === call.file && fn === call.fn);
  return sites.flatMap((site) => argumentsOf(site, model));
}

export function argumentsOf({ id, file }: CallSite, model: Model): Expr[] {
  const args = model.summary(file)?.calls[indexOf(id)]?.args ?? [];
  return args.map((value) => ({ file, value, frame: null }));
}

/** `orders.map(withCustomer)`: the function is named, so nothing in its arguments tells of the item. */
function itemsOfIteration({ id, file }: CallSite, model: Model): Items | null {
  const call = model.summary(file)?.calls[indexOf(id)];
  const callee = call?.callee;
  if (callee?.kind !== "member" || !iterations.has(callee.property) || call?.args[0]?.kind === "fn") return null;
  const object: Expr = { file, value: callee.object, frame: null };
  return bestOf(sourcesOfAll(model, [{ ...object, path: ["*"], computed: false }]), model);
}

function itemsIn(exprs: readonly Expr[], model: Model): Items | null {
  return bestOf(
    sourcesOfAll(
      model,
      exprs.map((expr) => ({ ...expr, path: [], computed: false })),
    ),
    model,
  );
}

const ranks: readonly Items["kind"][] = ["rows", "nested", "request", "other"];

function bestOf(sources: readonly Source[], model: Model): Items | null {
  const found = sources.flatMap((source) => itemsFrom(source, model) ?? []);
  return ranks.flatMap((kind) => found.find((items) => items.kind === kind) ?? [])[0] ?? null;
}

/** The list behind a value that was read from any of its items; null when it was read from none. */
function itemsFrom(source: Source, model: Model): Items | null {
  const at = source.path.indexOf("*");
  if (at < 0) return null;
  const list = source.path.slice(0, at).join(".");
  if (source.kind === "request") return { kind: "request", query: null, key: `request ${list}` };
  if (source.kind !== "call")
    return source.kind === "unknown" ? { kind: "other", query: null, key: `? ${list}` } : null;
  const outcome = outcomeOf(model, source);
  const key = `${source.call.id} ${list}`;
  if (outcome === null) return { kind: "other", query: null, key };
  return { kind: outcome.what === "item" ? "rows" : "nested", query: outcome.query, key };
}

/** True when all calls of the loop start at once: `Promise.all(list.map(async (item) => ...))`. */
export function startsAtOnce({ file, fn }: CallSite, model: Model): boolean {
  const summary = model.summary(file);
  const handed = summary === null ? undefined : fileIndex(summary).handed.get(indexOf(fn));
  const callee = handed === undefined ? undefined : summary?.calls[handed.call]?.callee;
  return callee?.kind === "member" && callee.property === "map";
}

/** Whether a query depends on the object whose field a GraphQL resolver fills: its first parameter. */
export function asksForParent(query: Query, handler: string, model: Model): boolean {
  const at = handler.lastIndexOf("#");
  const [file, fn] = [handler.slice(0, at), Number(handler.slice(at + 1))];
  if (query.call.file !== file) return false;
  return argumentsOfQuery(query, model).some(({ value }) => mentions(value, fn, model, file, 0));
}

function mentions(value: Expr["value"], fn: number, model: Model, file: string, depth: number): boolean {
  if (depth > 5) return false;
  const inner = (each: Expr["value"]): boolean => mentions(each, fn, model, file, depth + 1);
  const root = rootOf(value);
  if (root.kind === "param") return root.fn === fn && root.index === 0;
  if (root.kind === "name") return (model.summary(file)?.functions[root.fn]?.bindings[root.name] ?? []).some(inner);
  if (root.kind === "object") return root.entries.some((entry) => inner(entry.value));
  return root.kind === "array" && root.items.some(inner);
}
