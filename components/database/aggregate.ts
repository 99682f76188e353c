/** Rows that are fetched only to be counted or added up, which the database does without sending them. */
import { textOf } from "../../analyzers/code/text.ts";
import { fileIn, indexIn } from "../../analyzers/ids.ts";
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import { queriesOf, type Filter, type Query } from "../../analyzers/queries/index.ts";
import { sourcesOf } from "../../analyzers/flow/sources.ts";
import { outcomeOf } from "../../analyzers/queries/outcome.ts";
import { escaped } from "../../analyzers/code/text.ts";
import { rootOf } from "../../analyzers/flow/file-index.ts";
import type { Match } from "../finding.ts";
import { isKey, isOwner, isPerson, isSmall, shownTable } from "./names.ts";
import { closing, isCut, isLoopSum, isSum } from "./sums.ts";
import { evidenceOf, provenBy } from "../evidence.ts";
import { holderName, isOccasional, lowest, routesTo, waitersIn } from "./reached.ts";

const aggregateRule = "database/aggregate-in-app";

export function aggregatesInApp(model: Model): Match[] {
  return queriesOf(model).flatMap((query) => {
    if (query.operation !== "list" || query.limit.kind !== "none" || query.table === null) return [];
    if (isSmall(query.table) || query.filters.some(isNamed)) return [];
    return placesOf(query, model).flatMap(({ site, calls }) => {
      const ways = routesTo(site, model);
      const use = ways.length === 0 ? null : summedUp(site, calls, model);
      return use === null ? [] : [matchFor(query, site, use, ways, model)];
    });
  });
}

/** One row by its key, or those of a list of ids: no more of them than somebody named. */
function isNamed({ column, how, sure }: Filter): boolean {
  return (sure && how === "=" && isKey(column)) || (how === "in" && (isKey(column) || isOwner(column)));
}

/** Functions that only hand the rows on, which are looked through. */
const MAX_DISTANCE = 2;

/** The calls that give all rows of a query: its own, and those of functions that return them. */
function placesOf(query: Query, model: Model): { site: CallSite; calls: ReadonlySet<string> }[] {
  const places = [{ site: query.call, calls: query.calls }];
  let fns = [query.call.fn];
  for (let distance = 0; distance < MAX_DISTANCE; distance += 1) {
    const givers = fns.flatMap((fn) => withHolder(fn, model)).filter((fn) => givesRows(fn, query, model));
    const sites = givers.flatMap((fn) => model.callers(fn));
    places.push(...sites.map((site) => ({ site, calls: new Set([site.id]) })));
    fns = [...new Set(sites.map(({ fn }) => fn))];
  }
  return places;
}

/** `return withRetry(async () => db.select()...)`: the function around gives what the one inside gives. */
function withHolder(fn: string, model: Model): string[] {
  const own = model.fn(fn);
  return own === null || own.parent === null || own.name !== null ? [fn] : [fn, own.parent];
}

function givesRows(fn: string, query: Query, model: Model): boolean {
  const file = fileIn(fn);
  const returned = model.summary(file)?.functions[indexIn(fn)]?.returns ?? [];
  return returned.some((value) =>
    sourcesOf(model, { file, value, frame: null }).some((source) => {
      const outcome = outcomeOf(model, source);
      return outcome !== null && outcome.query === query && outcome.what === "rows" && !source.computed;
    }),
  );
}

/** What becomes of the rows, where nothing but numbers is made of them. */
type Use = "counted" | "added up" | "sorted and cut";

/** Reads every mention of the rows in the function's text: all must be one that only counts or adds. */
function summedUp(call: CallSite, calls: ReadonlySet<string>, model: Model): Use | null {
  const summary = model.summary(call.file);
  const holder = model.fn(call.fn);
  if (summary === null || holder === null) return null;
  const text = withoutQuery(textOf(model, holder), call, holder.span.start);
  const ids = new Set([...calls].filter((id) => id.startsWith(`${call.file}#`)).map(indexIn));
  const names = Object.entries(summary.functions[indexIn(call.fn)]?.bindings ?? {}).flatMap(([name, values]) => {
    const isRows = values.length === 1 && values.every((value) => isRowsOf(value, ids));
    return isRows ? [name] : [];
  });
  const [name, another] = names;
  if (name === undefined) return directly(call.span.start, call.span.end, holder.span.start, text);
  return another === undefined ? usesOf(name, text, 0) : null;
}

/** The query's own text may name its table; blanks keep the offsets. */
function withoutQuery(text: string, { span }: CallSite, from: number): string {
  const [start, end] = [span.start - from, span.end - from];
  return text.slice(0, start) + " ".repeat(end - start) + text.slice(end);
}

function isRowsOf(value: Parameters<typeof rootOf>[0], ids: ReadonlySet<number>): boolean {
  const root = rootOf(value);
  const property = value.kind === "member" ? value.property : null;
  return (
    root.kind === "call" &&
    ids.has(root.call) &&
    (property === null || ["rows", "data", "0", "docs"].includes(property))
  );
}

/** `(await User.find()).length` */
function directly(start: number, end: number, from: number, text: string): Use | null {
  const behind = text.slice(end - from);
  return text[start - from - 1] !== undefined &&
    /^[^;\n]*?\)\s*\.length\b(?!\s*(===?|>|!==?)\s*[01]\b)/.test(behind) &&
    /\(\s*await\s*$/.test(text.slice(0, start - from))
    ? "counted"
    : null;
}

const MAX_NAMES = 4;

/** The uses of a name, and of names that are made of it by `filter`; null when one of them is for more than a number. */
function usesOf(name: string, text: string, depth: number): Use | null {
  if (depth > MAX_NAMES) return null;
  // Behind one dot it is a property; behind three it is spread into another list.
  const mentions = [...text.matchAll(new RegExp(`(?<![\\w$"'\`]|(?<!\\.\\.)\\.)${escaped(name)}(?![\\w$"'\`])`, "g"))];
  const found = mentions.map((mention) => useAt(text, mention.index, name, depth));
  if (found.includes("more")) return null;
  if (found.includes("added up")) return "added up";
  if (found.includes("sorted and cut")) return "sorted and cut";
  return found.includes("counted") ? "counted" : null;
}

function useAt(text: string, at: number, name: string, depth: number): Use | "nothing" | "more" {
  const before = text.slice(0, at);
  const after = text.slice(at + name.length);
  if (/(const|let|var)\s+([{[][^=;]*)?$/.test(before) || /^\s*[\]}]\s*=[^=]|^\s*=\s*await\b/.test(after))
    return "nothing";
  if (/[{,]\s*$/.test(before) && /^\s*:/.test(after)) return "nothing";
  if (/^\??\.length\b/.test(after)) return isCheck(after, before) ? "nothing" : "counted";
  if (/^\??\.(sort|toSorted)\(/.test(after)) return isCut(after) ? "sorted and cut" : "more";
  if (/^\??\.reduce\(/.test(after)) return isSum(after) ? "added up" : "more";
  if (/^\??\.filter\(/.test(after)) return ofFilter(text, at, before, after, depth);
  if (/^\??\.forEach\(/.test(after) || /\bof\s*$/.test(before)) return isLoopSum(after) ? "added up" : "more";
  return /!\s*$/.test(before) && /^\s*(\)|\|\||&&)/.test(after) ? "nothing" : "more";
}

/** Compared with none or one: it asks whether there is a row, not how many. */
function isCheck(after: string, before: string): boolean {
  return (
    /^\??\.length\s*(===?|!==?|>=?|<=?)\s*[01]\b/.test(after) ||
    /!\s*$/.test(before) ||
    /^\??\.length\s*(\)\s*\{|\?\s|&&|\|\|)/.test(after)
  );
}

function ofFilter(text: string, at: number, before: string, after: string, depth: number): Use | "more" {
  const end = closing(after, after.indexOf("("));
  if (end === null) return "more";
  const behind = after.slice(end + 1);
  if (/^\s*\.length\b/.test(behind)) return "counted";
  if (/^\s*\.reduce\(/.test(behind)) return isSum(behind) ? "added up" : "more";
  const derived = /(?:const|let)\s+(\w+)(?:\s*:[^=]*)?\s*=\s*$/.exec(before)?.[1];
  if (derived === undefined || !/^\s*;?\s*(\n|$)/.test(behind)) return "more";
  return usesOf(derived, text.slice(at), depth + 1) ?? "more";
}

function matchFor(query: Query, site: CallSite, use: Use, ways: readonly Reach[], model: Model): Match {
  const { table } = query;
  const owned = query.filters.some(({ column, sure, how }) => sure && how === "=" && isOwner(column));
  const own = isOccasional(ways) || isSpanOfOwner(query) ? "low" : owned ? "medium" : "high";
  return {
    rule: aggregateRule,
    file: site.file,
    line: site.line,
    confidence: lowest(own, provenBy(query.use.certainty, ways)),
    message: `${waitersIn(ways)} fetches every matching row of ${shownTable(table, "a table")} although the rows are only ${use}: the database can do that itself and send one number instead of the whole table.`,
    also: site === query.call ? [] : [{ file: query.call.file, line: query.call.line }],
    ...evidenceOf(ways),
    call: site.id,
    anchor: `${table ?? query.use.api} ${use} in ${holderName(site, model)}`,
    fix: "brief",
  };
}

/** From one date to another, or since some weeks: of one owner, these months hold only so many rows. */
function isSpanOfOwner({ filters }: Query): boolean {
  const isOwned = filters.some(({ column, sure, how }) => sure && how === "=" && (isOwner(column) || isPerson(column)));
  const ranges = filters.filter(({ how, sure }) => how === "range" && sure);
  const columns = ranges.map(({ column }) => column);
  return isOwned && (columns.some((column, index) => columns.indexOf(column) !== index) || ranges.some(isLately));
}

/** `gte: thirtyDaysAgo`, `gt: startOfMonth` */
function isLately({ value }: Filter): boolean {
  const name = value?.value.kind === "name" ? value.value.name : "";
  return /(day|week|month|quarter)s?_?(ago|start|begin)|(start|begin)\w*_?(day|week|month|quarter)|last_?(day|week|month|quarter)|this_?(day|week|month|quarter)|today|yesterday|recent/i.test(
    name,
  );
}
