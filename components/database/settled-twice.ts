/** "Is it still pending? Then pay it out", asked by one query and marked by another: of two requests at once both pay. */
import { escaped } from "../../analyzers/code/text.ts";
import { callsIn, withInner } from "../../analyzers/code/calls-in.ts";
import { sourcesOf } from "../../analyzers/flow/sources.ts";
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import { queriesOf, type Assignment, type Query } from "../../analyzers/queries/index.ts";
import { queriesIn } from "../../analyzers/queries/siblings.ts";
import { plain } from "../../analyzers/schema/index.ts";
import type { Match } from "../finding.ts";
import { isShared } from "./names.ts";
import { isHeld, raceConfidence, raceMatch } from "./race.ts";
import { waitersIn, waysTo } from "./reached.ts";
import { nameDeclared } from "./sequence.ts";

/** A write that makes a number more or less. */
interface Moved {
  query: Query;
  column: string;
}

/** Where something stands in its life: looked at before it is settled, and set when it is. */
const state = /^(order_?|payment_?|request_?|payout_?)?(status|state)$/i;

export function settledTwice(model: Model): Match[] {
  const found = new Map<string, Match>();
  for (const mark of queriesOf(model)) {
    const column = mark.operation === "update" ? mark.sets.find((set) => state.test(set.column))?.column : undefined;
    if (column === undefined || found.has(mark.call.fn)) continue;
    const look = lookBefore(mark, column, model);
    const moved = look === null ? null : movedWith(mark, look, model);
    const ways = moved === null ? [] : waysTo(mark.call, model);
    if (look === null || moved === null || ways.length === 0) continue;
    if (isHeld(mark, { column, read: look, made: null }, ways, model)) continue;
    found.set(mark.call.fn, matchFor(mark, column, look, moved, ways, model));
  }
  return [...found.values()];
}

/** The row that was read in the same function, with a refusal where its state is another. */
function lookBefore(mark: Query, column: string, model: Model): Query | null {
  const holder = model.fn(mark.call.fn);
  if (holder === null) return null;
  const read = queriesIn(mark.call.fn, model).find(
    (each) =>
      each.operation === "one" &&
      each.call.span.start < mark.call.span.start &&
      plain(each.table ?? "") === plain(mark.table ?? "-"),
  );
  const name = read === undefined ? undefined : nameDeclared(read.call, model);
  if (read === undefined || name === undefined) return null;
  const own = `\\b${name}[?!]?\\.${escaped(column)}`;
  const refusal = new RegExp(
    `\\bif\\s*\\([^;{]*${own}\\s*([!=])==?\\s*["'\\w.]*?(\\w+)["']?\\s*[)&|][^;{]*\\{?[^}]*?\\b(throw|return)\\b`,
  );
  const text = model.repo.read(read.call.file) ?? "";
  const [, sign, word = ""] = refusal.exec(text.slice(read.call.statement.end, mark.call.span.start)) ?? [];
  if (sign === undefined) return null;
  // Who comes again must be refused by what the first one has set.
  const set = new RegExp(`\\b${escaped(column)}["']?\\s*:\\s*["'\\w.]*\\b${escaped(word)}\\b`);
  return (sign === "=") === set.test(text.slice(mark.call.span.start, mark.call.span.end)) ? read : null;
}

/** What is made more or less behind the look, here or by a function that is called: once for each request that comes through. */
function movedWith(mark: Query, look: Query, model: Model): Moved | null {
  const holder = model.fn(mark.call.fn);
  if (holder === null) return null;
  const behind = (call: CallSite): boolean => call.span.start > look.call.span.end;
  const called = callsIn(model, holder).filter(behind);
  const inside = new Set(called.flatMap((call) => model.targets(call)).flatMap((fn) => withInner(model, fn)));
  const queries = [
    ...queriesIn(holder.id, model).filter(({ call }) => behind(call)),
    ...[...inside].flatMap(({ id }) => queriesIn(id, model)),
  ];
  for (const query of queries) {
    if (query.operation !== "update") continue;
    const set = query.sets.find((each) => isShared(each.column) && isMoved(each, model));
    if (set !== undefined) return { query, column: set.column };
  }
  return null;
}

/** A sum on what was there, by the database or by the app. */
function isMoved({ column, value, relative }: Assignment, model: Model): boolean {
  if (relative || value === null) return relative;
  return sourcesOf(model, value).some((source) => source.computed && source.path.at(-1) === column);
}

function matchFor(mark: Query, column: string, look: Query, moved: Moved, ways: readonly Reach[], model: Model): Match {
  const table = mark.table ?? "the row";
  return raceMatch(
    {
      site: mark.call,
      ways,
      title: "Two requests at once settle the same thing twice",
      confidence: raceConfidence(mark, ways),
      message: `${waitersIn(ways)} looks at \`${column}\` of \`${table}\`, changes \`${moved.column}\` of \`${moved.query.table ?? "a row"}\` and sets \`${column}\`: two requests at the same moment both find it unsettled, and \`${moved.column}\` is changed twice. Set \`${column}\` first, only where it still is what it was, and go on only if that changed a row.`,
      also: [look.call, moved.query.call].map(({ file, line }) => ({ file, line })),
      what: `${table}.${column} settled`,
    },
    model,
  );
}
