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
import type { Mend, Mended } from "./outcome.ts";

export function recipe(findings: readonly Finding[], model: Model, _templates: Templates): Draft {
  const outcomes = findings.map((finding) => ({ finding, mended: mended(finding, model) }));
  const mends = outcomes.flatMap(({ mended: mend }) => ("cannot" in mend ? [] : [mend]));
  return {
    edits: [...mends.flatMap(({ edits }) => edits), ...importsOf(mends, model)],
    briefs: outcomes.flatMap(({ finding, mended: mend }) =>
      "cannot" in mend
        ? [
            {
              findingId: finding.id,
              where: { file: finding.file, line: finding.line },
              ...briefFor(finding, mend.cannot),
            },
          ]
        : [],
    ),
    fixes: outcomes.flatMap(({ finding, mended: mend }) => ("cannot" in mend ? [] : [finding.id])),
    review: {
      level: "read",
      reason: "Decides for how long something is kept: look at the times, and at who may write what is kept.",
    },
    services: [],
    env: [],
    notes: [...new Set(mends.flatMap(({ notes }) => notes))],
  };
}

function mended(finding: Finding, model: Model): Mended {
  if (finding.rule !== "cache/unbounded-cache") return { cannot: "it is not written yet" };
  const cell = cellsOf(model).find(
    ({ file, line, name, className }) =>
      file === finding.file && line === finding.line && finding.anchor === `${className ?? ""} ${name}`.trim(),
  );
  if (cell !== undefined) return boundMap(cell, model);
  const call = finding.call === null ? null : model.call(finding.call);
  return call === null ? { cannot: "where it is made could not be found" } : boundLibrary(finding, call, model);
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
