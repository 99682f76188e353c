/** Who waits for a call: the requests, jobs and schedules that can reach it. */
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import type { Confidence, Match } from "../finding.ts";

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

/** The parts of a match that its ways decide. */
export function evidenceOf(ways: readonly Reach[]): Pick<Match, "routes" | "path"> {
  const routes = ways.filter(({ entry }) => entry.kind === "route").map(({ entry }) => entry.label);
  return {
    routes: [...new Set(routes)],
    path: (ways.find(({ entry }) => entry.kind === "route") ?? ways[0])?.path ?? [],
  };
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
  return certainty === "proven" && ways.some((way) => way.certainty === "proven") ? "high" : "medium";
}

/** Whether a timer, not a user or a job, stands at the beginning. */
export function isTimed({ entry }: Reach): boolean {
  return entry.kind === "schedule";
}

/** `POST /checkout (and 2 more)`, `the job send-receipt`. */
export function waitersIn(ways: readonly Reach[]): string {
  const isRoute = ({ entry }: Reach): number => Number(entry.kind !== "route");
  const labels = [...new Set(ways.toSorted((a, b) => isRoute(a) - isRoute(b)).map(({ entry }) => nameOf(entry)))];
  const [first = "the app"] = labels;
  return labels.length < 2 ? first : `${first} (and ${labels.length - 1} more)`;
}

function nameOf({ kind, label }: Reach["entry"]): string {
  return kind === "worker-job" && label === "job" ? "a job" : label;
}
