/** Adds the indexes that requests need, and mends queries where what they give stays the same; everything else is told in a brief. */
import type { Model } from "../../analyzers/model.ts";
import type { Brief } from "../../patches/edit.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { atomicSumFor } from "./atomic/write.ts";
import { awaitFor } from "./awaits.ts";
import { batchFor } from "./batches/write.ts";
import { briefFor } from "./by-hand.ts";
import { obstacleOf } from "./indexes/fix.ts";
import { writeIndexes } from "./indexes/write.ts";
import { wantedBy, type Wanted } from "./indexes/wanted.ts";
import { boundPageSize } from "./page-size-bound.ts";
import { limitPool } from "./pool-limits.ts";
import { pagesFor } from "./pages/write.ts";
import { reviewOf } from "./reviews.ts";
import { transactionFor } from "./transactions/write.ts";
import { compatible, type Attempt } from "./written.ts";

/** How a finding is mended, by its rule, in the order in which they come first where two want the same lines. */
const steps: Readonly<Record<string, (finding: Finding, model: Model, templates: Templates) => Attempt>> = {
  "database/unbounded-page-size": boundPageSize,
  "database/race-on-shared-row": atomicSumFor,
  "database/non-atomic-multi-write": transactionFor,
  "database/n-plus-one": batchFor,
  "database/unpaginated-list": pagesFor,
  "database/write-not-awaited": awaitFor,
  "database/no-pool-limits": limitPool,
};

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const wanted = findings.flatMap((finding) =>
    finding.rule === "database/missing-index" ? (wantedBy(finding, model) ?? []) : [],
  );
  const indexes = writeIndexes(
    wanted.filter(({ finding }) => finding.fix === "patch"),
    model,
  );
  const attempts = Object.entries(steps).flatMap(([rule, step]) =>
    findings
      .filter((finding) => finding.rule === rule && mayBeMended(finding))
      .map((finding) => ({ finding, attempt: step(finding, model, templates) })),
  );
  const written = compatible(attempts);
  const cured = [...indexes.cured, ...written.cured];
  return {
    edits: [...indexes.edits, ...written.edits],
    briefs: findings
      .filter((finding) => !cured.includes(finding))
      .map((finding) => briefOf(finding, wanted, written.obstacles.get(finding) ?? null, model)),
    fixes: cured.map(({ id }) => id),
    review: reviewOf(indexes.cured.length, written.cured),
    services: [],
    env: written.env,
    notes: [...indexes.notes, ...written.notes],
  };
}

/** Sizes that stand in several variables of one function are told apart where they are found. */
function mayBeMended({ rule, fix }: Finding): boolean {
  return fix === "patch" || rule !== "database/unbounded-page-size";
}

function briefOf(finding: Finding, wanted: readonly Wanted[], obstacle: string | null, model: Model): Brief {
  const own = wanted.find((each) => each.finding === finding);
  const why = own === undefined || finding.confidence === "low" ? null : obstacleOf(own.table, own.column, model);
  if (why !== null) return briefFor(finding, `${finding.message} No index was written because ${why}.`);
  return briefFor(
    finding,
    obstacle === null ? finding.message : `${finding.message} No patch was written because ${obstacle}.`,
  );
}
