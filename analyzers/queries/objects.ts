/** Conditions and values given as objects: `where: { userId, age: { gte: 18 } }`, `{ $inc: { stock: -1 } }`, `take: 20`. */
import { indexIn } from "../ids.ts";
import { beside, type Expr } from "../flow/expression.ts";
import { calledName } from "../flow/calls.ts";
import type { Model } from "../model.ts";
import type { Value } from "../summary.ts";
import type { Assignment, Filter, Limit } from "./query.ts";
import type { Later } from "./amended.ts";
import { armsOf, behind, entriesOf, itemsOf, literalOf } from "./resolve.ts";

export interface Conditions {
  filters: Filter[];
  open: boolean;
}

/** Operator keys and functions of all mappers: what they make of the comparison. */
const comparisons: Readonly<Record<string, Filter["how"]>> = {
  equals: "=",
  eq: "=",
  Equal: "=",
  is: "=",
  in: "in",
  in_: "in",
  In: "in",
  inArray: "in",
  any: "in",
  Any: "in",
  lt: "range",
  lte: "range",
  gt: "range",
  gte: "range",
  between: "range",
  Between: "range",
  LessThan: "range",
  LessThanOrEqual: "range",
  MoreThan: "range",
  MoreThanOrEqual: "range",
  contains: "like",
  startsWith: "like",
  endsWith: "like",
  search: "like",
  like: "like",
  ilike: "like",
  iLike: "like",
  substring: "like",
  Like: "like",
  ILike: "like",
  regex: "like",
};

/** What an operator such as `gte`, `$gte`, `MoreThan` means; null for other names. */
export function comparisonOf(name: string): Filter["how"] | null {
  const plain = name.replace(/^\$/, "");
  return Object.hasOwn(comparisons, plain) ? (comparisons[plain] ?? null) : null;
}

/** No condition. */
export const none: Conditions = { filters: [], open: false };
/** Conditions within conditions that are read. */
const MAX_DEPTH = 4;

/** No argument at all is no condition; one that is not known to be an object may be any. */
export function conditionsOf(model: Model, expr: Expr | undefined, sure = true, depth = 0): Conditions {
  if (expr === undefined) return none;
  // A list of conditions: any of them.
  const alternatives = depth < MAX_DEPTH ? itemsOf(model, expr) : null;
  if (alternatives !== null) return joined(alternatives.map((each) => conditionsOf(model, each, false, depth + 1)));
  const arms = depth < MAX_DEPTH ? armsOf(model, expr) : null;
  if (arms !== null)
    return oneOf(
      arms.map((arm) => conditionsOf(model, arm, true, depth + 1)),
      sure,
    );
  const found = entriesOf(model, expr);
  if (found === null || depth > MAX_DEPTH)
    return isNothing(behind(model, expr).value) ? none : { filters: [], open: true };
  const { filters, open } = joined([
    ...[...found.entries].map(([key, value]) => conditionOf(model, key, value, sure, depth)),
    ...found.later.map((each) =>
      each.sure ? laterCondition(model, each, sure, depth) : asOptional(laterCondition(model, each, false, depth)),
    ),
  ]);
  return { filters, open: open || found.unread };
}

/** `null`, `undefined`: an argument that asks for nothing. */
export function isNothing(value: Value): boolean {
  return (value.kind === "literal" && value.value === null) || (value.kind === "name" && value.name === "undefined");
}

/** What holds whichever of several conditions is taken: those that each of them has are as sure as the whole. */
export function oneOf(parts: readonly Conditions[], sure: boolean): Conditions {
  const isInEach = ({ column, how }: Filter): boolean =>
    parts.every(({ filters }) => filters.some((each) => each.sure && each.column === column && each.how === how));
  const { filters, open } = joined(parts);
  // `all ? {} : { userId }`: one of them asks for nothing more than what all have.
  const isOptional = parts.some((part) => part.filters.every((each) => isInEach(each) || each.how === "other"));
  const marked = filters.map((filter): Filter => {
    if (isInEach(filter)) return { ...filter, sure: sure && filter.sure };
    return isOptional ? { ...filter, sure: false, optional: true } : { ...filter, sure: false };
  });
  return { filters: marked, open };
}

/** Conditions that only a test adds. */
export function asOptional({ filters, open }: Conditions): Conditions {
  return { filters: filters.map((filter) => ({ ...filter, sure: false, optional: true })), open };
}

/** `where.shopId = shopId`, `where.createdAt.gte = from`. */
function laterCondition(model: Model, { path, value }: Later, sure: boolean, depth: number): Conditions {
  const [column, operator] = path;
  if (column === undefined) return { filters: [], open: true };
  if (operator === undefined) return conditionOf(model, column, value, sure, depth);
  if (/^(\$|\*|and$|or$|not$)/i.test(column)) return { filters: [], open: true };
  return { filters: [{ column, table: null, how: comparisonOf(operator) ?? "other", value, sure }], open: false };
}

/** Several conditions together. */
export function joined(parts: readonly Conditions[]): Conditions {
  return { filters: parts.flatMap(({ filters }) => filters), open: parts.some(({ open }) => open) };
}

function conditionOf(model: Model, key: string, value: Expr, sure: boolean, depth: number): Conditions {
  const plain = key.replace(/^\$/, "").toLowerCase();
  if (plain === "and" || plain === "or") {
    const inner = itemsOf(model, value) ?? [value];
    return joined(inner.map((each) => conditionsOf(model, each, sure && plain === "and", depth + 1)));
  }
  if (plain === "not" || plain === "nor") return none;
  if (key === "*" || key.startsWith("$")) return { filters: [], open: true };
  return ofColumn(model, key, value, sure);
}

function ofColumn(model: Model, column: string, value: Expr, sure: boolean): Conditions {
  const one = (how: Filter["how"], of: Expr | null): Filter => ({ column, table: null, how, value: of, sure });
  const found = behind(model, value);
  const either = found.value.kind === "either" ? comparedEither(model, column, found, sure) : null;
  if (either !== null) return either;
  if (found.value.kind === "array") return { filters: [one("in", value)], open: false };
  if (found.value.kind === "call")
    return { filters: [one(comparisonBy(calledAt(model, found) ?? ""), value)], open: false };
  const inner = found.value.kind === "object" ? entriesOf(model, value) : null;
  if (inner === null)
    return {
      filters: [one(found.value.kind === "literal" && found.value.value === null ? "other" : "=", value)],
      open: false,
    };
  const keys = [...inner.entries.keys()];
  // Prisma names a compound key by its columns: `userId_postId: { userId, postId }`.
  if (keys.length > 1 && keys.every((key) => column.includes(key))) {
    return {
      filters: [...inner.entries].map(([key, each]) => ({ column: key, table: null, how: "=", value: each, sure })),
      open: false,
    };
  }
  // `author: { id }` asks for the column that points to the author.
  const key = keys.length === 1 && /^_?id$/.test(keys[0] ?? "") ? inner.entries.get(keys[0] ?? "") : undefined;
  if (key !== undefined) return { filters: [one("=", key)], open: false };
  const related = keys.length === 1 ? relatedOf(model, column, inner.entries.get("some"), sure) : null;
  if (related !== null) return related;
  // `calendar: { date }`: the rows of one day.
  const ofDay = [...inner.entries].flatMap(([key, each]): Filter[] =>
    /^(date|day)$/.test(key) ? [{ ...one("=", each), column: `${column}.${key}` }] : [],
  );
  const compared = [...inner.entries].flatMap(([key, each]) => {
    const how = comparisonOf(key);
    return how === null ? [] : [one(how, each)];
  });
  return { filters: compared.length > 0 ? compared : [one("other", null), ...ofDay], open: false };
}

/** `members: { some: { userId } }`: a row of the related table says so. */
function relatedOf(model: Model, column: string, some: Expr | undefined, sure: boolean): Conditions | null {
  const found = some === undefined ? null : entriesOf(model, some);
  if (found === null) return null;
  const inner = [...found.entries].flatMap(([key, value]) => ofColumn(model, `${column}.${key}`, value, sure).filters);
  const same = inner.filter(({ how }) => how === "=");
  return same.length > 0 ? { filters: same, open: false } : null;
}

/** `name ? { contains: name } : undefined`: where one arm says how it is compared, there may as well be no condition. */
function comparedEither(model: Model, column: string, { file, value, frame }: Expr, sure: boolean): Conditions | null {
  const arms = value.kind === "either" ? value.of.map((each): Expr => ({ file, value: each, frame })) : [];
  const given = arms.filter((arm) => literalOf(model, arm) !== null);
  const [only] = given;
  const isCompared = only !== undefined && given.length === 1 && behind(model, only).value.kind === "object";
  return isCompared ? ofColumn(model, column, only, sure && given.length === arms.length) : null;
}

/** `In(ids)`, `Number(id)`; an operator that is not known compares in some other way. */
function comparisonBy(called: string): Filter["how"] {
  const isConversion =
    /^(Number|String|BigInt|Date|ObjectId|ObjectID|UUID|Boolean)$/.test(called) || !/^[A-Z]/.test(called);
  return comparisonOf(called) ?? (isConversion ? "=" : "other");
}

/** The last name of what a call calls. */
export function calledAt(model: Model, { file, value }: Expr): string | null {
  const call = value.kind === "call" ? model.summary(file)?.calls[value.call] : undefined;
  return call === undefined ? null : (calledName(call.callee).split(".").at(-1) ?? null);
}

/** Keys under which what is to be written stands, and keys by which the database is told to work it out. */
const plainly = new Set(["$set", "$setOnInsert", "set"]);
const relatively = new Set(["$inc", "$mul", "$push", "$addToSet", "$pull", "$min", "$max", "$currentDate", "$unset"]);
const atomic = new Set(["increment", "decrement", "multiply", "divide", "push", "connect", "disconnect"]);
/** Calls whose value is worked out by the database: `sql`, `raw`, `literal`, `FieldValue.increment`. */
const expressions = /^(sql|raw|literal|ref|fn|col|increment|arrayUnion|arrayRemove|serverTimestamp)$/;

/** What an object of values writes, column by column. */
export function assignmentsOf(model: Model, expr: Expr | undefined): Assignment[] {
  const found = expr === undefined ? null : entriesOf(model, expr);
  return [...(found?.entries ?? [])].flatMap(([key, value]): Assignment[] => {
    if (plainly.has(key)) return assignmentsOf(model, value);
    if (relatively.has(key))
      return [...(entriesOf(model, value)?.entries.keys() ?? [])].map((column) => ({
        column,
        value: null,
        relative: true,
      }));
    return [assignmentOf(model, key, value)];
  });
}

function assignmentOf(model: Model, column: string, value: Expr): Assignment {
  const found = behind(model, value);
  if (found.value.kind === "fn") return { column, value: null, relative: true };
  if (found.value.kind === "call") {
    const relative = expressions.test(calledAt(model, found) ?? "");
    return { column, value: relative ? null : value, relative };
  }
  const keys = found.value.kind === "object" ? found.value.entries.map(({ key }) => key) : [];
  const relative = keys.length > 0 && keys.every((key) => atomic.has(key));
  const set =
    relative || found.value.kind !== "object" ? undefined : found.value.entries.find(({ key }) => key === "set");
  return { column, value: relative ? null : set === undefined ? value : beside(found, set.value), relative };
}

/** The limit that an argument or an option sets. */
export function limitOf(model: Model, expr: Expr | undefined): Limit {
  if (expr === undefined) return { kind: "none" };
  const value = literalOf(model, expr);
  if (typeof value === "number") return value === 0 ? { kind: "none" } : { kind: "literal", value };
  return value === null ? { kind: "none" } : { kind: "value", expr };
}

/** Names of relations: the keys of `{ posts: true }`, the items of `["posts"]`, a text such as `"posts author"`. */
export function namesOf(model: Model, expr: Expr | undefined): string[] {
  if (expr === undefined) return [];
  const text = literalOf(model, expr);
  if (typeof text === "string") return text.split(/[\s,]+/).filter((each) => each !== "" && !each.startsWith("-"));
  const items = itemsOf(model, expr);
  if (items !== null) return items.flatMap((item) => namesOf(model, item));
  return [...(entriesOf(model, expr)?.entries ?? [])].flatMap(([key, value]) =>
    literalOf(model, value) === false ? [] : [key],
  );
}

/** Whether an argument is a list, written out or not: rows in any number. */
export function isList(model: Model, expr: Expr | undefined): boolean {
  if (expr === undefined) return false;
  const found = behind(model, expr);
  if (found.value.kind === "array") return true;
  const call =
    found.value.kind === "call" ? model.summary(found.file)?.calls[indexIn(`#${found.value.call}`)] : undefined;
  return call?.callee.kind === "member" && ["map", "filter", "flatMap"].includes(call.callee.property);
}
