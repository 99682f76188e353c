/** "Is there enough? Then take it", asked and taken by two queries: the database does the sum, but nobody asks again. */
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import { isRead, queriesOf, type Query } from "../../analyzers/queries/index.ts";
import { escaped } from "../../analyzers/code/text.ts";
import { queriesIn } from "../../analyzers/queries/siblings.ts";
import { runsInTransaction } from "../../analyzers/queries/transactions.ts";
import { plain } from "../../analyzers/schema/index.ts";
import type { Match } from "../finding.ts";
import { isShared } from "./names.ts";
import { isGuarded, raceConfidence, raceMatch } from "./race.ts";
import { waitersIn, waysTo } from "./reached.ts";
import { canFollow, nameDeclared } from "./sequence.ts";

export function takenAfterCheck(model: Model): Match[] {
  return queriesOf(model).flatMap((write) => {
    if (write.operation !== "update") return [];
    const own = takenColumn(write, model);
    return own === null ? takenFor(write, model) : takenAt(write.call, own, write, model);
  });
}

/** The finding where the number is taken, by the write itself or by a function that makes it. */
function takenAt(site: CallSite, column: string, write: Query, model: Model): Match[] {
  if (write.filters.some((filter) => plain(filter.column) === plain(column))) return [];
  const check = queriesIn(site.fn, model).find((read) => isCheckOf(column, read, site, write, model));
  if (check === undefined || check.locks || isGuarded(site, model) || isAborted(write, model)) return [];
  const ways = waysTo(site, model);
  return ways.length === 0 ? [] : [matchFor(site, write, column, check, ways, model)];
}

/** `move(purse.id, -sum)`: a function of its own adds what it is given, `{ increment: sum }`, and is given less than nothing. */
function takenFor(write: Query, model: Model): Match[] {
  const { call, sets } = write;
  const column = sets.find((set) => set.relative && isShared(set.column))?.column;
  const text = (model.repo.read(call.file) ?? "").slice(call.span.start, call.span.end);
  const given = /\bincrement\s*:\s*(\w+)\s*[,}]/.exec(text)?.[1];
  const at = model.fn(call.fn)?.params.findIndex(({ name }) => name === given) ?? -1;
  if (column === undefined || given === undefined || at < 0) return [];
  const takers = model.callers(call.fn).filter(({ file, span }) => {
    const inner = (model.repo.read(file) ?? "").slice(span.start, span.end);
    return /[(,]\s*-\s*[\w(]/.test(inner);
  });
  const [found] = takers.flatMap((site) => takenAt(site, column, write, model));
  return found === undefined ? [] : [found];
}

/** MongoDB aborts a transaction whose row another one has changed since it was read. */
function isAborted(write: Query, model: Model): boolean {
  return write.dialect.startsWith("mongo") && runsInTransaction(model, write);
}

/** `{ stock: { decrement: n } }`, `{ $inc: { stock: -n } }`, `SET stock = stock - $1`: the shared number that gets less. */
function takenColumn({ sets, calls, call }: Query, model: Model): string | null {
  const shared = sets.filter((set) => isShared(set.column));
  const column = (shared.find(({ relative }) => relative) ?? shared[0])?.column;
  if (column === undefined) return null;
  const name = escaped(column);
  const taking = shared.some(({ relative }) => relative)
    ? new RegExp(
        `\\b${name}["']?\\s*:\\s*(\\{\\s*decrement\\b|-)|\\b${name}["'\`]?\\s*=\\s*["'\`]?[\\w.]*${name}["'\`]?\\s*-|\\b${name}\\}?\\s*-`,
      )
    : // `{ stock: isSale ? { decrement: n } : { increment: n } }` is read as any value.
      new RegExp(`\\b${name}["']?\\s*:\\s*[^,;{}]*\\?\\s*(\\{[^{}]*\\}\\s*:\\s*)?\\{\\s*decrement\\b`);
  const text = model.repo.read(call.file) ?? "";
  const spans = [...calls].flatMap((id) => model.call(id) ?? []).filter(({ file }) => file === call.file);
  return spans.some(({ span }) => taking.test(text.slice(span.start, span.end))) ? column : null;
}

/** A read of this table before it, of which the number is held against another one in between. */
function isCheckOf(column: string, read: Query, site: CallSite, write: Query, model: Model): boolean {
  const isOwn = plain(read.table ?? "") === plain(write.table ?? "-");
  if (!isRead(read) || read.operation !== "one" || !(isOwn || read.relations.length > 0)) return false;
  if (read.call.file !== site.file || !canFollow(read.call, site, model)) return false;
  const names = namesDeclared(read.call, model);
  if (names.length === 0) return false;
  const way = isOwn ? "" : "(?:\\.\\w+[?!]?){1,2}";
  const own = `\\b(?:${names.join("|")})[?!]?${way}\\.${escaped(column)}\\b`;
  return new RegExp(`${own}\\s*[<>]|[<>]=?\\s*${own}`).test(
    (model.repo.read(read.call.file) ?? "").slice(read.call.statement.end, site.span.start),
  );
}

/** `const [from, to] = await Promise.all([...])` declares several at once. */
function namesDeclared(call: CallSite, model: Model): string[] {
  const name = nameDeclared(call, model);
  if (name !== undefined) return [name];
  const text = (model.repo.read(call.file) ?? "").slice(call.statement.start, call.span.start);
  const list = /^\s*(?:const|let)\s*\[([\w\s,]+)\]\s*=\s*await\s+Promise\.all\b/.exec(text)?.[1] ?? "";
  return list.split(",").flatMap((each) => each.trim() || []);
}

function matchFor(
  site: CallSite,
  write: Query,
  column: string,
  check: Query,
  ways: readonly Reach[],
  model: Model,
): Match {
  const table = write.table ?? "the row";
  return raceMatch(
    {
      title: "Two requests at once take the last one",
      site,
      ways,
      confidence: raceConfidence(write, ways),
      message: `${waitersIn(ways)} looks whether \`${column}\` of \`${table}\` is enough and takes from it by a second query: two requests at the same moment both find enough, and it falls below zero.`,
      also: [{ file: check.call.file, line: check.call.line }],
      what: `${table}.${column} taken`,
    },
    model,
  );
}
