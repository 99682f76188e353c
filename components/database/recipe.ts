/** Adds the indexes that requests need, where the app declares its tables, and bounds page sizes; everything else is told in a brief. */
import type { Model } from "../../analyzers/model.ts";
import type { Table } from "../../analyzers/schema/index.ts";
import type { Brief, Review } from "../../patches/edit.ts";
import type { Draft } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor } from "./by-hand.ts";
import { obstacleOf } from "./indexes/fix.ts";
import { knexIndexes } from "./indexes/knex.ts";
import { drizzleIndexes } from "./indexes/drizzle.ts";
import { mongooseIndexes } from "./indexes/mongoose.ts";
import { prismaIndexes } from "./indexes/prisma.ts";
import { sequelizeIndexes } from "./indexes/sequelize.ts";
import { sqlIndexes } from "./indexes/sql.ts";
import { typeormIndexes } from "./indexes/typeorm.ts";
import { grouped, inSchemaOrder, together, wantedBy, type Wanted, type Writer } from "./indexes/wanted.ts";
import { boundPageSize } from "./page-size-bound.ts";

const writers: Readonly<Record<Table["source"], Writer>> = {
  prisma: prismaIndexes,
  drizzle: drizzleIndexes,
  mongoose: mongooseIndexes,
  typeorm: typeormIndexes,
  sequelize: sequelizeIndexes,
  sql: sqlIndexes,
  builder: knexIndexes,
};

export function recipe(findings: readonly Finding[], model: Model): Draft {
  const wanted = findings.flatMap((finding) =>
    finding.rule === "database/missing-index" ? (wantedBy(finding, model) ?? []) : [],
  );
  const indexes = written(
    wanted.filter(({ finding }) => finding.fix === "patch"),
    model,
  );
  const sizes = boundedSizes(findings, model);
  const cured = [...indexes.cured, ...sizes.cured];
  return {
    edits: [...indexes.edits, ...sizes.edits],
    briefs: findings.filter((finding) => !cured.includes(finding)).map((finding) => briefOf(finding, wanted, model)),
    fixes: cured.map(({ id }) => id),
    review: sizes.cured.length > 0 ? boundedReview : reviewOf(indexes.cured.length),
    services: [],
    env: [],
    notes: [...indexes.notes, ...sizes.notes],
  };
}

const boundedReview: Review = {
  level: "read",
  reason: "Who asked for more rows than the bound in one go gets fewer from now on: look who reads these lists.",
};

/** One variable may stand behind several findings: it is bounded once. */
function boundedSizes(findings: readonly Finding[], model: Model): ReturnType<Writer> {
  const done = findings.flatMap((finding) => {
    const bounded =
      finding.rule === "database/unbounded-page-size" && finding.fix === "patch" ? boundPageSize(finding, model) : null;
    return bounded === null ? [] : [{ finding, ...bounded }];
  });
  const edits = new Map(done.flatMap((each) => each.edits).map((edit) => [JSON.stringify(edit), edit]));
  const most = [...new Set(done.map((each) => each.most))].toSorted((a, b) => a - b);
  return {
    edits: [...edits.values()],
    cured: done.map(({ finding }) => finding),
    notes: done.length === 0 ? [] : [`A request gets ${most.join(" or ")} rows at most, whatever it asks for.`],
  };
}

function written(wanted: readonly Wanted[], model: Model): ReturnType<Writer> {
  const bySource = grouped(wanted.toSorted(inSchemaOrder), ({ table }) => table.source);
  return together(
    bySource.flatMap(([, own]) => {
      const [first] = own;
      return first === undefined ? [] : [writers[first.table.source](own, model)];
    }),
  );
}

function briefOf(finding: Finding, wanted: readonly Wanted[], model: Model): Brief {
  const own = wanted.find((each) => each.finding === finding);
  const why = own === undefined || finding.confidence === "low" ? null : obstacleOf(own.table, own.column, model);
  return briefFor(finding, why === null ? finding.message : `${finding.message} No index was written because ${why}.`);
}

/** So many can be looked at one by one: an index that is right may still cost more on a table's writes than it gives. */
const few = 10;

function reviewOf(count: number): Review {
  const said =
    "Adds indexes and changes nothing else: the same queries give the same rows, and an index can be dropped again.";
  return count <= few
    ? { level: "glance", reason: said }
    : { level: "read", reason: `${said} Each costs a little with every write to its table: look through the list.` };
}
