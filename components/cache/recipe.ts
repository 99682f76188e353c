/** Bounds the stores that only grow, and keeps for a while what is the same for everybody. */
import { cellsOf } from "../../analyzers/state/cells.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { addImport } from "../../patches/editors/imports.ts";
import { openSource } from "../../patches/editors/source.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { boundLibrary } from "./bound-library.ts";
import { boundMap } from "./bound-map.ts";
import { briefFor } from "./briefs.ts";
import { keepAnswers } from "./keep-answers.ts";
import type { Mend, Mended, Outcome } from "./outcome.ts";

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const outcomes: Outcome[] = [
    ...findings
      .filter(({ rule }) => rule === "cache/unbounded-cache")
      .map((finding) => ({ finding, mended: bounded(finding, model) })),
    ...keepAnswers(
      findings.filter(({ rule }) => rule !== "cache/unbounded-cache"),
      model,
      templates,
    ),
  ];
  const mends = outcomes.flatMap(({ mended }) => ("cannot" in mended ? [] : [mended]));
  return {
    edits: distinct([...mends.flatMap(({ edits }) => edits), ...importsOf(mends, model)]),
    briefs: outcomes.flatMap(({ finding, mended }) =>
      "cannot" in mended
        ? [
            {
              findingId: finding.id,
              where: { file: finding.file, line: finding.line },
              ...briefFor(finding, mended.cannot),
            },
          ]
        : [],
    ),
    fixes: outcomes.flatMap(({ finding, mended }) => ("cannot" in mended ? [] : [finding.id])),
    review: {
      level: "read",
      reason: "Decides for how long something is kept: look at the times, and at who may write what is kept.",
    },
    services: [],
    env: [],
    notes: [...new Set(mends.flatMap(({ notes }) => notes))],
  };
}

function bounded(finding: Finding, model: Model): Mended {
  const cell = cellsOf(model).find(
    ({ file, line, name, className }) =>
      file === finding.file && line === finding.line && finding.anchor === `${className ?? ""} ${name}`.trim(),
  );
  if (cell !== undefined) return boundMap(cell, model);
  const call = finding.call === null ? null : model.call(finding.call);
  return call === null ? { cannot: "where it is made could not be found" } : boundLibrary(finding, call, model);
}

/** Two answers may be made of one table: its writes are mended once. */
function distinct(edits: readonly Edit[]): Edit[] {
  return [...new Map(edits.map((edit) => [JSON.stringify(edit), edit])).values()];
}

/** All that a file wants is put in at once. */
function importsOf(mends: readonly Mend[], model: Model): Edit[] {
  const wanted = mends.flatMap(({ imports }) => imports);
  return [...new Set(wanted.map(({ file }) => file))].flatMap((file) => {
    const source = openSource(model.repo, file);
    const wishes = wanted.flatMap((each) => (each.file === file ? [each.wish] : []));
    return source === null ? [] : addImport(source, ...wishes);
  });
}
