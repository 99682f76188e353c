/** "Is that time free? Then it is booked", asked and booked by two queries: of two requests at once both find it free. */
import { textOf } from "../../analyzers/code/text.ts";
import { takerOf } from "../../analyzers/flow/taker.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";
import { isRead, queriesOf, type Query } from "../../analyzers/queries/index.ts";
import { queriesIn } from "../../analyzers/queries/siblings.ts";
import { isUnique, plain, tablesNamed } from "../../analyzers/schema/index.ts";
import type { Match } from "../finding.ts";
import { isAside } from "./names.ts";
import { guarding, isGuarded, raceConfidence, raceMatch } from "./race.ts";
import { routesTo, waitersIn } from "./reached.ts";
import { canFollow, nameDeclared } from "./sequence.ts";

/** A query as the function sees it that asks and books. */
interface Step {
  query: Query;
  site: CallSite;
}

/** Functions between the one that does the work and the query: `repository.findOverlapping`. */
const MAX_DEPTH = 2;

export function doubleBookings(model: Model): Match[] {
  const looks = byFunction(queriesOf(model).filter(isLookAtTime), model);
  if (looks.size === 0) return [];
  const tables = new Set([...looks.values()].flatMap((steps) => steps.map(({ query }) => plain(query.table ?? ""))));
  const inserts = queriesOf(model).filter(
    ({ operation, many, table }) => operation === "insert" && !many && tables.has(plain(table ?? "")),
  );
  const books = byFunction(inserts, model);
  return [...books.entries()].flatMap(([fn, steps]) =>
    steps.flatMap((book) => {
      const look = looks.get(fn)?.find((step) => isLookFor(step, book, model));
      return look === undefined ? [] : matchFor(look, book, model);
    }),
  );
}

const when =
  /start|begin|(^|_)from|from$|end|until|date|time|slot|hour|check_?(in|out)|arriv|depart|pick_?up|drop_?off|return/i;
/** What tells an hour or a place in a plan; a date alone is also that of what is noted once a day. */
const hour = /start|time|slot|hour/i;
/** When a row was written or changed, or runs out, books nothing. */
const noted = /creat|updat|delet|expir|last|paid|sent|seen|read|issue|due|birth/i;

/** A search for what overlaps a stretch of time, or for what has this very slot. */
function isLookAtTime(query: Query): boolean {
  const { table, filters, operation } = query;
  if (!isRead(query) || operation === "aggregate" || table === null || isAside(table)) return false;
  const times = filters.filter(({ column }) => when.test(column) && !noted.test(column));
  const ranges = new Set(times.filter(({ how }) => how === "range").map(({ column }) => plain(column)));
  const isSlot = times.some(({ column, how, value }) => how === "=" && value !== null && hour.test(column));
  const others = filters.filter(({ column, how }) => how === "=" && !when.test(column));
  return others.length > 0 && (ranges.size > 1 || isSlot);
}

/** Function -> the steps that it takes itself or through functions that it calls. */
function byFunction(queries: readonly Query[], model: Model): Map<string, Step[]> {
  const found = new Map<string, Step[]>();
  for (const query of queries) {
    let sites = [query.call];
    for (let depth = 0; depth <= MAX_DEPTH && sites.length > 0; depth += 1) {
      for (const site of sites) found.set(site.fn, [...(found.get(site.fn) ?? []), { query, site }]);
      sites = [...new Set(sites.map(({ fn }) => fn))]
        .flatMap((fn) => (model.fn(fn)?.isModule === false ? model.callers(fn) : []))
        .filter(({ awaited, use, fn }) => (awaited || use === "returned") && !sites.some((site) => site.fn === fn));
    }
  }
  return found;
}

function isLookFor({ query: look, site }: Step, { query: insert, site: booking }: Step, model: Model): boolean {
  if (plain(look.table ?? "") !== plain(insert.table ?? "-") || !canFollow(site, booking, model)) return false;
  if (!isAsked(site, booking, look, model) || isKept(look, insert, model)) return false;
  const locked = [site.fn, insert.call.fn].some((fn) => queriesIn(fn, model).some(({ locks }) => locks));
  return !locked && ![site, look.call, insert.call].some((call) => isAlone(call, model));
}

/** One request at a time: by a lock in the function, or by the options of the transaction that takes it as a callback. */
function isAlone(call: CallSite, model: Model): boolean {
  const taker = takerOf(call.fn, model);
  const around = taker === null ? "" : textOf(model, taker);
  return guarding.test(around) || isGuarded(call, model, /FOR UPDATE|pessimistic/i);
}

/** A refusal hangs on what was found: there, or in the function that looks. */
function isAsked(site: CallSite, booking: CallSite, { call }: Query, model: Model): boolean {
  const text = model.repo.read(site.file) ?? "";
  const refusal = "[^;{]*\\)\\s*\\{?[^}]*?\\b(throw|return|status|fail|error)\\b";
  const own = text.slice(site.statement.start, booking.span.start);
  if (new RegExp(`^if\\s*\\(${refusal}`).test(own)) return true;
  const name = nameDeclared(site, model);
  if (name !== undefined) return new RegExp(`\\bif\\s*\\([^;{]*\\b${name}\\b${refusal}`).test(own);
  const looker = call.fn === site.fn ? null : model.fn(call.fn);
  return looker !== null && /\bthrow\b/.test(textOf(model, looker));
}

/** The database itself refuses the second one: a unique slot, or an exclusion of what overlaps. */
function isKept({ filters, table }: Query, insert: Query, model: Model): boolean {
  const columns = filters.flatMap(({ column, how }) => (how === "=" ? [column] : []));
  if (tablesNamed(model, table ?? "", insert.call.file).some((each) => isUnique(each, columns))) return true;
  return excludes(model);
}

const exclusions = new WeakMap<Model, boolean>();

function excludes(model: Model): boolean {
  const known =
    exclusions.get(model) ??
    model.repo.files.some((file) => file.endsWith(".sql") && /\bEXCLUDE\s+USING\b/i.test(model.repo.read(file) ?? ""));
  exclusions.set(model, known);
  return known;
}

function matchFor(look: Step, { query: insert, site }: Step, model: Model): Match[] {
  const ways = routesTo(site, model);
  if (ways.length === 0) return [];
  const table = insert.table ?? "the table";
  return [
    raceMatch(
      {
        title: "Two requests at once book the same time",
        site,
        call: insert.call,
        ways,
        confidence: raceConfidence(insert, ways),
        message: `${waitersIn(ways)} looks in \`${table}\` whether the time is free and books it by a second query: two requests at the same moment both find it free, and both get it. A unique index on the slot, an exclusion constraint, or a lock on what is booked keeps the second one out.`,
        also: [{ file: look.site.file, line: look.site.line }],
        what: `${table} booked`,
      },
      model,
    ),
  ];
}
