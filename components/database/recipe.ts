/** Adds the indexes that requests need, where the app declares its tables; everything else is told in a brief. */
import type { Model } from "../../analyzers/model.ts";
import type { Table } from "../../analyzers/schema/index.ts";
import type { Draft } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor } from "./by-hand.ts";
import { prismaIndexes } from "./indexes-prisma.ts";
import { grouped, together, wantedBy, type Writer } from "./wanted-index.ts";

const writers: Readonly<Partial<Record<Table["source"], Writer>>> = {
  prisma: prismaIndexes,
};

export function recipe(findings: readonly Finding[], model: Model): Draft {
  const wanted = findings.flatMap((finding) => (finding.fix === "patch" ? (wantedBy(finding, model) ?? []) : []));
  const { edits, cured, left, notes } = together(
    grouped(wanted, ({ table }) => table.source).flatMap(([, own]) => {
      const writer = own[0] === undefined ? undefined : writers[own[0].table.source];
      return writer === undefined ? [] : [writer(own, model)];
    }),
  );
  const reasons = new Map(left.map(({ finding, why }) => [finding.id, why]));
  return {
    edits,
    briefs: findings
      .filter((finding) => !cured.includes(finding))
      .map((finding) => {
        const why = reasons.get(finding.id);
        return briefFor(
          finding,
          why === undefined ? finding.message : `${finding.message} No index was written because ${why}.`,
        );
      }),
    fixes: cured.map(({ id }) => id),
    review: {
      level: "glance",
      reason:
        "Adds indexes and changes nothing else: the same queries give the same rows, and each index can be dropped again.",
    },
    services: [],
    env: [],
    notes,
  };
}
