/** SQL texts handed to drivers, and to the raw methods of mappers: pg, postgres.js, mysql2, SQLite, Neon, libsql, Knex, Sequelize. */
import type { Expr } from "../flow/expression.ts";
import { libraryOf } from "../libraries/index.ts";
import type { CallSite, Model, Use } from "../model.ts";
import { placesOf } from "./lift.ts";
import { unknownReading, type Query, type Reading } from "./query.ts";
import { behind, entriesOf, itemsOf } from "./resolve.ts";
import { argumentOf, partsOf, partsOfKnown } from "./sql/text.ts";
import { readSql, type Parameters } from "./sql/statement.ts";

/** Where the text and the values of a query stand. */
interface Text {
  call: CallSite;
  index: number;
  /** The call that brings the values: another one for prepared statements. */
  values: CallSite;
  from: number;
}

export function driverQueries(model: Model): Query[] {
  return model.usesOfKind("database-read", "database-write").flatMap((use) => {
    const text = textIn(model, use);
    return text === null ? [] : queriesOf(model, use, text);
  });
}

const prepared = /\.prepare\(\)\.(all|get|run|iterate|pluck|first)$/;
const prisma = /^@prisma\/client:.*\.\$(queryRaw|executeRaw)(Unsafe)?$/;

function textIn(model: Model, use: Use): Text | null {
  const { api, call } = use;
  if (prepared.test(api)) {
    const statement = model.callsIn(use).at(-1);
    return statement === undefined ? null : { call: statement, index: 0, values: call, from: 0 };
  }
  if (prisma.test(api)) return { call, index: 0, values: call, from: 1 };
  const index = libraryOf(api)?.sql;
  return index === undefined || call.isNew ? null : { call, index, values: call, from: index + 1 };
}

function queriesOf(model: Model, use: Use, text: Text): Query[] {
  const given = argumentOf(model, text.call, text.index, null);
  if (given === null) return [];
  const isPrepared = text.call.id !== text.values.id;
  const places = isPrepared ? [{ call: use.call, frame: null }] : placesOf(model, use.call, [given]);
  return places.map(({ call, frame }) => {
    const parts = partsOf(model, { ...given, frame }) ?? knownParts(text, frame === null ? null : call);
    return queryAt(use, call, parts === null ? unknownReading : readSql(parts, parametersOf(model, text, frame)));
  });
}

/** A constant of another file: at the library's call, or at the call of the wrapper around it. */
function knownParts(text: Text, caller: CallSite | null): ReturnType<typeof partsOfKnown> {
  const known = caller === null ? text.call.args[text.index] : caller.args.find((arg) => partsOfKnown(arg) !== null);
  return known === undefined ? null : partsOfKnown(known);
}

function queryAt(use: Use, call: CallSite, reading: Reading): Query {
  const waited = use.call.use !== "discarded" && call.use !== "discarded";
  return { ...reading, dialect: "sql", call, use, calls: new Set([use.call.id, call.id]), waited };
}

function parametersOf(model: Model, { values, from }: Text, frame: Expr["frame"]): Parameters {
  const rest = values.args.flatMap((_, index) => (index < from ? [] : (argumentOf(model, values, index, frame) ?? [])));
  const [first] = rest;
  const config = argumentOf(model, values, 0, frame);
  const own = config === null ? undefined : entriesOf(model, config)?.entries;
  const list = own?.get("values") ?? own?.get("args") ?? listIn(model, first);
  const items = list === undefined ? null : itemsOf(model, list);
  const named = first === undefined ? undefined : (namedIn(model, first) ?? undefined);
  return {
    at: (position) =>
      items === null ? (list === undefined ? (rest[position] ?? null) : null) : (items[position] ?? null),
    named: (name) => named?.get(name) ?? null,
  };
}

/** `[a, b]`, or `{ replacements: [a, b] }` and `{ bind: [a, b] }`; undefined when the values are arguments of their own. */
function listIn(model: Model, expr: Expr | undefined): Expr | undefined {
  if (expr === undefined) return undefined;
  const { kind } = behind(model, expr).value;
  if (kind === "array") return expr;
  const entries = entriesOf(model, expr)?.entries;
  return (
    entries?.get("replacements") ?? entries?.get("bind") ?? (kind === "name" || kind === "param" ? expr : undefined)
  );
}

function namedIn(model: Model, expr: Expr): ReadonlyMap<string, Expr> | null {
  const entries = entriesOf(model, expr)?.entries;
  const replacements = entries?.get("replacements") ?? entries?.get("bind");
  return (replacements === undefined ? entries : entriesOf(model, replacements)?.entries) ?? null;
}
