/** How each library begins a transaction, and where the client stands in a query. */
import type { Dialect, Query } from "../../../analyzers/queries/index.ts";
import { typescript, type ts } from "../../../patches/editors/typescript.ts";

export interface Client {
  /** The method of the client that opens a transaction. */
  begin: string;
  /** What the callback's client is called, the first one that is free. */
  names: readonly string[];
  /** The client within the first thing that a query calls; null where it is asked in a way that is not known. */
  rootOf(callee: ts.Expression): ts.Expression | null;
  /** What the reader of the patch has to know of it. */
  notes: readonly string[];
  /** Api paths of drivers that know no such transaction. */
  never: RegExp;
}

const clients: Partial<Record<Dialect, Client>> = {
  prisma: {
    begin: "$transaction",
    names: ["tx", "trx"],
    rootOf: ofPrisma,
    never: /^$/,
    notes: [
      "Prisma ends a transaction that takes longer than five seconds: where one may hold hundreds of queries, give `$transaction` a `timeout`.",
    ],
  },
  drizzle: {
    begin: "transaction",
    names: ["tx", "trx"],
    rootOf: ofDrizzle,
    notes: [],
    // Neon and D1 over HTTP have none, SQLite in the process waits for none (Drizzle documentation, "Transactions").
    never:
      /^drizzle-orm\/(neon-http|d1|better-sqlite3|bun-sqlite|durable-sqlite|expo-sqlite|op-sqlite|sql-js|sqlite-proxy|pg-proxy|mysql-proxy)\b|^drizzle-orm:/,
  },
  knex: { begin: "transaction", names: ["trx", "tx"], rootOf: ofKnex, never: /^$/, notes: [] },
};

export function clientOf({ dialect }: Query): Client | null {
  return clients[dialect] ?? null;
}

/** `prisma.order.create`, `prisma.$executeRaw`: nothing that a transaction's client lacks. */
function ofPrisma(callee: ts.Expression): ts.Expression | null {
  const ts = typescript();
  if (!ts.isPropertyAccessExpression(callee)) return null;
  if (callee.name.text.startsWith("$"))
    return /^\$(query|execute)Raw(Unsafe)?$/.test(callee.name.text) ? callee.expression : null;
  return ts.isPropertyAccessExpression(callee.expression) ? callee.expression.expression : null;
}

function ofDrizzle(callee: ts.Expression): ts.Expression | null {
  const ts = typescript();
  if (!ts.isPropertyAccessExpression(callee)) return null;
  if (/^(insert|update|delete|select|selectDistinct|selectDistinctOn|execute)$/.test(callee.name.text))
    return callee.expression;
  const table = callee.expression;
  if (!/^find(First|Many)$/.test(callee.name.text) || !ts.isPropertyAccessExpression(table)) return null;
  const query = table.expression;
  return ts.isPropertyAccessExpression(query) && query.name.text === "query" ? query.expression : null;
}

function ofKnex(callee: ts.Expression): ts.Expression | null {
  const ts = typescript();
  if (ts.isPropertyAccessExpression(callee) && /^(raw|table|from|into|select|insert|with)$/.test(callee.name.text))
    return callee.expression;
  return ts.isIdentifier(callee) || ts.isPropertyAccessExpression(callee) ? callee : null;
}

/** What is called first in a chain: `db.insert` of `db.insert(orders).values(order)`. */
export function firstCallee(call: ts.CallExpression | ts.TaggedTemplateExpression): ts.Expression {
  const ts = typescript();
  const callee = ts.isCallExpression(call) ? call.expression : call.tag;
  for (let at: ts.Expression = callee; ;) {
    if (ts.isCallExpression(at)) return firstCallee(at);
    if (!ts.isPropertyAccessExpression(at) && !ts.isNonNullExpression(at) && !ts.isParenthesizedExpression(at))
      return callee;
    at = at.expression;
  }
}
