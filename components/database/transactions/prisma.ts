/** Prisma's transactions. */
import { typescript, type ts } from "../../../patches/editors/typescript.ts";
import type { Client, Obstacle, Parameter, Work } from "./client.ts";
import { begunBy, joinedByRoot, picked, type Rooted } from "./rooted.ts";
import { dependenciesOf } from "./drivers.ts";

const rooted: Rooted = { rootOf, opening: begunBy("$transaction"), type };

export const prisma: Client = {
  names: ["tx", "trx"],
  notes: [
    "Prisma ends a transaction that takes longer than five seconds: where one may hold hundreds of queries, give `$transaction` a `timeout`.",
  ],
  atOnce: true,
  obstacle: (queries, model) =>
    dependenciesOf(queries, model)["@prisma/adapter-d1"] === undefined ? null : "Cloudflare D1 has no transactions",
  joined: (work) => joinedByRoot(rooted, work),
};

/** `prisma.order.create`, `prisma.$executeRaw`: nothing that a transaction's client lacks. */
function rootOf(callee: ts.Expression): ts.Expression | null {
  const ts = typescript();
  if (!ts.isPropertyAccessExpression(callee)) return null;
  if (callee.name.text.startsWith("$"))
    return /^\$(query|execute)Raw(Unsafe)?$/.test(callee.name.text) ? callee.expression : null;
  return ts.isPropertyAccessExpression(callee.expression) ? callee.expression.expression : null;
}

/** The generated client's own type; an extended client's transaction is another one, and so is that of a client made elsewhere. */
function type(root: string, { queries, model, source }: Work): Parameter | Obstacle {
  const isPlain =
    queries.every(({ use }) => use.package === "@prisma/client") &&
    dependenciesOf(queries, model)["@prisma/client"] !== undefined &&
    !model.repo.files.some(
      (file) => /prisma|db|client/i.test(file) && /\.\$extends\(/.test(model.repo.read(file) ?? ""),
    );
  if (isPlain)
    return {
      text: "Prisma.TransactionClient",
      wishes: /\bimport\s+(type\s+)?\{[^}]*\bPrisma\b[^}]*\}\s+from\s+["']@prisma\/client["']/.test(source.text)
        ? []
        : [{ from: "@prisma/client", names: ["Prisma"], typeOnly: true }],
    };
  const members = queries.map(({ use }) => use.api.split(".").at(-2) ?? "");
  return members.every((member) => /^[a-z]\w*$/i.test(member))
    ? picked(root, members)
    : { obstacle: "the type of the transaction's client is not known there" };
}
