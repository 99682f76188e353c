/** The clauses of one SQL statement, by the key words that begin them outside of brackets. */
import { bracketed, isSign, isWord, type Token } from "./tokens.ts";

const beginnings = [
  "select",
  "from",
  "where",
  "group",
  "having",
  "order",
  "limit",
  "offset",
  "fetch",
  "for",
  "union",
  "intersect",
  "except",
  "returning",
  "values",
  "set",
  "into",
  "on",
  "insert",
  "update",
  "delete",
  "window",
] as const;
export type Clause = (typeof beginnings)[number];

/** Clause -> its tokens behind the key word. `on` of a join stays in `from`. */
export function clausesOf(tokens: readonly Token[]): Map<Clause, Token[]> {
  const found = new Map<Clause, Token[]>();
  let current: Token[] = [];
  let clause: Clause | null = null;
  let depth = 0;
  for (const token of tokens) {
    if (isSign(token, "(")) depth += 1;
    if (isSign(token, ")")) depth -= 1;
    const next =
      depth === 0 && token.kind === "word" && !token.quoted
        ? beginnings.find((each) => each === token.text)
        : undefined;
    if (next === undefined || belongsTo(next, clause, found)) {
      current.push(token);
      continue;
    }
    clause = next;
    current = [];
    if (!found.has(next)) found.set(next, current);
  }
  return found;
}

function belongsTo(next: Clause, clause: Clause | null, found: ReadonlyMap<Clause, unknown>): boolean {
  if (clause === null) return false;
  if (next === "on") return clause === "from" || clause === "update" || clause === "delete";
  // `FOR UPDATE`, `ON CONFLICT DO UPDATE SET`, `ON DELETE`.
  if (clause === "for" || clause === "on") return next !== "where" && next !== "returning";
  if (next === "set" || next === "values") return clause === "where" || clause === "select";
  return next === "update" || next === "delete" || next === "insert" ? found.size > 0 : false;
}

/** What follows `WITH a AS (...), b AS (...)`, and the names made there. */
export function withoutCtes(tokens: readonly Token[]): { names: string[]; rest: readonly Token[]; writes: boolean } {
  const names: string[] = [];
  let writes = false;
  let at = isWord(tokens[0], "with") ? 1 : 0;
  if (at === 0) return { names, rest: tokens, writes };
  if (isWord(tokens[at], "recursive")) at += 1;
  for (;;) {
    const name = tokens[at];
    if (name?.kind === "word") names.push(name.text);
    while (at < tokens.length && !isWord(tokens[at], "as")) at += 1;
    while (at < tokens.length && !isSign(tokens[at], "(")) at += 1;
    const inner = bracketed(tokens, at);
    if (inner === null) return { names, rest: [], writes };
    writes ||= inner.some((token) => isWord(token, "insert", "update", "delete"));
    at += inner.length + 2;
    if (!isSign(tokens[at], ",")) return { names, rest: tokens.slice(at), writes };
    at += 1;
  }
}
