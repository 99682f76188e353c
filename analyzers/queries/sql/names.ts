/** Tables and columns as SQL names them: `schema.table AS t`, `t."userId"::text`. */
import { isSign, isWord, type Token } from "./tokens.ts";

/** Alias or name -> table. */
export type Tables = Map<string, string | null>;

export interface Column {
  /** Table by name; null for the statement's only one, or where the prefix is not known. */
  table: string | null;
  name: string;
}

/** A name with its prefixes at `from`: how many tokens it takes, and its parts. */
function dotted(tokens: readonly Token[], from: number): { parts: string[]; next: number } {
  const parts: string[] = [];
  let at = from;
  for (;;) {
    const token = tokens[at];
    if (token?.kind !== "word") break;
    parts.push(token.text);
    at += 1;
    if (!isSign(tokens[at], ".")) break;
    at += 1;
  }
  return { parts, next: at };
}

/** The table at the beginning of the tokens with its alias, noted in `tables`; null when there is none to be read. */
export function tableAt(tokens: readonly Token[], from: number, tables: Tables): { name: string | null; next: number } {
  let at = from;
  if (isWord(tokens[at], "only", "lateral")) at += 1;
  const { parts, next } = dotted(tokens, at);
  const name = parts.at(-1) ?? null;
  at = name === null ? skipped(tokens, at) : next;
  if (isWord(tokens[at], "as")) at += 1;
  const alias = tokens[at];
  const isAlias = alias?.kind === "word" && (alias.quoted || !notAliases.has(alias.text));
  if (isAlias) {
    tables.set(alias.text, name);
    at += 1;
  }
  if (name !== null) tables.set(name, name);
  return { name, next: at };
}

const notAliases = new Set(
  "join inner left right full cross outer natural on using where set group order limit values as force use ignore straight_join default select".split(
    " ",
  ),
);

/** Behind a bracket that stands for a table. */
function skipped(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    if (isSign(tokens[at], "(")) depth += 1;
    if (isSign(tokens[at], ")")) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}

/** The column that stands at `from`, and what follows it, casts left out; null when no plain column stands there. */
export function columnAt(
  tokens: readonly Token[],
  from: number,
  tables: Tables,
): { column: Column; next: number } | null {
  const { parts, next } = dotted(tokens, from);
  const name = parts.at(-1);
  if (name === undefined || isSign(tokens[next], "(") || isSign(tokens[next], "*")) return null;
  const first = tokens[from];
  if (parts.length === 1 && first?.kind === "word" && !first.quoted && reserved.has(first.text)) return null;
  const prefix = parts.at(-2);
  const table = prefix === undefined ? null : (tables.get(prefix) ?? null);
  return { column: { table, name }, next: behindCast(tokens, next) };
}

const reserved = new Set("not exists case select null true false any all interval current_date now and or".split(" "));

function behindCast(tokens: readonly Token[], from: number): number {
  let at = from;
  while (isSign(tokens[at], "::")) {
    at += 2;
    if (isSign(tokens[at], "(")) at = skipped(tokens, at);
  }
  return at;
}
