/** Lists without an end: every row that matches is read and sent, however many there will be. */
import type { Model, Reach } from "../../analyzers/model.ts";
import { audienceFinder } from "../../analyzers/audience/audience.ts";
import { sourcesOf } from "../../analyzers/flow/sources.ts";
import { queriesOf, type Filter, type Query } from "../../analyzers/queries/index.ts";
import { columnOf, isUnique, plain, tablesNamed, type Table } from "../../analyzers/schema/index.ts";
import type { Confidence, Match } from "../finding.ts";
import { answeredLists } from "./answered.ts";
import { keepersOf } from "./keepers.ts";
import { areNarrowedElsewhere } from "./given.ts";
import { isHandful } from "./handful.ts";
import {
  isCoarse,
  isFewPerOwner,
  isFewPerPerson,
  isGrowing,
  isKey,
  isLongPerOwner,
  isOwner,
  isPerson,
  isShortPerOwner,
  shownTable,
} from "./names.ts";
import { isPageable } from "./pages/sight.ts";
import { evidenceOf, provenBy } from "../evidence.ts";
import { holderName, isExport, isOccasional, lowest, routesTo, waitersIn } from "./reached.ts";

const listRule = "database/unpaginated-list";

export function unpaginatedLists(model: Model): Match[] {
  const answered = answeredLists(model);
  const filled = filledTables(model);
  const found = queriesOf(model).flatMap((query) => {
    if (query.operation !== "list" || query.limit.kind !== "none" || !answered.has(query)) return [];
    if (query.table === null || isHandful(query, model) || isNarrow(query, model) || isOfKinds(query)) return [];
    const owner = ownerOf(query, model);
    const ways = owner !== null && isShortPerOwner(query.table, owner) ? [] : routesTo(query.call, model);
    if (ways.length === 0) return [];
    const grows = isGrowing(query.table) || namesOf(query, model).some((name) => filled.has(name));
    const match = matchFor(query, owner, ways, model);
    return [{ query, match: grows ? match : { ...match, confidence: "low" as const } }];
  });
  return oncePerList(found);
}

/** The branches of one function that read the same table (all of them for a manager, one's own for others) are one list. */
function oncePerList(found: readonly { query: Query; match: Match }[]): Match[] {
  const lists = new Map<string, Match>();
  for (const { query, match } of found.toSorted((a, b) => rankOf(a.match) - rankOf(b.match))) {
    const key = `${query.call.fn} ${query.table ?? query.call.id} ${String(match.confidence === "low")}`;
    const first = lists.get(key);
    if (first === undefined) lists.set(key, match);
    else {
      first.also.push({ file: match.file, line: match.line });
      first.fix = "brief";
    }
  }
  return [...lists.values()];
}

function rankOf({ confidence }: Match): number {
  return ["high", "medium", "low"].indexOf(confidence);
}

/** Tables to which users' requests add rows; what somebody of the staff fills in by hand stays as long as it is. */
function filledTables(model: Model): ReadonlySet<string> {
  const audienceOf = audienceFinder(model);
  const staffs = new Set(
    model.routes.filter((route) => audienceOf(route) === "staff").map(({ method, path }) => `${method} ${path}`),
  );
  const isByUser = ({ entry }: Reach): boolean => !staffs.has(entry.label);
  const inserts = queriesOf(model).filter(
    (query) => query.operation === "insert" || (query.operation === "upsert" && !isSetting(query)),
  );
  return new Set(inserts.flatMap((query) => (routesTo(query.call, model).some(isByUser) ? namesOf(query, model) : [])));
}

/** A value under a name, written over when it is there: as many rows as the code has names. */
function isSetting({ sets, filters }: Query): boolean {
  const columns = new Set([...sets, ...filters].map(({ column }) => column));
  return columns.has("value") && ["key", "name"].some((name) => columns.has(name));
}

function namesOf({ table, call }: Query, model: Model): string[] {
  if (table === null) return [];
  return [plain(table), ...tablesNamed(model, table, call.file).flatMap(({ names }) => names.map(plain))];
}

/** At most one row, or only those that somebody named. */
function isNarrow(query: Query, model: Model): boolean {
  if (query.filters.some(({ how, optional }) => how === "in" && optional !== true)) return true;
  const columns = query.filters.filter(({ sure, how }) => sure && how === "=").map(({ column }) => column);
  if (columns.some((column) => /^_?id$/i.test(column))) return true;
  const tables = tablesNamed(model, query.table ?? "", query.call.file);
  if (tables.some((table) => isUnique(table, columns) || holdsSettings(table))) return true;
  return tables.length === 0 && columns.some(isKey);
}

/** `key` and `value`, one row per key: as many rows as the code has names. */
function holdsSettings(table: Table): boolean {
  return isUnique(table, ["key"]) && columnOf(table, "value") !== null;
}

/** The kinds that occur in a column, each once: as long as a filter on a page. */
function isOfKinds({ use, call }: Query): boolean {
  const [options] = call.args;
  const distinct = options?.kind === "object" ? options.entries["distinct"] : undefined;
  const columns = distinct?.kind === "array" ? distinct.items : distinct === undefined ? [] : [distinct];
  const isByKey = columns.some((column) => column.kind === "literal" && isKey(String(column.value)));
  return /\.(selectDistinct|selectDistinctOn|distinct)$/.test(use.api) || (columns.length > 0 && !isByKey);
}

function matchFor(query: Query, owner: string | null, ways: readonly Reach[], model: Model): Match {
  const { call, table } = query;
  const per = owner === null ? "" : ` of one \`${owner}\``;
  return {
    rule: listRule,
    file: call.file,
    line: call.line,
    confidence: confidenceOf(query, owner, ways, model),
    message: `${waitersIn(ways)} reads and sends every matching row of ${shownTable(table, "a table")}${per}: with ten rows nobody notices, with a hundred thousand the answer takes seconds and fills the server's memory.`,
    also: [],
    ...evidenceOf(ways),
    call: call.id,
    anchor: `all ${table ?? query.use.api} in ${holderName(call, model)}`,
    fix: isPageable(query, model) ? "patch" : "brief",
  };
}

/** The column that says whose rows are read; null when they are everybody's. */
function ownerOf(query: Query, model: Model): string | null {
  const sure = query.filters.filter((filter) => filter.sure && filter.how === "=");
  const tables = tablesNamed(model, query.table ?? "", query.call.file);
  const points = ({ column }: Filter): boolean =>
    isOwner(column) || tables.some((table) => (columnOf(table, column)?.references ?? null) !== null);
  const found = sure.find(points) ?? sure.find((filter) => !isCoarse(filter.column, null) && isGiven(filter, model));
  return found?.column ?? eitherOwner(query, points, model);
}

/** `or(eq(chats.buyerId, me), eq(chats.sellerId, me))`: each arm names the same caller. */
function eitherOwner({ filters, open }: Query, points: (filter: Filter) => boolean, model: Model): string | null {
  const [first, second] = filters;
  const areOwners = filters.every((filter) => filter.how === "=" && points(filter) && isGiven(filter, model));
  return first !== undefined && second !== undefined && !open && areOwners ? first.column : null;
}

/** The user says whose rows: by a part of the address, or by who is logged in. */
function isGiven({ value }: Filter, model: Model): boolean {
  return (
    value !== null &&
    sourcesOf(model, value).some(
      ({ kind, path }) =>
        kind === "request" && /^(params|user|session|auth)$/.test(path[path[0] === "locals" ? 1 : 0] ?? ""),
    )
  );
}

/** From one date to another, or at one: a day or a month holds only so many rows; since a date, only so many of one owner. */
function isSpan({ filters }: Query, isOwned: boolean): boolean {
  // What lies near a place.
  if (
    filters.some(({ how, sure, column }) => sure && how === "other" && /^(location|coordinates|geo\w*)$/.test(column))
  )
    return true;
  const ranges = filters.filter(({ how, sure }) => how === "range" && sure).map(({ column }) => column);
  if (filters.some(({ how, sure, column }) => how === "=" && sure && /(^|[_.])(date|day)$|Date$|Day$/.test(column)))
    return true;
  if (isOwned && filters.some(({ how, sure, column }) => sure && how !== "=" && isDate(column))) return true;
  return ranges.some((column, index) => ranges.indexOf(column) !== index);
}

/** What a payment service calls products where only plans are sold: as many as stand on the page of prices. */
function isPriceList({ table, call: { file } }: Query): boolean {
  return /^products?$/i.test(table ?? "") && /(^|[/_-])(pricing|billing|subscriptions?|plans?)([/_.-]|$)/i.test(file);
}

/** `sticky: true`, `featured: true`: what somebody picks by hand to stand on top. */
function isChosen({ filters }: Query): boolean {
  return filters.some(
    ({ column, how, sure, value }) =>
      sure &&
      how === "=" &&
      value?.value.kind === "literal" &&
      value.value.value === true &&
      /^(is_?)?(sticky|pinned|featured|highlighted|default)$/i.test(column),
  );
}

/** `members: { some: { userId } }`: the groups in which one person is. */
function isJoined({ table, filters }: Query): boolean {
  if (isLongPerOwner(table ?? "")) return false;
  return filters.some(
    ({ column, how, sure }) => sure && how === "=" && column.includes(".") && isPerson(column.split(".").at(-1) ?? ""),
  );
}

function isDate(column: string): boolean {
  return /date|day|month|time|start|begin|[a-z]At$|_at$|^dt[A-Z_]/i.test(column);
}

/** `GET /cashier/reports` of the table `cashierReport`: things that people file, which nobody asks for all at once. */
function isReport({ table }: Query): boolean {
  return /report/i.test(table ?? "");
}

/** Whoever, in the course of years, comes to have thousands of most things. */
const hasMuch =
  /^(shop|store|company|organi[sz]ation|tenant|workspace|restaurant|branch|merchant|vendor|seller|customer|user|account|team|project)$/;

/** `GET /tickets/:id`, and what changes such a thing and gives it back; `GET /bills/:shopId` is the list of a shop. */
function isOfOne(label: string, owner: string): boolean {
  if (/^(POST|PUT|PATCH|DELETE) /.test(label)) return true;
  const [, before = "", last] = /([^/]*)\/:(\w+)$/.exec(label) ?? [];
  if (last === undefined) return false;
  const stem = plain(owner).replace(/id$/, "");
  return plain(last) !== plain(owner) || !hasMuch.test(stem) || plain(before).startsWith(stem);
}

function confidenceOf(query: Query, owner: string | null, ways: readonly Reach[], model: Model): Confidence {
  const isOwned = owner !== null;
  if (
    (isExport(ways) && !isReport(query)) ||
    isOccasional(ways) ||
    isSpan(query, isOwned) ||
    isPriceList(query) ||
    isChosen(query)
  )
    return "low";
  // What a change reads of one owner, or by conditions put together elsewhere, serves the change.
  if ((isOwned || query.open) && ways.every(({ entry }) => /^(POST|PUT|PATCH|DELETE) /.test(entry.label))) return "low";
  // The helper's callers may name the rows, or bring a condition that leaves few.
  if (query.open && areNarrowedElsewhere(query, model)) return "low";
  const table = query.table ?? "";
  if (isJoined(query) || keepersOf(model).has(query.call.fn)) return "low";
  // What hangs on the one thing that is shown.
  if (owner !== null && !isLongPerOwner(table) && ways.every(({ entry }) => isOfOne(entry.label, owner))) return "low";
  const isFew = owner !== null && (isFewPerOwner(table) || isFewPerPerson(table, owner));
  const grows = isGrowing(table) && !isFew;
  // Conditions that could not be read may leave a few rows.
  const elsewhere: Confidence = query.open ? "low" : "medium";
  // The pages that ask may always give one of the conditions that are not always there.
  const isNarrowable = query.filters.some(({ sure, how }) => !sure && (how === "=" || how === "in"));
  const whole: Confidence = query.open || isNarrowable ? "medium" : "high";
  const own: Confidence = isOwned ? (grows ? "medium" : "low") : grows ? whole : elsewhere;
  return lowest(own, provenBy(query.use.certainty, ways));
}
