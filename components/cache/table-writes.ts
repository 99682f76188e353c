/** Every place that writes a table, as far as the app's code shows; and what hides writes from view. */
import { textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import { isWrite, queriesOf, type Query } from "../../analyzers/queries/index.ts";
import { isCovered, runsInTransaction } from "../../analyzers/queries/transactions.ts";
import { tablesOf } from "../../analyzers/schema/index.ts";
import { queriesByCall } from "./made-of.ts";
import { tableName } from "./table-names.ts";

export interface Writes {
  /** By table, each call once. */
  byTable: ReadonlyMap<string, readonly Write[]>;
  /** A write of which nobody can say what it changes; null when there is none. */
  unclear: CallSite | null;
}

export interface Write {
  query: Query;
  /** It takes effect only when a transaction around it ends. */
  inTransaction: boolean;
}

const known = new WeakMap<Model, Writes>();

export function writesOf(model: Model): Writes {
  const found = known.get(model) ?? read(model);
  known.set(model, found);
  return found;
}

function read(model: Model): Writes {
  const byTable = new Map<string, Write[]>();
  for (const query of queriesOf(model)) {
    if (!isWrite(query) || query.table === null || !isShipped(model, query.call)) continue;
    const write = { query, inTransaction: isInTransaction(model, query) };
    for (const table of tablesWritten(model, query, query.table))
      byTable.set(table, [...(byTable.get(table) ?? []), write]);
  }
  return { byTable, unclear: unclearWrite(model) };
}

function isShipped(model: Model, { file }: CallSite): boolean {
  return ["server", "worker"].includes(model.context(file));
}

function isInTransaction(model: Model, query: Query): boolean {
  return runsInTransaction(model, query) || model.reach(query.use.call).some((way) => isCovered(model, way));
}

/** The table itself, those written along with it, and those that lose rows with the ones it loses. */
function tablesWritten(model: Model, query: Query, table: string): string[] {
  const own = tableName(model, table, query.call.file);
  const text = textOf(model, query.use.call);
  const along = tablesOf(model)
    .flatMap(({ lists }) => lists)
    .filter(({ name }) =>
      new RegExp(`\\b${name}\\s*:\\s*\\{\\s*(create|connect|update|upsert|delete|set|disconnect)`).test(text),
    );
  const pointing =
    query.operation === "delete" && query.dialect !== "mongoose" && query.dialect !== "mongodb"
      ? tablesOf(model).filter(({ columns }) =>
          columns.some(
            ({ references }) => references !== null && tableName(model, references, query.call.file) === own,
          ),
        )
      : [];
  return [
    ...new Set([
      own,
      ...along.map((list) => tableName(model, list.table, query.call.file)),
      ...pointing.map(({ names: [name = ""] }) => tableName(model, name, query.call.file)),
    ]),
  ];
}

/** The first write whose table is not known. */
function unclearWrite(model: Model): CallSite | null {
  const index = queriesByCall(model);
  for (const { call } of model.usesOfKind("database-write")) {
    if (!isShipped(model, call)) continue;
    const queries = index.get(call.id) ?? [];
    if (queries.length === 0 || queries.some(({ table, operation }) => table === null && operation !== "transaction"))
      return call;
  }
  return null;
}

/** Whether a write runs in a process of its own, where this process's memory cannot be reached. */
export function isElsewhere(model: Model, { query }: Write, service: Service): boolean {
  return model.service(query.call.file)?.root !== service.root || model.context(query.call.file) === "worker";
}
