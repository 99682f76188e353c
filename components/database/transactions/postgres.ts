/** node-postgres: the queries of a transaction go over one connection of the pool, which a small function holds for them. */
import { posix } from "node:path";
import type { Query } from "../../../analyzers/queries/index.ts";
import type { Model } from "../../../analyzers/model.ts";
import { toDialect } from "../../../patches/editors/dialect.ts";
import { specifierFor } from "../../../patches/editors/specifier.ts";
import { styleFor, type Source } from "../../../patches/editors/source.ts";
import { typescript, type ts } from "../../../patches/editors/typescript.ts";
import { newFile } from "../../../patches/new-file.ts";
import type { Client, Obstacle, Opening, Work } from "./client.ts";
import { joinedByRoot, picked, type Rooted } from "./rooted.ts";

const asked = /^pg:(default\.)?Pool\(\)\.query$/;

const rooted: Rooted = { rootOf, opening, type: (root) => picked(root, ["query"]) };

export const postgres: Client = {
  names: ["client", "connection", "tx"],
  notes: [],
  atOnce: false,
  obstacle: (queries) =>
    queries.every(({ use }) => asked.test(use.api)) ? null : "transactions are not yet written for this library",
  joined: (work) => joinedByRoot(rooted, work),
};

/** `pool.query` */
function rootOf(callee: ts.Expression): ts.Expression | null {
  return typescript().isPropertyAccessExpression(callee) && callee.name.text === "query" ? callee.expression : null;
}

function opening(root: string, { queries, model, templates }: Work, source: Source): Opening | Obstacle {
  const own = ownHelper(queries, model);
  if (own !== null) return { obstacle: `the app has a function of its own for transactions, ${own}` };
  const pool = queries[0]?.use.construction?.file ?? source.file;
  const folder = posix.dirname(pool);
  const text = (file: string): string => toDialect(templates("with-transaction.ts"), styleFor(model.repo, file));
  const there = model.repo.files.find((file) => isNamed(file) && model.repo.read(file) === text(file));
  const file = there ?? newFile(model.repo, folder, "with-transaction", pool);
  return {
    text: `withTransaction(${root}, `,
    wishes: [{ from: specifierFor(source.file, file, source.style), names: ["withTransaction"] }],
    files: there === undefined ? [{ kind: "create", file, text: text(file) }] : [],
  };
}

function isNamed(file: string): boolean {
  return /(^|\/)with-?transaction2?\.[cm]?[jt]s$/i.test(file);
}

/** `withTx` in db.js: a second way of doing the same would be one too many. */
function ownHelper([first]: readonly Query[], model: Model): string | null {
  const service = first === undefined ? null : model.service(first.call.file);
  for (const file of model.repo.files) {
    if (isNamed(file) || model.service(file) !== service || model.context(file) !== "server") continue;
    const fn = model.functions(file).find(({ name }) => /transaction$|^(with|in)Tx$/i.test(name ?? ""));
    if (fn?.name != null && /\bBEGIN\b/i.test((model.repo.read(file) ?? "").slice(fn.span.start, fn.span.end)))
      return `\`${fn.name}\` in ${file}`;
  }
  return null;
}
