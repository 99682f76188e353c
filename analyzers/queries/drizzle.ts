/** Drizzle: `select().from().where(eq(...))`, `query.users.findMany`, `insert`, `update`, `delete`. */
import { calledName } from "../flow/calls.ts";
import { beside, type Expr } from "../flow/expression.ts";
import { fileIndex, keyOfName } from "../flow/file-index.ts";
import type { Model } from "../model.ts";
import type { Value } from "../summary.ts";
import { linksNamed, type Chain, type Link } from "./chain.ts";
import { isBehindTest } from "./amended.ts";
import {
  asOptional,
  assignmentsOf,
  calledAt,
  comparisonOf,
  isList,
  isNothing,
  joined,
  limitOf,
  namesOf,
  none,
  oneOf,
  type Conditions,
} from "./objects.ts";
import { emptyReading, unknownReading, type Reading } from "./query.ts";
import { armsOf, behind, entriesOf, nameOf, stepsBehind } from "./resolve.ts";
import type { Row } from "./row.ts";

const relational = /\.query\.(\w+)\.(findMany|findFirst)$/;

export const drizzle: Row = {
  dialect: "drizzle",
  packages: [
    "node-postgres",
    "postgres-js",
    "neon-http",
    "neon-serverless",
    "vercel-postgres",
    "pglite",
    "mysql2",
    "planetscale-serverless",
    "better-sqlite3",
    "libsql",
    "d1",
    "bun-sqlite",
    "expo-sqlite",
    "supabase",
  ].map((driver) => `drizzle-orm/${driver}`),
  starts:
    /drizzle\(\)(\.\$?with\w*\(\))*\.(select|selectDistinct|selectDistinctOn|insert|update|delete|\$count|query\.\w+\.(findMany|findFirst))$/,
  read: (chain) => {
    if (relational.test(chain.use.api)) return readRelational(chain);
    return /\.(select\w*|\$count)$/.test(chain.use.api) ? readSelect(chain) : readWrite(chain);
  },
};

function readRelational({ model, use, links: [{ args }] }: Chain): Reading {
  const [, table = null, method] = relational.exec(use.api) ?? [];
  const operation = method === "findMany" ? "list" : "one";
  const found = args[0] === undefined ? null : entriesOf(model, args[0]);
  if (args[0] !== undefined && found === null) return { ...unknownReading, operation, table };
  const at = (key: string): Expr | undefined => found?.entries.get(key);
  const where = conditionsIn(model, at("where"), true);
  return {
    ...emptyReading,
    operation,
    table,
    ...where,
    order: orderOf(model, at("orderBy")),
    limit: operation === "list" ? limitOf(model, at("limit")) : { kind: "none" },
    paged: at("offset") !== undefined,
    relations: namesOf(model, at("with")),
    columns: at("columns") === undefined ? null : namesOf(model, at("columns")),
  };
}

function readSelect(chain: Chain): Reading {
  const { model, links, handedOn } = chain;
  const [{ method, args }] = links;
  const counts = method === "$count";
  const table = counts ? args[0] : linksNamed(chain, "from")[0]?.args[0];
  const filters = linksNamed(chain, "where").map((link) => conditionsIn(model, link.args[0], link.sure));
  if (counts) filters.push(conditionsIn(model, args[1], true));
  const joins = linksNamed(chain, "innerJoin", "leftJoin", "rightJoin", "fullJoin").flatMap((link) =>
    joinOf(model, link),
  );
  return {
    ...emptyReading,
    operation: counts ? "count" : selected(chain),
    table: table === undefined ? null : nameOf(model, table),
    filters: filters.flatMap((part) => part.filters),
    open: handedOn || filters.some(({ open }) => open),
    order: linksNamed(chain, "orderBy").flatMap((link) => link.args.flatMap((arg) => orderOf(model, arg))),
    limit: handedOn ? { kind: "unknown" } : limitOf(model, linksNamed(chain, "limit")[0]?.args[0]),
    paged: linksNamed(chain, "offset").length > 0,
    relations: joins.map((join) => join.table),
    joins,
    locks: linksNamed(chain, "for").length > 0,
  };
}

const summing = new Set([
  "count",
  "countDistinct",
  "sum",
  "sumDistinct",
  "avg",
  "avgDistinct",
  "min",
  "max",
  "sql",
  "mapWith",
]);

/** `select({ total: count() })` gives one row of numbers. */
function selected(chain: Chain): Reading["operation"] {
  const { model, links } = chain;
  if (linksNamed(chain, "groupBy").length > 0) return "aggregate";
  const fields = links[0].args[0] === undefined ? null : entriesOf(model, links[0].args[0]);
  const values = [...(fields?.entries.values() ?? [])];
  const isNumbers =
    values.length > 0 && values.every((value) => summing.has(calledAt(model, behind(model, value)) ?? ""));
  if (isNumbers) return values.length === 1 ? "count" : "aggregate";
  const limit = limitOf(model, linksNamed(chain, "limit")[0]?.args[0]);
  return (limit.kind === "literal" && limit.value === 1) || linksNamed(chain, "get").length > 0 ? "one" : "list";
}

function readWrite(chain: Chain): Reading {
  const { model, links, handedOn } = chain;
  const [{ method, args }] = links;
  const where = linksNamed(chain, "where").map((link) => conditionsIn(model, link.args[0], link.sure));
  const merges = linksNamed(chain, "onConflictDoUpdate", "onConflictDoNothing", "onDuplicateKeyUpdate").length > 0;
  const given = linksNamed(chain, "values", "set").map((link) => link.args[0]);
  return {
    ...emptyReading,
    operation: method === "insert" ? (merges ? "upsert" : "insert") : method === "update" ? "update" : "delete",
    table: args[0] === undefined ? null : nameOf(model, args[0]),
    filters: where.flatMap((part) => part.filters),
    open: handedOn || where.some(({ open }) => open),
    sets: given.flatMap((each) => assignmentsOf(model, each)),
    many: given.some((each) => isList(model, each)),
  };
}

/** Conditions within conditions that are read. */
const MAX_DEPTH = 6;

/** `and(eq(users.id, id), or(...))`, `(users, { eq }) => eq(users.id, id)`. */
function conditionsIn(model: Model, expr: Expr | undefined, sure: boolean, within: readonly string[] = []): Conditions {
  if (expr === undefined) return none;
  if (within.length > MAX_DEPTH) return { filters: [], open: true };
  const found = behind(model, expr);
  const { file, value } = found;
  if (value.kind === "fn") {
    const returned = model.summary(file)?.functions[value.fn]?.returns ?? [];
    const [only] = returned;
    return only === undefined || returned.length > 1
      ? { filters: [], open: true }
      : conditionsIn(model, beside(found, only), sure, [...within, ""]);
  }
  if (isNothing(value)) return none;
  const own = value.kind === "name" ? keyOfName(value) : "";
  const inner = [...within, own];
  const arms = armsOf(model, found);
  // `where = and(where, eq(...))`: within itself it is what it begins with.
  if (arms !== null && own !== "" && within.includes(own)) return conditionsIn(model, arms[0], sure, inner);
  if (arms !== null)
    return oneOf(
      arms.map((arm) => conditionsIn(model, arm, true, inner)),
      sure,
    );
  const call = value.kind === "call" ? model.summary(file)?.calls[value.call] : undefined;
  if (call === undefined) return { filters: [], open: true };
  const name = calledName(call.callee).split(".").at(-1) ?? "";
  if (name === "and" || name === "or") {
    const isSure = sure && name === "and";
    return joined(
      call.args.map((arg) =>
        arg.kind === "operation" && arg.operator === "..."
          ? listedIn(model, arg.of[0] === undefined ? undefined : beside(found, arg.of[0]), isSure, inner)
          : conditionsIn(model, beside(found, arg), isSure, inner),
      ),
    );
  }
  const how = comparisonOf(name);
  const [left, right] = call.args;
  if (left?.kind !== "member") return { filters: [], open: name !== "not" };
  const value_ = right === undefined ? null : beside(found, right);
  const table = nameOf(model, beside(found, left.object));
  return { filters: [{ column: left.property, table, how: how ?? "other", value: value_, sure }], open: false };
}

/** `and(...conditions)`: those that the list begins with always hold, what is pushed onto it behind a test may. */
function listedIn(model: Model, expr: Expr | undefined, sure: boolean, within: readonly string[]): Conditions {
  const steps = expr === undefined ? [] : stepsBehind(model, expr);
  const list = steps.at(-1);
  if (list?.value.kind !== "array") return { filters: [], open: true };
  const pushed = steps.flatMap((step) => {
    if (step.value.kind !== "name") return [];
    return pushesOnto(model, step.file, keyOfName(step.value)).map(({ value, always }) => ({
      expr: beside(step, value),
      always,
    }));
  });
  const first = list.value.items.map((item) => conditionsIn(model, beside(list, item), sure, within));
  const later = pushed.map(({ expr: each, always }) =>
    always ? conditionsIn(model, each, sure, within) : asOptional(conditionsIn(model, each, false, within)),
  );
  return joined([...first, ...later]);
}

function pushesOnto(model: Model, file: string, name: string): { value: Value; always: boolean }[] {
  const summary = model.summary(file);
  const calls = summary === null ? [] : (fileIndex(summary).pushed.get(name) ?? []);
  return calls.flatMap((id) => {
    const call = summary?.calls[id];
    const fn = call === undefined ? null : model.fn(`${file}#${call.fn}`);
    if (call === undefined || fn === null) return [];
    const always = !isBehindTest((model.repo.read(file) ?? "").slice(fn.span.start, call.span.start));
    return call.args.map((value) => ({ value, always }));
  });
}

/** `desc(users.createdAt)`, `users.createdAt`, a list of them, a function that gives one. */
function orderOf(model: Model, expr: Expr | undefined): string[] {
  if (expr === undefined) return [];
  const found = behind(model, expr);
  const { value, file } = found;
  if (value.kind === "member") return [value.property];
  if (value.kind === "array") return value.items.flatMap((item) => orderOf(model, beside(found, item)));
  if (value.kind === "fn")
    return (model.summary(file)?.functions[value.fn]?.returns ?? []).flatMap((each) =>
      orderOf(model, beside(found, each)),
    );
  const [inner] = value.kind === "call" ? (model.summary(file)?.calls[value.call]?.args ?? []) : [];
  return inner?.kind === "member" ? [inner.property] : [];
}

/** `innerJoin(orders, eq(orders.userId, users.id))` */
function joinOf(model: Model, { args: [first, second] }: Link): Reading["joins"] {
  const table = first === undefined ? null : nameOf(model, first);
  const on = second === undefined ? null : behind(model, second);
  const call = on?.value.kind === "call" ? model.summary(on.file)?.calls[on.value.call] : undefined;
  if (table === null || on === null || call === undefined) return [];
  const sides = call.args.flatMap((arg) =>
    arg.kind === "member" ? [{ table: nameOf(model, beside(on, arg.object)), column: arg.property }] : [],
  );
  const own = sides.find((side) => side.table === table);
  return own === undefined ? [] : [{ table, column: own.column }];
}
