/** Drizzle's transactions. */
import { typescript, type ts } from "../../../patches/editors/typescript.ts";
import type { Client } from "./client.ts";
import { begunBy, joinedByRoot, picked, type Rooted } from "./rooted.ts";

const methods = /^(insert|update|delete|select|selectDistinct|selectDistinctOn|execute)$/;

const rooted: Rooted = {
  rootOf,
  opening: begunBy("transaction"),
  type: (root, { queries }) => {
    const members = queries.map(
      ({ use }) => use.api.split(/[.()]+/).find((part) => methods.test(part) || part === "query") ?? "",
    );
    return members.includes("")
      ? { obstacle: "the type of the transaction is not known there" }
      : picked(root, members);
  },
};

/** Neon and D1 over HTTP have none, SQLite in the process waits for none (Drizzle documentation, "Transactions"). */
const never =
  /^drizzle-orm\/(neon-http|d1|better-sqlite3|bun-sqlite|durable-sqlite|expo-sqlite|op-sqlite|sql-js|sqlite-proxy|pg-proxy|mysql-proxy)\b|^drizzle-orm:/;

export const drizzle: Client = {
  names: ["tx", "trx"],
  notes: [],
  atOnce: true,
  obstacle: (queries) =>
    queries.some(({ use }) => never.test(use.api))
      ? "the database's driver is not known to hold a transaction open over several queries"
      : null,
  joined: (work) => joinedByRoot(rooted, work),
};

function rootOf(callee: ts.Expression): ts.Expression | null {
  const ts = typescript();
  if (!ts.isPropertyAccessExpression(callee)) return null;
  if (methods.test(callee.name.text)) return callee.expression;
  const table = callee.expression;
  if (!/^find(First|Many)$/.test(callee.name.text) || !ts.isPropertyAccessExpression(table)) return null;
  const query = table.expression;
  return ts.isPropertyAccessExpression(query) && query.name.text === "query" ? query.expression : null;
}
