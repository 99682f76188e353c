/** Numbers read from a row, changed by the app and written back: of two requests at once, one change is lost. */
import { textOf } from "../../analyzers/code/text.ts";
import { indexIn } from "../../analyzers/ids.ts";
import { sourcesOf } from "../../analyzers/flow/sources.ts";
import type { Expr } from "../../analyzers/flow/expression.ts";
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import { queriesOf, type Assignment, type Query } from "../../analyzers/queries/index.ts";
import { outcomeOf } from "../../analyzers/queries/outcome.ts";
import { calledOn } from "../../analyzers/queries/made-for.ts";
import { isCovered, runsInTransaction } from "../../analyzers/queries/transactions.ts";
import { plain } from "../../analyzers/schema/index.ts";
import type { Value, Write } from "../../analyzers/summary.ts";
import type { Confidence, Match } from "../finding.ts";
import { isAside, isOfOneBuyer, isShared } from "./names.ts";
import { evidenceOf, provenBy } from "../evidence.ts";
import { holderName, isOccasional, lowest, waitersIn, waysTo } from "./reached.ts";

const raceRule = "database/race-on-shared-row";

/** A column that is written with what was made of its earlier value. */
export interface Race {
  column: string;
  read: Query;
  /** Where the new value is made, when that is not the write itself. */
  made: { file: string; line: number } | null;
}

export function racesOnRows(model: Model): Match[] {
  return queriesOf(model).flatMap((write) => {
    if (write.operation !== "update" && write.operation !== "upsert") return [];
    const ways = waysTo(write.call, model);
    if (ways.length === 0) return [];
    const races = racesOf(write, model);
    const race = races.find(({ column }) => isShared(column)) ?? races[0];
    if (race === undefined || isHeld(write, race, ways, model)) return [];
    return [matchFor(write, race, ways, model)];
  });
}

/** The columns that a write brings back changed, and that others may have changed since. */
export function racesOf(write: Query, model: Model): Race[] {
  return [...ofValues(write, model), ...ofDocument(write, model)];
}

/** `SET stock = $1` with `stock - quantity` as the value. */
function ofValues(write: Query, model: Model): Race[] {
  return write.sets.flatMap(({ column, value, relative }: Assignment) => {
    if (relative || value === null) return [];
    const read = earlierRead(model, value, column, write.table);
    return read === null || read === write ? [] : [{ column, read, made: null }];
  });
}

/** The query that read the column which a computed value rests on; one that reads this very row before one that reads all. */
function earlierRead(model: Model, value: Expr, column: string, table: string | null): Query | null {
  const reads = sourcesOf(model, value).flatMap((source) => {
    const outcome = source.computed && !source.inText ? outcomeOf(model, source) : null;
    if (outcome === null || outcome.what === "rows" || outcome.what === "count") return [];
    const last = outcome.rest.at(-1);
    const isSame = last !== undefined && plain(last) === plain(column) && outcome.rest.length <= 2;
    const ofTable = table === null || outcome.query.table === null || plain(outcome.query.table) === plain(table);
    return isSame && ofTable && outcome.query.operation !== "aggregate" ? [outcome.query] : [];
  });
  return reads.find(({ filters }) => filters.length > 0) ?? reads[0] ?? null;
}

/** `user.credits -= cost; await user.save()` */
function ofDocument(write: Query, model: Model): Race[] {
  const object = savedObject(write, model);
  const summary = model.summary(write.call.file);
  if (object === null || summary === null) return [];
  const { file } = write.call;
  return summary.changes.flatMap((change) => {
    const isOwn = change.fn === indexIn(write.call.fn) || object.kind === "name";
    if (!isOwn || change.span.start > write.call.span.end || change.value === undefined) return [];
    if (change.target.kind !== "member" || !isSame(change.target.object, object)) return [];
    return raceOf(change, file, model);
  });
}

function raceOf({ target, value, span }: Write, file: string, model: Model): Race[] {
  if (target.kind !== "member" || value === undefined || target.property === "*") return [];
  const read = earlierRead(model, { file, value, frame: null }, target.property, null);
  return read === null ? [] : [{ column: target.property, read, made: { file, line: span.line } }];
}

/** What `x.save()` or `repository.save(x)` writes. */
export function savedObject({ use, call }: Query, model: Model): Value | null {
  const fact = model.summary(call.file)?.calls[indexIn(call.id)];
  if (fact?.callee.kind !== "member" || !/^(save|flush|persist)$/.test(fact.callee.property)) return null;
  const [first, second] = fact.args;
  const isRepository = use.package === "typeorm" && first !== undefined;
  return isRepository ? (first.kind === "name" ? first : (second ?? first)) : fact.callee.object;
}

export function isSame(a: Value, b: Value): boolean {
  if (a.kind === "name" && b.kind === "name") return a.name === b.name && a.fn === b.fn;
  if (a.kind === "param" && b.kind === "param") return a.fn === b.fn && a.index === b.index;
  return a.kind === "member" && b.kind === "member" && a.property === b.property && isSame(a.object, b.object);
}

/** Locked when read, or written only if nothing changed since: by the old value, a version, a time of change. */
export function isHeld(write: Query, { read, column }: Race, ways: readonly Reach[], model: Model): boolean {
  if (read.locks && (runsInTransaction(model, read) || ways.every((way) => isCovered(model, way)))) return true;
  // MongoDB aborts a transaction whose row another one has changed since it was read.
  if (write.dialect.startsWith("mongo") && runsInTransaction(model, write)) return true;
  const guards = write.filters.map((filter) => plain(filter.column));
  if (guards.some((each) => each === plain(column) || /version|updatedat|lock|etag/.test(each))) return true;
  return isGuarded(write.call, model);
}

/** Words of code that lets one request in at a time, or has a lost one noticed. */
export const guarding =
  /serializable|optimisticConcurrency|\bLOCK\b|advisory|redlock|mutex|\.acquire\(|withLock|runExclusive/i;

/** Code around the call that lets one request in at a time, or has a lost one noticed; `also`: what counts as such, too. */
export function isGuarded(call: CallSite, model: Model, also?: RegExp): boolean {
  const text = functionText(call, model);
  return guarding.test(text) || also?.test(text) === true || isOptimistic(model);
}

function functionText({ fn }: CallSite, model: Model): string {
  const holder = model.fn(fn);
  return holder === null ? "" : textOf(model, holder);
}

const optimistic = new WeakMap<Model, boolean>();

/** Mongoose schemas with `optimisticConcurrency` refuse to save over a change. */
function isOptimistic(model: Model): boolean {
  const known =
    optimistic.get(model) ??
    model
      .usesOf("mongoose:**.Schema")
      .some(({ call }) => call.args[1]?.kind === "object" && "optimisticConcurrency" in call.args[1].entries);
  optimistic.set(model, known);
  return known;
}

/** What a race is told by: where it stands, who runs into it, and `what` is fought for, by which it is known again. */
interface Told extends Pick<Match, "title" | "message" | "confidence" | "also">, Partial<Pick<Match, "fix">> {
  site: CallSite;
  /** The call that it is about, where that is not the one it stands at. */
  call?: CallSite;
  ways: readonly Reach[];
  what: string;
}

/** What is told alike of all races. */
export function raceMatch({ site, call = site, ways, what, ...told }: Told, model: Model): Match {
  const { file, line } = site;
  return {
    rule: raceRule,
    file,
    line,
    fix: "brief",
    ...told,
    ...evidenceOf(ways),
    call: call.id,
    anchor: `${what} in ${holderName(site, model)}`,
  };
}

/** Two requests at the same moment are seldom: medium at most, and low where it may pass. */
export function raceConfidence({ use }: Query, ways: readonly Reach[], mayPass = false): Confidence {
  return mayPass || isOccasional(ways) ? "low" : lowest("medium", provenBy(use.certainty, ways));
}

function matchFor(write: Query, { column, read, made }: Race, ways: readonly Reach[], model: Model): Match {
  const { call } = write;
  const table = write.table ?? read.table ?? calledOn(model, read.use) ?? "the row";
  const others = [made, { file: read.call.file, line: read.call.line }].filter((place) => place !== null);
  return raceMatch(
    {
      site: call,
      ways,
      confidence: confidenceOf(write, column, ways),
      message: `${waitersIn(ways)} reads \`${column}\` of \`${table}\`, works out the new value and writes it back: of two requests at the same moment both start from the old value, and one change is lost.`,
      also: others.filter(({ file, line }) => file !== call.file || line !== call.line),
      what: `${table}.${column}`,
      fix: isSummable(write, model) ? "patch" : "brief",
    },
    model,
  );
}

/** Libraries for which the sum is written into the query, and writes that show one. */
function isSummable(write: Query, model: Model): boolean {
  if (write.dialect === "mongoose") return savedObject(write, model) !== null;
  const { file, span } = write.call;
  const text = (model.repo.read(file) ?? "").slice(span.start, span.end);
  return write.dialect === "prisma" && /:\s*\w+!?\.\w+\s*[-+]|\bdata:\s*\{\s*\w+(:\s*\w+)?\s*,?\s*\}/.test(text);
}

/** Counters of one user's tries, and numbers that only order or date a row. */
function isHarmless(column: string): boolean {
  return /attempt|fail|lock|duration|retr(y|ies)|version|position|order|sort|index|step|level|expir|until|date|time|at$/i.test(
    column,
  );
}

function confidenceOf(write: Query, column: string, ways: readonly Reach[]): Confidence {
  if (isOccasional(ways) || isHarmless(column) || isOfOneBuyer(write.table ?? "")) return "low";
  const isShown = isShared(column);
  // An `events` table may hold what happened, or what tickets are sold for.
  const own: Confidence = isAside(write.table ?? "") ? (isShown ? "medium" : "low") : isShown ? "high" : "medium";
  return lowest(own, provenBy(write.use.certainty, ways));
}
