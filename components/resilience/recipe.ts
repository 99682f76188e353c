/** Bounds every outside call in time, and keeps a failing side matter from failing the request: small edits at the call. */
import type { Model } from "../../analyzers/model.ts";
import type { Brief, Edit } from "../../patches/edit.ts";
import type { Draft } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor } from "./briefs.ts";
import { editsFor } from "./call-edits.ts";

export function recipe(findings: readonly Finding[], model: Model): Draft {
  const edits: Edit[] = [];
  const briefs: Brief[] = [];
  const fixes: string[] = [];
  for (const finding of findings) {
    const own = finding.fix === "patch" ? editsFor(finding, model) : null;
    if (own === null) briefs.push(briefFor(finding));
    else {
      edits.push(...own);
      fixes.push(finding.id);
    }
  }
  return {
    edits: distinct(edits),
    briefs,
    fixes,
    review: {
      level: "read",
      reason: "Calls that used to wait for minutes now fail after seconds: check that each limit suits its service.",
    },
    services: [],
    env: [],
    notes: notesFor(findings.filter(({ id }) => fixes.includes(id))),
  };
}

/** Two transports made from one options object want the same words in the same place. */
function distinct(edits: readonly Edit[]): Edit[] {
  return [...new Map(edits.map((edit) => [JSON.stringify(edit), edit])).values()];
}

function notesFor(cured: readonly Finding[]): string[] {
  const rules = new Set(cured.map(({ rule }) => rule));
  return [
    ...(rules.has("resilience/external-http-no-timeout")
      ? [
          "A call that runs out of time rejects with a TimeoutError (or the client's own timeout error), as any failed call does.",
        ]
      : []),
    ...(rules.has("resilience/secondary-failure-breaks-primary")
      ? ["A side matter that fails is logged and not tried again; a queue would try again."]
      : []),
  ];
}
