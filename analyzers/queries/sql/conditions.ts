/** The conditions of a WHERE or ON clause, as far as they compare a column with something. */
import type { Expr } from "../../flow/expression.ts";
import type { Filter } from "../query.ts";
import { columnAt, type Column, type Tables } from "./names.ts";
import { bracketed, isSign, isWord, splitBy, type Token } from "./tokens.ts";

export interface Conditions {
  filters: Filter[];
  /** `a.x = b.y` */
  equal: { left: Column; right: Column }[];
  /** True when a part could not be read. */
  open: boolean;
}

/** Gives the value of a placeholder, a literal or an expression; null when it is something else. */
export type ValueOf = (tokens: readonly Token[]) => Expr | null;

export function conditionsOf(tokens: readonly Token[], tables: Tables, valueOf: ValueOf, sure = true): Conditions {
  const all: Conditions = { filters: [], equal: [], open: false };
  const alternatives = splitBy(tokens, (token) => isWord(token, "or"));
  for (const alternative of alternatives) {
    for (const conjunct of conjunctsOf(alternative)) {
      const read = readConjunct(conjunct, tables, valueOf, sure && alternatives.length === 1);
      all.filters.push(...read.filters);
      all.equal.push(...read.equal);
      all.open ||= read.open;
    }
  }
  return all;
}

/** Split at AND, except at that of a BETWEEN. */
function conjunctsOf(tokens: readonly Token[]): Token[][] {
  let between = false;
  const pieces = splitBy(tokens, (token) => {
    if (isWord(token, "between")) between = true;
    if (!isWord(token, "and")) return false;
    const isOwn = between;
    between = false;
    return !isOwn;
  });
  return pieces.filter((piece) => piece.length > 0);
}

function readConjunct(tokens: readonly Token[], tables: Tables, valueOf: ValueOf, sure: boolean): Conditions {
  const none: Conditions = { filters: [], equal: [], open: false };
  const inner = bracketed(tokens, 0);
  if (inner !== null && inner.length + 2 === tokens.length) return conditionsOf(inner, tables, valueOf, sure);
  if (isWord(tokens[0], "not")) return none;
  const left = columnAt(tokens, 0, tables);
  if (left === null) return reversed(tokens, tables, valueOf, sure) ?? { ...none, open: !isHarmless(tokens) };
  const rest = tokens.slice(left.next);
  const other = isSign(rest[0], "=") ? columnAt(rest, 1, tables) : null;
  if (other !== null && other.next >= rest.length)
    return { ...none, equal: [{ left: left.column, right: other.column }] };
  const compared = comparison(rest, valueOf);
  // An index holds the column as it is stored, not what a cast makes of it.
  const { how, value } = tokens.slice(0, left.next).some((token) => isSign(token, "::")) ? castOf(compared) : compared;
  const filter = { column: left.column.name, table: left.column.table, how, value, sure };
  return { ...none, filters: [filter] };
}

function castOf({ value }: Pick<Filter, "how" | "value">): Pick<Filter, "how" | "value"> {
  return { how: "other", value };
}

/** `$1 = user_id` and `$1 = ANY(tags)`. */
function reversed(tokens: readonly Token[], tables: Tables, valueOf: ValueOf, sure: boolean): Conditions | null {
  const value = valueOf(tokens.slice(0, 1));
  const right = value !== null && isSign(tokens[1], "=") ? columnAt(tokens, 2, tables) : null;
  if (right === null) return null;
  const filter = { column: right.column.name, table: right.column.table, how: "=" as const, value, sure };
  return { filters: [filter], equal: [], open: false };
}

/** A comparison without a column of its own narrows nothing that we could name, but stands alone: `1 = 1`, `EXISTS (...)`. */
function isHarmless(tokens: readonly Token[]): boolean {
  return tokens[0]?.kind === "number" || isWord(tokens[0], "true");
}

function comparison(tokens: readonly Token[], valueOf: ValueOf): Pick<Filter, "how" | "value"> {
  const [first, second] = tokens;
  if (isSign(first, "=")) {
    if (isWord(second, "any")) return { how: "in", value: valueOf(bracketed(tokens, 2) ?? []) };
    return { how: "=", value: valueOf(tokens.slice(1)) };
  }
  if (isWord(first, "in")) return { how: "in", value: valueOf(bracketed(tokens, 1) ?? tokens.slice(1)) };
  if (isWord(first, "like", "ilike", "similar") || isSign(first, "~") || isSign(first, "~*"))
    return { how: "like", value: valueOf(tokens.slice(1)) };
  const isRange = isWord(first, "between") || ["<", ">", "<=", ">="].some((each) => isSign(first, each));
  return isRange ? { how: "range", value: valueOf(tokens.slice(1)) } : { how: "other", value: null };
}
