/** Where a list comes from, and so how long it can get. */
import { indexIn } from "../ids.ts";
import { calledName } from "../flow/calls.ts";
import { sourcesOfAll } from "../flow/sources.ts";
import { stepFrom, type Source, type Step } from "../flow/walk.ts";
import type { CallSite, Known, Model } from "../model.ts";
import type { Query } from "../queries/index.ts";
import { outcomeOf, type Outcome } from "../queries/outcome.ts";
import type { Value } from "../summary.ts";
import { listsAround } from "./loops.ts";

/**
 * `table`: what a query gave, `isPart` when it hangs on one row (`order.items`). `request`: what the caller sent. `file`: what
 * was read from a file or a spreadsheet. `outside`: what another service answered. `constant`: as long as it is written.
 */
export type Origin =
  | { kind: "table"; query: Query; isPart: boolean }
  | { kind: "request" }
  | { kind: "file" }
  | { kind: "outside"; call: CallSite }
  | { kind: "constant" }
  | { kind: "unknown" };

/** `none`: a loop that counts or waits: tries, polls, pages. */
export type Repeated = Origin | { kind: "none" };

/** What takes more steps than this to find out is unknown: helpers of helpers fan out. */
const MAX_STEPS = 300;
/** Helpers that put lists into other shapes, one within the other. */
const MAX_HELPERS = 3;

/** The origin of the list that a call in a loop is repeated over; null when it is not repeated. */
export function repeatedOver(call: CallSite, model: Model): Repeated | null {
  if (!call.inLoop) return null;
  const lists = listsAround(call, model);
  return lists.length === 0 ? { kind: "none" } : longest(lists.map((list) => originOfList(list, call.file, model)));
}

function originOfList(value: Value, file: string, model: Model, helpers = MAX_HELPERS): Origin {
  const items = stepFrom({ file, value, frame: null }, ["*"]);
  const sources = sourcesOfAll(model, [items], { limit: MAX_STEPS, stop: (step) => isCut(step, model) });
  return longest(sources.map((source) => originOf(source, model, helpers)));
}

/** `list.slice(from, to)`: no longer than what is written there. */
function isCut({ file, value }: Step, model: Model): boolean {
  const call = value.kind === "call" ? model.summary(file)?.calls[value.call] : undefined;
  return call?.callee.kind === "member" && call.callee.property === "slice" && call.args.length === 2;
}

/** The longest list decides about a loop within a loop. */
function longest(origins: readonly Origin[]): Origin {
  return origins.toSorted((a, b) => weightOf(b) - weightOf(a))[0] ?? { kind: "constant" };
}

function weightOf(origin: Origin): number {
  switch (origin.kind) {
    case "table":
      return isBounded(origin.query) ? 2 : origin.isPart ? 3 : 6;
    case "file":
      return 5;
    case "request":
    case "outside":
      return 4;
    case "constant":
      return 1;
    case "unknown":
      return 0;
  }
}

/** Whether the query says how many rows it gives at most. */
export function isBounded({ limit, paged }: Query): boolean {
  return paged || limit.kind !== "none";
}

/** Whether the query leaves rows out by a condition. */
export function isNarrowed({ filters, open }: Query): boolean {
  return open || filters.length > 0;
}

/** What was put onto the request on its way: nobody sent it. */
const added = /^(user|session|auth|account|tenant|app|locals|state|log|logger)$/;
const readers = /(^|\.)(readFileSync|readFile|createReadStream|sheet_to_json|read|fromFile|parseStream|parseFile)$/;
/** Functions whose result holds the items of what they are given. */
const shaping = /(^|\.)(all|parse|chunk|uniq|uniqBy|groupBy|compact|shuffle|toArray|Set|Map)$/;

/** The list, or the object with it, that a value was read from. */
export function originOf(source: Source, model: Model, helpers = MAX_HELPERS): Origin {
  switch (source.kind) {
    case "request":
      if (added.test(source.path[0] ?? "")) return { kind: "unknown" };
      return { kind: /^files?$/.test(source.path[0] ?? "") ? "file" : "request" };
    case "call":
      return ofCall(source, model, helpers);
    case "literal":
    case "constant":
      return { kind: "constant" };
    case "unknown":
      return { kind: "unknown" };
  }
}

function ofCall(source: Extract<Source, { kind: "call" }>, model: Model, helpers: number): Origin {
  const { call } = source;
  const outcome = outcomeOf(model, source);
  if (outcome !== null) return ofOutcome(outcome);
  if (model.usesAt(call).some(({ kind }) => kind === "http" || kind === "storage"))
    return call.args.some(saysHowMany) ? { kind: "constant" } : { kind: "outside", call };
  const fact = model.summary(call.file)?.calls[indexIn(call.id)];
  const name = fact === undefined ? "" : calledName(fact.callee);
  if (readers.test(name)) return { kind: "file" };
  const [first] = fact?.args ?? [];
  const isShape = first !== undefined && shaping.test(name) && helpers > 0;
  return isShape ? originOfList(first, call.file, model, helpers - 1) : { kind: "unknown" };
}

/** `messages.list({ maxResults: 5 })` */
function saysHowMany(arg: Known): boolean {
  const sizes = arg.kind === "object" ? Object.entries(arg.entries).filter(([key]) => pageSizes.test(key)) : [];
  return sizes.some(([, value]) => value.kind === "literal" && typeof value.value === "number");
}

const pageSizes = /^(limit|max_?results|max_?items|max_?keys|(per_?)?page_?size|per_?page|top|take|first)$/i;

/** A single row is no list: where each item of one is looked up, its length is not said by the rows. */
function ofOutcome({ query, what, rest }: Outcome): Origin {
  const isList = what === "rows" || what === "item" || rest.includes("*");
  return isList ? { kind: "table", query, isPart: rest.includes("*") } : { kind: "unknown" };
}
