/** Who waits for a call: the requests, jobs and schedules that can reach it. */
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import { provenBy, whoIn } from "../evidence.ts";
import type { Confidence } from "../finding.ts";

/**
 * Ways from requests, jobs and schedules of the running app; none for browser, test, script and dead code, and none on which
 * the platform alone waits, when the answer is out.
 */
export function waysTo(call: CallSite, model: Model): Reach[] {
  if (!["server", "worker"].includes(model.context(call.file))) return [];
  return model
    .reach(call)
    .filter(({ entry, deferred }) => !deferred && /^(route|worker-job|schedule|socket)$/.test(entry.kind));
}

/**
 * What only a timer starts and nobody waits for (a ping every few minutes) is no danger to speak of; work that a timer waits
 * for can pile up, but no user notices at once.
 */
export function confidenceOf(
  certainty: "proven" | "inferred",
  ways: readonly Reach[],
  call?: Pick<CallSite, "awaited" | "use">,
): Confidence {
  if (ways.length > 0 && ways.every(isTimed)) {
    return call !== undefined && !call.awaited && call.use !== "returned" ? "low" : "medium";
  }
  return provenBy(certainty, ways);
}

/** Whether a timer, not a user or a job, stands at the beginning. */
export function isTimed({ entry }: Reach): boolean {
  return entry.kind === "schedule";
}

/** `POST /checkout (and 2 more)`, `the job send-receipt`. */
export function waitersIn(ways: readonly Reach[]): string {
  return whoIn(ways, "the app", nameOf);
}

function nameOf({ kind, label }: Reach["entry"]): string {
  return kind === "worker-job" && label === "job" ? "a job" : label;
}
