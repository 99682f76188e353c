/** Packs what goes out, and says of files how long they may be kept. */
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { addImport } from "../../patches/editors/imports.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor } from "./briefs.ts";
import { keep } from "./keep.ts";
import { pack, type Outcome, type Wanted } from "./pack.ts";

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const outcomes = findings.map((finding) => ({ finding, outcome: outcomeOf(finding, model, templates) }));
  const done = outcomes.flatMap(({ finding, outcome }) =>
    outcome !== null && "edits" in outcome ? [{ finding, ...outcome }] : [],
  );
  const isKept = done.some(({ finding }) => finding.rule === "cdn/static-without-cache-headers");
  return {
    edits: [...done.flatMap(({ edits }) => edits), ...imported(done.flatMap(({ imports }) => imports))],
    briefs: outcomes.flatMap(({ finding, outcome }) =>
      outcome === null || "cannot" in outcome ? [briefFor(finding, outcome?.cannot ?? null)] : [],
    ),
    fixes: done.map(({ finding }) => finding.id),
    review: isKept
      ? { level: "read", reason: "Decides how old a file may be that a browser still shows." }
      : { level: "glance", reason: "Answers are the same, and travel packed." },
    services: [],
    env: [],
    notes: [...new Set(done.flatMap(({ notes }) => notes))],
  };
}

/** Null for what is not the code's to mend. */
function outcomeOf(finding: Finding, model: Model, templates: Templates): Outcome | null {
  if (finding.rule === "cdn/no-compression") return pack(finding, model);
  return finding.rule === "cdn/static-without-cache-headers" ? keep(finding, model, templates) : null;
}

function imported(wanted: readonly Wanted[]): Edit[] {
  return [...new Set(wanted.map(({ source }) => source))].flatMap((source) =>
    addImport(source, ...wanted.flatMap((each) => (each.source === source ? [each.wish] : []))),
  );
}
