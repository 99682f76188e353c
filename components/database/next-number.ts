/** "How many are there? Then this is the next one": two requests at once give the same number or code to two rows. */
import { sourcesOf } from "../../analyzers/flow/sources.ts";
import type { Model, Reach } from "../../analyzers/model.ts";
import { queriesOf, type Assignment, type Query } from "../../analyzers/queries/index.ts";
import { outcomeOf, type Outcome } from "../../analyzers/queries/outcome.ts";
import { isUnique, plain, tablesNamed } from "../../analyzers/schema/index.ts";
import type { Match } from "../finding.ts";
import { isAside, isOwner } from "./names.ts";
import { isGuarded, raceConfidence, raceMatch } from "./race.ts";
import { routesTo, waitersIn } from "./reached.ts";

/** Columns by which people tell one row from another; a position in a list may well occur twice. */
const telling =
  /(number|num|no|code|seq|sequence|serial|voucher|invoice|receipt|ticket|ref|reference|sku|roll|queue)$/i;

export function nextNumbers(model: Model): Match[] {
  return queriesOf(model).flatMap((insert) => {
    if (insert.operation !== "insert" || insert.table === null) return [];
    const found = insert.sets.flatMap((set) => takenFrom(set, insert, model) ?? [])[0];
    const ways = found === undefined ? [] : routesTo(insert.call, model);
    if (found === undefined || ways.length === 0 || isTriedAgain(insert, model)) return [];
    return [matchFor(insert, found, ways, model)];
  });
}

interface Taken {
  column: string;
  read: Query;
}

function takenFrom({ column, value, relative }: Assignment, insert: Query, model: Model): Taken | null {
  // `employeeId` of an employee is a number that people read, that of a shift says whose it is.
  const isTelling = telling.test(column) || isOwnId(column, insert.table ?? "");
  if (value === null || relative || !isTelling) return null;
  const outcomes = sourcesOf(model, value).flatMap((source) =>
    source.computed ? (outcomeOf(model, source) ?? []) : [],
  );
  const found = outcomes.find((outcome) => isOfAll(outcome, insert) || isOfLast(outcome, column, insert));
  return found === undefined ? null : { column, read: found.query };
}

function isOwnId(column: string, table: string): boolean {
  const own = plain(table).replace(/s$/, "");
  return own !== "" && plain(column) === `${own}id`;
}

/** `(await Invoice.countDocuments()) + 1` */
function isOfAll({ query, what }: Outcome, insert: Query): boolean {
  return (
    isSameTable(query, insert) && (query.operation === "count" || (query.operation === "list" && what === "count"))
  );
}

/** The number of the newest row, plus one. */
function isOfLast({ query, what, rest: [first] }: Outcome, column: string, insert: Query): boolean {
  const isRow = what === "row" && (query.operation === "one" || query.operation === "list") && query.order.length > 0;
  if (!isRow || !isSameTable(query, insert) || first === undefined) return false;
  // `select({ lastNumber: orders.number })` gives the column another name, and sorts by its own.
  const isAlias = query.order.some((each) => plain(each) === plain(column)) && plain(first).endsWith(plain(column));
  return plain(first) === plain(column) || isAlias;
}

function isSameTable(a: Query, b: Query): boolean {
  return plain(a.table ?? "") === plain(b.table ?? "");
}

/** Held by a lock, or a number that is taken already makes it count again. */
function isTriedAgain(insert: Query, model: Model): boolean {
  return isGuarded(insert.call, model, /\b(P2002|11000|ER_DUP_ENTRY|23505|retr(y|ies)|attempts?)\b/i);
}

function matchFor(insert: Query, { column, read }: Taken, ways: readonly Reach[], model: Model): Match {
  const { call } = insert;
  const table = insert.table ?? "the table";
  const isKept = tablesNamed(model, table, call.file).some((each) => isUnique(each, [column]));
  const harm = isKept
    ? "the second one fails, for the number is taken"
    : "two rows bear the same one, and nothing in the database objects";
  // Within what is one person's own, two requests at once are a double click.
  const isPerOwner = read.filters.some(({ column: each, sure, how }) => sure && how === "=" && isOwner(each));
  const by = read.operation === "one" || read.order.length > 0 ? "looks up the newest row" : "counts the rows";
  return raceMatch(
    {
      title: "Two requests at once get the same number",
      site: call,
      ways,
      confidence: raceConfidence(insert, ways, isPerOwner || isAside(table)),
      message: `${waitersIn(ways)} ${by} of \`${table}\` and makes the next \`${column}\` of that: of two requests at the same moment both come to the same, and ${harm}.`,
      also: [{ file: read.call.file, line: read.call.line }].filter(
        ({ file, line }) => file !== call.file || line !== call.line,
      ),
      what: `next ${table}.${column}`,
    },
    model,
  );
}
