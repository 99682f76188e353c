/** "Is it there already? No: insert it" without a unique constraint: two requests at once both insert. */
import { escaped } from "../../analyzers/code/text.ts";
import { sourcesOf } from "../../analyzers/flow/sources.ts";
import type { Model, Reach } from "../../analyzers/model.ts";
import { isRead, queriesOf, type Filter, type Query } from "../../analyzers/queries/index.ts";
import { runsInTransaction } from "../../analyzers/queries/transactions.ts";
import { columnOf, isUnique, plain, tablesNamed, type Column, type Table } from "../../analyzers/schema/index.ts";
import type { Match } from "../finding.ts";
import { isAside, shownTable } from "./names.ts";
import { routesTo, waitersIn } from "./reached.ts";
import { raceConfidence, raceMatch } from "./race.ts";
import { canFollow, nameDeclared } from "./sequence.ts";
import { queriesIn } from "../../analyzers/queries/siblings.ts";

export function insertsTwice(model: Model): Match[] {
  const found = new Map<string, Match>();
  for (const insert of queriesOf(model)) {
    if (insert.operation !== "insert" || insert.many || insert.call.inLoop || runsInTransaction(model, insert))
      continue;
    const siblings = queriesIn(insert.call.fn, model);
    if (siblings.some((look) => isRead(look) && asksByOwnKey(look, insert, model))) continue;
    const check = siblings.find((query) => isCheckFor(query, insert, model));
    const ways = check === undefined ? [] : routesTo(insert.call, model);
    if (check === undefined || ways.length === 0) continue;
    // The arms of one function that look by the same columns are mended by one constraint.
    const key = `${insert.call.fn} ${insert.table ?? ""} ${check.filters.map(({ column }) => column).join()}`;
    const first = found.get(key);
    if (first === undefined) found.set(key, matchFor(check, insert, ways, model));
    else first.also.push({ file: insert.call.file, line: insert.call.line });
  }
  return [...found.values()];
}

/** A look for the same row by the values that are then inserted, none of which must be unique. */
function isCheckFor(check: Query, insert: Query, model: Model): boolean {
  const isLook =
    isRead(check) && (check.operation === "one" || check.operation === "list" || check.operation === "count");
  if (!isLook || check.table === null || insert.table === null || plain(check.table) !== plain(insert.table))
    return false;
  // Who sorts asks for the last row, to count on from it, not whether there is one.
  if (check.order.length > 0) return false;
  if (check.open || check.filters.length === 0 || !canFollow(check.call, insert.call, model)) return false;
  if (check.filters.some(({ how, sure }) => how !== "=" || !sure) || !isAsked(check, insert, model)) return false;
  const columns = check.filters.map(({ column }) => column);
  const tables = tablesNamed(model, insert.table, insert.call.file);
  const isKnown =
    tables.length > 0 &&
    tables.every((table) => !table.open && columns.every((column) => columnOf(table, column) !== null));
  if (!isKnown || tables.some((table) => isKept(table, columns, insert))) return false;
  const given = check.filters.filter((filter) => isInserted(filter, insert, model));
  const others = check.filters.filter((filter) => !given.includes(filter));
  return given.length > 0 && others.every((filter) => comesAbout(filter, insert, tables, model));
}

/** Another look goes by a key that the database keeps unique and the insert sets: the second row is refused by that one. */
function asksByOwnKey(look: Query, insert: Query, model: Model): boolean {
  if (look.table === null || insert.table === null || plain(look.table) !== plain(insert.table)) return false;
  const { filters } = look;
  if (look.open || filters.length === 0 || filters.some(({ how, sure }) => how !== "=" || !sure)) return false;
  const tables = tablesNamed(model, insert.table, insert.call.file);
  const columns = filters.map(({ column }) => column);
  return (
    tables.length > 0 &&
    tables.every((table) => isUnique(table, columns)) &&
    filters.every((filter) => isInserted(filter, insert, model))
  );
}

/** Whether a condition between the two speaks of what was found; where it goes by no plain name, it may. */
function isAsked(check: Query, insert: Query, model: Model): boolean {
  const name = nameDeclared(check.call, model);
  if (name === undefined) return true;
  const between = (model.repo.read(check.call.file) ?? "").slice(check.call.statement.end, insert.call.statement.end);
  // A number of rows that is held against another number is a limit, and several rows are wanted.
  if (check.operation === "count" && new RegExp(`\\b${name}\\s*[<>](?!=?\\s*[01]\\b)`).test(between)) return false;
  return new RegExp(
    `\\b(if|while|switch)\\s*\\([^;{]*\\b${name}\\b|\\b${name}\\b[\\w.?\\[\\]]*\\s*(\\?|\\|\\||&&)`,
  ).test(between);
}

/** A constraint refuses the second row, also one whose other columns the insert leaves at their defaults. */
function isKept(table: Table, columns: readonly string[], insert: Query): boolean {
  if (isUnique(table, columns) || isUnique(table, ownKeys(insert))) return true;
  const given = new Set([...columns, ...insert.sets.map(({ column }) => column)].map(plain));
  const untouched = table.columns.flatMap(({ names }) => (names.some((name) => given.has(plain(name))) ? [] : names));
  const isSearched = (name: string): boolean => columns.some((column) => plain(column) === plain(name));
  const searched = table.indexes.filter(({ columns: own }) => own.some(isSearched));
  return isUnique({ ...table, columns: [], indexes: searched }, [...columns, ...untouched]);
}

/** Other columns that say who or what the row is; a second row with the same e-mail address fails on that one. */
function ownKeys({ sets }: Query): string[] {
  return sets.map(({ column }) => column).filter((column) => !/id$|token|code|slug|number|key|hash/i.test(column));
}

/** The row gets the value by which it was looked for. */
function isInserted({ column, value }: Filter, { sets }: Query, model: Model): boolean {
  const set = sets.find((each) => plain(each.column) === plain(column));
  if (set === undefined || set.value === null || value === null) return false;
  const inserted = new Set(sourcesOf(model, set.value).map(keyOf));
  return sourcesOf(model, value).some(
    (source) => source.kind !== "unknown" && source.kind !== "literal" && inserted.has(keyOf(source)),
  );
}

/** `status: "active"`: the new row is given the same word, or gets it because its column has it as the default. */
function comesAbout({ column, value }: Filter, { sets }: Query, tables: readonly Table[], model: Model): boolean {
  const asked = value?.value;
  if (asked?.kind !== "literal") return false;
  const set = sets.find((each) => plain(each.column) === plain(column));
  if (set !== undefined) return set.value?.value.kind === "literal" && set.value.value.value === asked.value;
  return tables.some((table) => isDefault(asked.value, columnOf(table, column), model));
}

/** Lines of a column's declaration in which its default is looked for. */
const declared = 8;

function isDefault(value: string | number | boolean | null, column: Column | null, { repo }: Model): boolean {
  if (column === null) return false;
  const lines = (repo.read(column.place.file) ?? "").split("\n");
  const text = lines.slice(column.place.line - 1, column.place.line - 1 + declared).join("\n");
  return new RegExp(`default\\w*["']?\\s*[:(=]?\\s*["'\`]?${escaped(String(value))}\\b`, "i").test(text);
}

function keyOf(source: ReturnType<typeof sourcesOf>[number]): string {
  const from = source.kind === "call" ? source.call.id : source.kind;
  return `${from} ${source.path.join(".")}`;
}

function matchFor(check: Query, insert: Query, ways: readonly Reach[], model: Model): Match {
  const { call, table } = insert;
  const columns = check.filters.map(({ column }) => `\`${column}\``).join(" and ");
  return raceMatch(
    {
      title: "Two requests at once insert the same row twice",
      site: call,
      ways,
      confidence: raceConfidence(insert, ways, isAside(table ?? "")),
      message: `${waitersIn(ways)} looks whether ${shownTable(table, "the table")} has a row with this ${columns} and inserts one if not; nothing in the database keeps ${columns} unique, so a double click or two users at once make two rows.`,
      also: [{ file: check.call.file, line: check.call.line }],
      what: `${table ?? ""} by ${columns}`,
    },
    model,
  );
}
