/** A short notation for queries, so that expectations in tests read like a log of them. */
import type { Filter, Limit, Query, Reading } from "../query.ts";

/** `list orders(user_id=, ~status=) open order:created_at limit:20 paged with:items sets:stock± many locks tx`; `~` is not sure. */
export function readingNotation(read: Reading): string {
  const parts = [
    `${read.operation} ${read.table ?? "?"}(${read.filters.map(filterNotation).join(", ")})`,
    read.open ? "open" : "",
    listed("order", read.order),
    limitNotation(read),
    read.paged ? "paged" : "",
    listed("with", read.relations),
    listed(
      "joins",
      read.joins.map(({ table, column }) => `${table}.${column}`),
    ),
    listed(
      "sets",
      read.sets.map(({ column, relative }) => column + (relative ? "±" : "")),
    ),
    read.many ? "many" : "",
    read.locks ? "locks" : "",
    read.joinsTransaction ? "tx" : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

export function queryNotation(query: Query): string {
  return `${query.call.line}: ${readingNotation(query)}`;
}

const signs: Readonly<Record<Filter["how"], string>> = { "=": "=", in: " in", range: "<>", like: "~~", other: "?" };

function filterNotation({ column, table, how, sure }: Filter): string {
  return `${sure ? "" : "~"}${table === null ? "" : `${table}.`}${column}${signs[how]}`;
}

function limitNotation({ limit, operation }: Reading): string {
  return operation === "list" || operation === "one" ? limitText(limit) : "";
}

function limitText(limit: Limit): string {
  if (limit.kind === "none") return "";
  return limit.kind === "literal" ? `limit:${limit.value}` : `limit:${limit.kind === "value" ? "value" : "?"}`;
}

function listed(name: string, items: readonly string[]): string {
  return items.length === 0 ? "" : `${name}:${items.join(",")}`;
}
