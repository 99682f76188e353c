/** Starts a tracker before everything else, and lets no failing handler of Express 4 end the process. */
import type { Model } from "../../analyzers/model.ts";
import type { Draft, Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { briefFor, trackerBrief } from "./briefs.ts";
import { guardHandlers } from "./guard-handlers.ts";
import { startTracker } from "./start-tracker.ts";

export function recipe(findings: readonly Finding[], model: Model, templates: Templates): Draft {
  const untold = findings.filter(({ rule }) => rule === "error-tracking/no-error-tracking");
  const tracker = untold.length === 0 ? null : startTracker(model, templates);
  const started = tracker !== null && "edits" in tracker ? tracker : null;
  const guarded = guardHandlers(findings, model, templates);
  const fixed = new Set([...guarded.fixed, ...(started === null ? [] : untold)]);
  return {
    edits: [...(started?.edits ?? []), ...guarded.edits],
    briefs: findings
      .filter((finding) => !fixed.has(finding))
      .flatMap((finding) =>
        tracker !== null && "cannot" in tracker && untold.includes(finding)
          ? trackerBrief(finding, tracker)
          : (briefFor(finding) ?? []),
      ),
    fixes: [...fixed].map(({ id }) => id),
    review:
      started === null
        ? { level: "glance", reason: "A wrapper around handlers, which otherwise stay as they are." }
        : {
            level: "read",
            reason: "Decides what leaves the house when an error is reported: look at the list of what is sent.",
          },
    services: [],
    env: started?.env ?? [],
    notes: [
      ...(started?.notes ?? []),
      ...(guarded.fixed.length === 0
        ? []
        : ["A handler that fails now ends in the app's error handler; without one of its own Express answers 500."]),
    ],
  };
}
