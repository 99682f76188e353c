/** Knex's transactions. */
import { typescript, type ts } from "../../../patches/editors/typescript.ts";
import type { Client } from "./client.ts";
import { begunBy, joinedByRoot, type Rooted } from "./rooted.ts";

const rooted: Rooted = {
  rootOf,
  opening: begunBy("transaction"),
  type: () => ({ text: "Knex", wishes: [{ from: "knex", names: ["Knex"], typeOnly: true }] }),
};

export const knex: Client = {
  names: ["trx", "tx"],
  notes: [],
  atOnce: true,
  obstacle: () => null,
  joined: (work) => joinedByRoot(rooted, work),
};

function rootOf(callee: ts.Expression): ts.Expression | null {
  const ts = typescript();
  if (ts.isPropertyAccessExpression(callee) && /^(raw|table|from|into|select|insert|with)$/.test(callee.name.text))
    return callee.expression;
  return ts.isIdentifier(callee) || ts.isPropertyAccessExpression(callee) ? callee : null;
}
