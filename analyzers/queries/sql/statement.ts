/** One SQL statement as a reading: the frequent forms of SELECT, INSERT, UPDATE and DELETE; everything else stays `raw`. */
import type { Expr } from "../../flow/expression.ts";
import { unknownReading, type Assignment, type Limit, type Reading } from "../query.ts";
import { clausesOf, withoutCtes, type Clause } from "./clauses.ts";
import { conditionsOf, type ValueOf } from "./conditions.ts";
import { columnAt, tableAt, type Tables } from "./names.ts";
import { bracketed, isSign, isWord, splitBy, tokensOf, type Part, type Token } from "./tokens.ts";

/** The values of placeholders: by position, or by name. Null when they are not known. */
export interface Parameters {
  at(position: number): Expr | null;
  named(name: string): Expr | null;
}

const raw = unknownReading;

export function readSql(parts: readonly Part[], parameters: Parameters): Reading {
  const { names, rest, writes } = withoutCtes(numbered(tokensOf(parts)));
  const end = rest.findIndex((token) => isSign(token, ";"));
  const tokens = end < 0 ? rest : rest.slice(0, end);
  const [first, second] = tokens;
  const valueOf = valueReader(parameters);
  if (isWord(first, "begin", "start", "commit", "rollback", "savepoint", "release"))
    return { ...raw, operation: "transaction" };
  if (writes || tokens.some((token) => isWord(token, "union", "intersect", "except"))) return raw;
  const clauses = clausesOf(tokens);
  const read = byVerb(first, second, tokens, clauses, valueOf);
  if (read === null) return raw;
  return names.length > 0 && names.includes(read.table ?? "") ? { ...read, table: null, open: true } : read;
}

function byVerb(
  first: Token | undefined,
  second: Token | undefined,
  tokens: readonly Token[],
  clauses: Map<Clause, Token[]>,
  valueOf: ValueOf,
): Reading | null {
  if (isWord(first, "select")) return readSelect(clauses, valueOf);
  if (isWord(first, "insert", "replace"))
    return readInsert(tokens, valueOf, isWord(first, "replace") || isWord(second, "or", "ignore"));
  if (isWord(first, "update")) return readUpdate(tokens, clauses, valueOf);
  return isWord(first, "delete") ? readDelete(clauses, valueOf) : null;
}

/** `?` gets its number, counted over the whole text. */
function numbered(tokens: readonly Token[]): Token[] {
  let last = 0;
  return tokens.map((token) => {
    if (token.kind !== "placeholder" || token.name !== null) return token;
    last += 1;
    return { ...token, name: String(last) };
  });
}

function valueReader(parameters: Parameters): ValueOf {
  return (tokens) => {
    const [first, second] = tokens;
    if (second !== undefined && !isSign(second, "::") && !isSign(second, ",")) return null;
    if (first?.kind === "hole") return first.expr;
    if (first?.kind === "text") return first.holes[0] ?? literal(first.value);
    if (first?.kind === "number") return literal(first.value);
    if (first?.kind !== "placeholder" || first.name === null) return null;
    return /^\d+$/.test(first.name) ? parameters.at(Number(first.name) - 1) : parameters.named(first.name);
  };
}

function literal(value: string | number): Expr {
  return { file: "", value: { kind: "literal", value }, frame: null };
}

function readSelect(clauses: Map<Clause, Token[]>, valueOf: ValueOf): Reading {
  const tables: Tables = new Map();
  const from = clauses.get("from") ?? [];
  const { name: table } = tableAt(from, 0, tables);
  const pieces = splitBy(from, (token) => isWord(token, "join") || isSign(token, ","));
  for (const piece of pieces.slice(1)) tableAt(piece, 0, tables);
  const joined = joinsOf(pieces.slice(1), tables, valueOf);
  const where = conditionsOf(clauses.get("where") ?? [], tables, valueOf);
  const limit = limitOf(clauses, valueOf);
  const columns = columnsOf(clauses.get("select") ?? [], tables);
  const isOne = (limit.kind === "literal" && limit.value === 1) || (table === null && !clauses.has("from"));
  const snippet = (["from", "where", "group", "order"] as const).some((clause) => hasSnippet(clauses.get(clause)));
  return {
    ...raw,
    operation: operationOf(clauses, columns.kind, isOne),
    table,
    filters: where.filters,
    joins: joined,
    open: where.open || snippet,
    order: orderOf(clauses.get("order") ?? [], tables),
    limit: limit.kind === "none" && snippet ? { kind: "unknown" } : limit,
    paged: clauses.has("offset"),
    relations: joined.map((join) => join.table),
    columns: columns.names,
    locks: isWord(clauses.get("for")?.[0], "update", "share", "no"),
  };
}

function operationOf(
  clauses: Map<Clause, Token[]>,
  kind: "count" | "aggregate" | "rows",
  isOne: boolean,
): Reading["operation"] {
  if (clauses.has("group")) return "aggregate";
  if (kind !== "rows") return kind;
  return isOne ? "one" : "list";
}

/** A piece of SQL put in by code, where a value cannot stand: it may be anything. */
function hasSnippet(tokens: readonly Token[] = []): boolean {
  return tokens.some((token, index) => {
    if (token.kind !== "hole") return false;
    const before = tokens[index - 1];
    const isValue = before?.kind === "hole" || (before?.kind === "sign" && !isSign(before, ")"));
    return !isValue && !isWord(before, "like", "ilike", "between", "in", "any", "by") && !isBetween(tokens, index);
  });
}

function isBetween(tokens: readonly Token[], index: number): boolean {
  return (
    isWord(tokens[index - 1], "and") &&
    tokens.slice(Math.max(0, index - 3), index).some((token) => isWord(token, "between"))
  );
}

function joinsOf(pieces: readonly Token[][], tables: Tables, valueOf: ValueOf): Reading["joins"] {
  return pieces.flatMap((piece) => {
    const own: Tables = new Map();
    const { name } = tableAt(piece, 0, own);
    const on = piece.findIndex((token) => isWord(token, "on"));
    if (name === null || on < 0) return [];
    const last = piece.findLastIndex((token) => !isWord(token, "left", "right", "inner", "full", "outer", "cross"));
    const { equal } = conditionsOf(piece.slice(on + 1, last + 1), tables, valueOf);
    const column = equal.flatMap(({ left, right }) => [left, right]).find((each) => each.table === name);
    return column === undefined ? [] : [{ table: name, column: column.name }];
  });
}

function limitOf(clauses: Map<Clause, Token[]>, valueOf: ValueOf): Limit {
  const tokens = clauses.get("limit");
  if (clauses.has("fetch")) return { kind: "unknown" };
  if (tokens === undefined) return { kind: "none" };
  // MySQL: LIMIT offset, count.
  const pieces = splitBy(tokens, (token) => isSign(token, ","));
  const value = valueOf((pieces[1] ?? pieces[0] ?? []).slice(0, 1));
  if (value === null) return { kind: "unknown" };
  const { value: written } = value;
  return written.kind === "literal" && typeof written.value === "number"
    ? { kind: "literal", value: written.value }
    : { kind: "value", expr: value };
}

function columnsOf(
  tokens: readonly Token[],
  tables: Tables,
): { kind: "count" | "aggregate" | "rows"; names: string[] | null } {
  const pieces = splitBy(tokens, (token) => isSign(token, ","));
  const isCall = (piece: readonly Token[], ...names: string[]) => isWord(piece[0], ...names) && isSign(piece[1], "(");
  if (pieces.every((piece) => isCall(piece, "count"))) return { kind: "count", names: null };
  const summing = ["count", "sum", "avg", "min", "max", "coalesce", "json_agg", "array_agg", "exists", "round"];
  if (pieces.every((piece) => isCall(piece, ...summing))) return { kind: "aggregate", names: null };
  const distinct = isWord(tokens[0], "distinct");
  const names = pieces.map(
    (piece) => columnAt(piece, isWord(piece[0], "distinct") ? 1 : 0, tables)?.column.name ?? null,
  );
  const all = names.every((name) => name !== null) ? names.flatMap((name) => name ?? []) : null;
  // The different values of a column are few, however many rows there are.
  return { kind: distinct && all !== null && all.length < 3 ? "aggregate" : "rows", names: all };
}

function orderOf(tokens: readonly Token[], tables: Tables): string[] {
  const pieces = splitBy(isWord(tokens[0], "by") ? tokens.slice(1) : tokens, (token) => isSign(token, ","));
  return pieces.flatMap((piece) => columnAt(piece, 0, tables)?.column.name ?? []);
}

function readInsert(tokens: readonly Token[], valueOf: ValueOf, replaces: boolean): Reading {
  const into = tokens.findIndex((token) => isWord(token, "into"));
  const { name: table, next } = tableAt(tokens, into + 1, new Map());
  const columns = (bracketed(tokens, next) ?? []).flatMap((token) => (token.kind === "word" ? [token.text] : []));
  const from = tokens.findIndex((token) => isWord(token, "values", "value"));
  const row = from < 0 ? null : bracketed(tokens, from + 1);
  const values = row === null ? [] : splitBy(row, (token) => isSign(token, ","));
  const conflict = tokens.some(
    (token, index) => isWord(token, "conflict", "duplicate") && isWord(tokens[index - 1], "on"),
  );
  return {
    ...raw,
    operation: conflict || replaces ? "upsert" : "insert",
    table,
    open: false,
    many: row === null,
    sets: columns.map((column, index) => ({ column, value: valueOf(values[index] ?? []), relative: false })),
  };
}

function readUpdate(tokens: readonly Token[], clauses: Map<Clause, Token[]>, valueOf: ValueOf): Reading {
  const tables: Tables = new Map();
  const { name: table } = tableAt(tokens, 1, tables);
  const where = conditionsOf(clauses.get("where") ?? [], tables, valueOf);
  const pieces = splitBy(clauses.get("set") ?? [], (token) => isSign(token, ","));
  const snippet = hasSnippet(clauses.get("where")) || pieces.some((piece) => piece[0]?.kind === "hole");
  return {
    ...raw,
    operation: "update",
    table,
    filters: where.filters,
    open: where.open || snippet,
    sets: pieces.flatMap((piece) => assignment(piece, tables, valueOf)),
  };
}

function assignment(tokens: readonly Token[], tables: Tables, valueOf: ValueOf): Assignment[] {
  const left = columnAt(tokens, 0, tables);
  if (left === null || !isSign(tokens[left.next], "=")) return [];
  const right = tokens.slice(left.next + 1);
  const column = left.column.name;
  const relative = right.some((token) => token.kind === "word" && token.text === column);
  return [{ column, value: valueOf(right), relative }];
}

function readDelete(clauses: Map<Clause, Token[]>, valueOf: ValueOf): Reading {
  const tables: Tables = new Map();
  const { name: table } = tableAt(clauses.get("from") ?? [], 0, tables);
  const where = conditionsOf(clauses.get("where") ?? [], tables, valueOf);
  return {
    ...raw,
    operation: "delete",
    table,
    filters: where.filters,
    open: where.open || hasSnippet(clauses.get("where")),
  };
}
