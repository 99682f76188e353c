/** What a query gave: which query a value comes from, and whether it is its rows, one of them, or a part of one. */
import type { Frame } from "../flow/expression.ts";
import type { Source } from "../flow/walk.ts";
import type { Model } from "../model.ts";
import { queriesOf } from "./index.ts";
import type { Query } from "./query.ts";

/** `rows`: all of them; `item`: any of them, one after the other; `row`: a single one; `count`: how many. */
export interface Outcome {
  query: Query;
  what: "rows" | "item" | "row" | "count";
  /** The properties read from a row. */
  rest: readonly string[];
}

const byLibraryCall = new WeakMap<Model, ReadonlyMap<string, readonly Query[]>>();

function candidates(model: Model, call: string): readonly Query[] {
  const known = byLibraryCall.get(model) ?? indexed(model);
  byLibraryCall.set(model, known);
  return known.get(call) ?? [];
}

function indexed(model: Model): Map<string, Query[]> {
  const found = new Map<string, Query[]>();
  for (const query of queriesOf(model)) {
    for (const id of query.calls) found.set(id, [...(found.get(id) ?? []), query]);
  }
  return found;
}

/** The outcome that a source is; null when it comes from no query. */
export function outcomeOf(model: Model, source: Source): Outcome | null {
  if (source.kind !== "call") return null;
  const all = candidates(model, source.call.id);
  const query =
    all.length === 1
      ? all[0]
      : (all.find(({ call }) => call.id === source.call.id || isIn(source.frame, call.id)) ?? undefined);
  return query === undefined ? null : { query, ...partOf(query, source.path) };
}

/** A text handed to a wrapper is asked where the wrapper is called. */
function isIn(frame: Frame | null, call: string): boolean {
  for (let each = frame; each !== null; each = each.outer) if (each.call.id === call) return true;
  return false;
}

const holders = new Set(["rows", "data", "docs", "results", "items", "recordset"]);
/** Apis whose result is a pair: rows, and something about them. */
const pairs =
  /^(mysql2|mysql2\/promise|sequelize):.*\.(query|execute)$|\.(findAndCount|findAndCountBy|getManyAndCount)$/;

function partOf({ use, operation }: Query, path: readonly string[]): Omit<Outcome, "query"> {
  const isPair = pairs.test(use.api) && /^\d+$/.test(path[0] ?? "");
  if (isPair && path[0] !== "0") return { what: "count", rest: [] };
  const held = isPair || (path[0] !== undefined && holders.has(path[0]) && operation !== "one");
  const inside = held ? path.slice(1) : path;
  const [first, ...rest] = inside;
  if (first === undefined) return { what: operation === "list" ? "rows" : "row", rest: [] };
  if (first === "*") return { what: "item", rest };
  if (/^\d+$/.test(first)) return { what: "row", rest };
  if (["length", "rowCount", "count", "size"].includes(first) && operation === "list")
    return { what: "count", rest: [] };
  return { what: "row", rest: inside };
}
