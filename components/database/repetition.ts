/** Queries that are asked once per item of a list, also where the loop stands some calls above the query. */
import { fileIn, indexIn } from "../../analyzers/ids.ts";
import type { Expr } from "../../analyzers/flow/expression.ts";
import { rootOf } from "../../analyzers/flow/file-index.ts";
import { takerOf } from "../../analyzers/flow/taker.ts";
import { calledName } from "../../analyzers/flow/calls.ts";
import { sourcesOfAll } from "../../analyzers/flow/sources.ts";
import { stepFrom, type Source } from "../../analyzers/flow/walk.ts";
import { itemsHandedTo } from "../../analyzers/lists/loops.ts";
import { originOf } from "../../analyzers/lists/origin.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { Query } from "../../analyzers/queries/index.ts";

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
  /** The functions between the loop and the query. */
  through: readonly string[];
}

/** Functions between the loop and the query that are looked through. */
const MAX_DISTANCE = 3;
/** Places from which a query can be asked that are looked at; a query of more is a helper of everything. */
const MAX_SITES = 300;
const iterations = new Set(["map", "forEach", "flatMap", "filter", "reduce", "some", "every"]);

/** Every loop over a list in which a query is asked, the innermost on each way up from it. */
export function repetitionsOf(query: Query, model: Model): Repetition[] {
  const own =
    query.call.inLoop && !isLast(query.call, model)
      ? itemsIn(argumentsOfQuery(query, model), query.call.fn, model)
      : null;
  if (own !== null) return [{ site: query.call, items: own, through: [] }];
  const found: Repetition[] = [];
  const seen = new Set<string>();
  let level = [{ fn: query.call.fn, through: [query.call.fn] }];
  for (let distance = 0; distance < MAX_DISTANCE && seen.size < MAX_SITES; distance += 1) {
    const sites = level.flatMap(({ fn, through }) => sitesOf(fn, model).map((site) => ({ site, through })));
    const open = sites.filter(({ site }) => !seen.has(site.id));
    level = [];
    for (const { site, through } of open) {
      seen.add(site.id);
      if (isCollected(site, model)) continue;
      const items = itemsAt(site, model);
      if (items !== null) found.push({ site, items, through });
      else level.push({ fn: site.fn, through: [...through, site.fn] });
    }
  }
  return found;
}

/** `loader.load(id)` of DataLoader: what all items ask for is asked at once. */
function isCollected(site: CallSite, model: Model): boolean {
  return model.usesAt(site).some(({ api }) => /^dataloader:.*\.load(Many)?$/.test(api));
}

/** The calls that run a function: those of its name, and the one that a function literal is handed to. */
function sitesOf(fn: string, model: Model): CallSite[] {
  const taker = takerOf(fn, model);
  const takers = [...model.handedTo(fn), ...(taker === null ? [] : [taker])];
  return [...model.callers(fn), ...takers.filter((site) => !isLater(site, model))];
}

/** `cron.schedule(when, job)`, `emitter.on(event, listener)`: what is handed over runs at another time. */
function isLater({ id, file }: CallSite, model: Model): boolean {
  const callee = model.summary(file)?.calls[indexIn(id)]?.callee;
  return callee !== undefined && later.test(calledName(callee));
}

const later =
  /(^|\.)(schedule|scheduleJob|CronJob|setTimeout|setInterval|setImmediate|nextTick|on|once|addListener|addEventListener|subscribe|watch|process|listen|use)$/;

const knownItems = new WeakMap<Model, Map<string, Items | null>>();

/**
 * `if (matches) { await use(item); break; }`: it runs once, whatever the length of the list. Loops have no place of their
 * own, so the text tells whether one begins within the branch.
 */
function isLast({ file, span, fn }: CallSite, model: Model): boolean {
  const text = model.repo.read(file) ?? "";
  const arms = model.summary(file)?.arms ?? [];
  // A callback's return ends the round, not the loop; a decorator takes its function for other ends.
  const isCallback = !isPython(file) && takerOf(fn, model) !== null;
  const loop = isPython(file) ? /\bfor\b[^\n]*\bin\b|\bwhile\b/ : /\b(for|while)\s*\(|\.(map|forEach|flatMap)\(/;
  return arms.some(({ span: arm, ends }) => {
    const isIn = arm.start <= span.start && span.end <= arm.end;
    return (
      isIn &&
      ends !== null &&
      ends !== "continue" &&
      (ends === "break" || !isCallback) &&
      // Python's comprehensions say last what they go through.
      !loop.test(text.slice(arm.start, isPython(file) ? arm.end : span.start))
    );
  });
}

function itemsAt(site: CallSite, model: Model): Items | null {
  const known = knownItems.get(model) ?? new Map<string, Items | null>();
  knownItems.set(model, known);
  const found = known.get(site.id);
  if (found !== undefined) return found;
  const items = isLast(site, model)
    ? null
    : site.inLoop
      ? itemsIn(argumentsOf(site, model), site.fn, model)
      : itemsOfIteration(site, model);
  known.set(site.id, items);
  return items;
}

/** Every argument of the calls that a query consists of, and what its conditions compare with: `where(eq(orders.userId, id))`. */
export function argumentsOfQuery({ calls, call, filters }: Query, model: Model): Expr[] {
  const compared = filters.flatMap(({ value }) => value ?? []);
  const sites = [...calls]
    .flatMap((id) => model.call(id) ?? [])
    .filter(({ file, fn }) => file === call.file && fn === call.fn);
  return [...sites.flatMap((site) => argumentsOf(site, model)), ...compared];
}

export function argumentsOf({ id, file }: CallSite, model: Model): Expr[] {
  const args = model.summary(file)?.calls[indexIn(id)]?.args ?? [];
  return args.map((value) => ({ file, value, frame: null }));
}

/** `orders.map(withCustomer)`: the function is named, so nothing in its arguments tells of the item. */
function itemsOfIteration({ id, file }: CallSite, model: Model): Items | null {
  const call = model.summary(file)?.calls[indexIn(id)];
  const callee = call?.callee;
  if (callee?.kind !== "member" || !iterations.has(callee.property) || call?.args[0]?.kind === "fn") return null;
  const object: Expr = { file, value: callee.object, frame: null };
  return bestOf(sourcesOfAll(model, [stepFrom(object, ["*"])]), model);
}

/**
 * What a loop of the function `fn` goes through comes first: a value that all its rounds share may be an item of some
 * other list, and counts only where `fn` itself is run per item.
 */
function itemsIn(exprs: readonly Expr[], fn: string, model: Model): Items | null {
  const own = exprs.flatMap((expr) => {
    const summary = model.summary(expr.file);
    const items = summary === null ? [] : itemsHandedTo([expr.value], summary);
    return items.map((value) => ({ ...expr, value }));
  });
  const found = listBehind(own, model);
  return found !== null || (own.length > 0 && !isRunPerItem(fn, model)) ? found : listBehind(exprs, model);
}

/** `orders.map(async (order) => ...)` */
function isRunPerItem(fn: string, model: Model): boolean {
  const taker = takerOf(fn, model);
  const callee = taker === null ? undefined : model.summary(taker.file)?.calls[indexIn(taker.id)]?.callee;
  return callee?.kind === "member" && iterations.has(callee.property);
}

function listBehind(exprs: readonly Expr[], model: Model): Items | null {
  const steps = exprs.map((expr) => stepFrom(expr));
  return bestOf(sourcesOfAll(model, steps), model);
}

const ranks: readonly Items["kind"][] = ["rows", "nested", "request", "other"];

function bestOf(sources: readonly Source[], model: Model): Items | null {
  const found = sources.flatMap((source) => itemsFrom(source, model) ?? []);
  return ranks.flatMap((kind) => found.find((items) => items.kind === kind) ?? [])[0] ?? null;
}

/** The list behind a value that was read from any of its items; null when it was read from none, or is written out. */
function itemsFrom(source: Source, model: Model): Items | null {
  const at = source.path.indexOf("*");
  if (at < 0) return null;
  // The outer one of two loops decides: every item of every row is more than the items of one.
  const origin = originOf({ ...source, path: source.path.slice(0, at + 1) }, model);
  if (origin.kind === "constant") return null;
  const start = source.kind === "call" ? source.call.id : source.kind;
  const key = `${start} ${source.path.slice(0, at).join(".")}`;
  if (origin.kind === "table") return { kind: origin.isPart ? "nested" : "rows", query: origin.query, key };
  return { kind: origin.kind === "request" ? "request" : "other", query: null, key };
}

/** Whether a query depends on the object whose field a GraphQL resolver fills: its first parameter. */
export function asksForParent(query: Query, handler: string, model: Model): boolean {
  const [file, fn] = [fileIn(handler), indexIn(handler)];
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
