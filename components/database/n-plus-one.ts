/** A query per item of a list: a hundred rows are a hundred more round trips. */
import { placesOf } from "../advice.ts";
import { isAtOnce } from "../../analyzers/lists/loops.ts";
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import { isRead, isWrite, queriesOf, type Query } from "../../analyzers/queries/index.ts";
import { isWithin } from "../../analyzers/queries/transactions.ts";
import type { Confidence, Match } from "../finding.ts";
import { isHandful, isStaff } from "./handful.ts";
import { shownTable } from "./names.ts";
import { evidenceOf, provenBy } from "../evidence.ts";
import { holderName, isOccasional, lowest, waitersIn, waysTo } from "./reached.ts";
import { asksForParent, repetitionsOf, type Items, type Repetition } from "./repetition.ts";

const nPlusOneRule = "database/n-plus-one";

interface Repeated {
  query: Query;
  found: Repetition;
  ways: Reach[];
}

export function nPlusOnes(model: Model): Match[] {
  const cached = new Set(model.usesOfKind("cache").map(({ call }) => call.fn));
  const repeated = queriesOf(model).flatMap((query) => repeatedOn(query, cached, model));
  const slow = model.usesOfKind("http", "mail", "model", "payment").map(({ call }) => call);
  const inside = fnsOf(slow);
  const around = [...inside].flatMap((fn) => model.callers(fn));
  const inLoops = fnsOf([...slow, ...around].filter(({ inLoop }) => inLoop));
  // A loop that asks another service per item has a result to write per item, and waits for that service anyway.
  const felt = repeated.filter(
    ({ query, found }) => isRead(query) || !(inLoops.has(found.site.fn) || found.through.some((fn) => inside.has(fn))),
  );
  return [...groupsOf(felt).map((group) => matchFor(group, model)), ...fieldResolvers(model)];
}

function fnsOf(calls: readonly CallSite[]): ReadonlySet<string> {
  return new Set(calls.map(({ fn }) => fn));
}

/** One loop over one list is one matter, however many queries stand in it. */
function groupsOf(repeated: readonly Repeated[]): Repeated[][] {
  const groups = new Map<string, Repeated[]>();
  for (const each of repeated) {
    const key = `${each.found.site.fn} ${each.found.items.key}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()];
}

/** A function between loop and query that asks a cache first asks the database rarely. */
function repeatedOn(query: Query, cached: ReadonlySet<string>, model: Model): Repeated[] {
  if (!(isRead(query) || isWrite(query)) || query.many || isCatalog(query.table ?? "")) return [];
  return repetitionsOf(query, model).flatMap((found) => {
    // What goes on from the last row of its own last page is paging.
    if (found.items.query === query) return [];
    const ways = found.through.some((fn) => cached.has(fn)) ? [] : waysTo(found.site, model);
    return ways.length === 0 ? [] : [{ query, found, ways }];
  });
}

/** What the database tells of itself: an app has as many tables as it has. */
function isCatalog(table: string): boolean {
  return /^(pg_|information_schema|sqlite_)/i.test(table);
}

function matchFor(group: readonly Repeated[], model: Model): Match {
  const sorted = group.toSorted((a, b) => rankOf(b, model) - rankOf(a, model) || a.found.site.line - b.found.site.line);
  const [first] = sorted;
  if (first === undefined) throw new Error("a group has members");
  const { site, items } = first.found;
  const ways = [...new Map(group.flatMap((each) => each.ways).map((way) => [way.entry.label, way])).values()];
  const places = [...group.map(({ found }) => found.site), ...group.map(({ query }) => query.call)];
  return {
    rule: nPlusOneRule,
    file: site.file,
    line: site.line,
    confidence: sorted.map((each) => confidenceOf(each, model)).toSorted(byConfidence)[0] ?? "low",
    message: messageFor(items, new Set(group.map(({ found }) => found.site.id)).size, ways),
    also: placesOf(places, site),
    ...evidenceOf(ways),
    call: site.id,
    anchor: `${first.query.table ?? first.query.use.api} per item in ${holderName(site, model)}`,
    fix: isLookup(group) ? "patch" : "brief",
  };
}

/** One row by its key, asked in the loop itself and nothing else. */
function isLookup([one, other]: readonly Repeated[]): boolean {
  if (one === undefined || other !== undefined || one.found.site.id !== one.query.call.id) return false;
  return /\.(findByPk|findById|findUnique)$/.test(one.query.use.api);
}

const levels: readonly Confidence[] = ["low", "medium", "high"];

function byConfidence(a: Confidence, b: Confidence): number {
  return levels.indexOf(b) - levels.indexOf(a);
}

function rankOf(each: Repeated, model: Model): number {
  return levels.indexOf(confidenceOf(each, model));
}

/** A list of at most so many rows costs little more than its first query. */
const fewRows = 10;

function confidenceOf({ query, found, ways }: Repeated, model: Model): Confidence {
  const { items, site } = found;
  if (isOccasional(ways) || isBatched(query, site, model)) return "low";
  if (items.kind === "request" && ways.every(({ entry }) => /webhook|callback/i.test(entry.label))) return "low";
  const waits = ways.some(({ entry }) => entry.kind === "route" || entry.kind === "socket");
  // Nobody waits for background work, and what it does per item is mostly more than one query.
  if (!waits && site.id !== query.call.id) return "low";
  const ceiling = waits ? provenBy(query.use.certainty, ways) : "medium";
  return lowest(ceiling, isWrite(query) ? ofWrite(items, query, waits, model) : ofRead(items, query, site, model));
}

function ofRead({ kind, query }: Items, read: Query, site: CallSite, model: Model): Confidence {
  if (kind === "other" || (query !== null && isHandful(query, model))) return "low";
  // What one row holds is a handful; some calls further down it is not the queries that take the time.
  if (kind === "nested" && site.id !== read.call.id) return "low";
  if (kind === "request" && isHandful(read, model)) return "low";
  if (kind !== "rows") return "medium";
  const limit = query?.limit;
  return limit?.kind === "literal" ? (limit.value <= fewRows ? "low" : "medium") : "high";
}

/** Rows of which each gets a value of its own cannot always be written at once; few of them, or in a transaction, are fine. */
function ofWrite({ kind, query }: Items, write: Query, waits: boolean, model: Model): Confidence {
  const isBounded = query !== null && (query.limit.kind === "literal" || isStaff(query));
  if (kind !== "rows" || isBounded || !waits || isWithin(model, write.call)) return "low";
  return write.operation === "update" || write.operation === "insert" || write.operation === "delete"
    ? "medium"
    : "low";
}

/** Prisma joins `findUnique` calls that start together into one query (Prisma documentation, "Solving n+1 in GraphQL with findUnique"). */
function isBatched({ dialect, use }: Query, site: CallSite, model: Model): boolean {
  return dialect === "prisma" && /\.findUnique(OrThrow)?$/.test(use.api) && isAtOnce(site, model);
}

function messageFor({ kind, query }: Items, count: number, ways: readonly Reach[]): string {
  const asked = count === 1 ? "one more query" : `${count} more queries`;
  return `${waitersIn(ways)} asks the database ${asked} for ${perItem(kind, query)}: a hundred of them are ${100 * count} round trips, and the answer takes longer with every one that is added.`;
}

function perItem(kind: Items["kind"], query: Query | null): string {
  if (kind === "request") return "every item that the user sends";
  const table = query?.table ?? null;
  if (table === null) return "every item of a list";
  return `every ${kind === "nested" ? "item of one row" : "row"} of ${shownTable(table, "a table")}`;
}

/** GraphQL calls a field's resolver once per object that is answered. */
function fieldResolvers(model: Model): Match[] {
  const fields = model.routes.filter(
    ({ via, path }) => via === "graphql" && /^(?!(Query|Mutation|Subscription)\.)\w+\.\w+$/.test(path),
  );
  if (fields.length === 0) return [];
  const byId = new Map(fields.map((field) => [field.id, field]));
  return queriesOf(model).flatMap((query) => {
    const ways = waysTo(query.call, model).filter(({ entry }) => byId.has(entry.routeId ?? ""));
    const asking = ways.filter(({ entry }) => asksForParent(query, entry.fn, model));
    if (asking.length === 0 || (query.dialect === "prisma" && /\.findUnique/.test(query.use.api))) return [];
    return [
      {
        rule: nPlusOneRule,
        file: query.call.file,
        line: query.call.line,
        confidence: "medium" as const,
        message: `${waitersIn(asking)} asks the database once for every object whose field is wanted: a list of a hundred objects is a hundred queries.`,
        also: [],
        ...evidenceOf(asking),
        call: query.call.id,
        anchor: `${query.table ?? query.use.api} per parent in ${holderName(query.call, model)}`,
        fix: "brief" as const,
      },
    ];
  });
}
