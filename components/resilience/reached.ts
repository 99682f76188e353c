/** Who waits for a call: the requests, jobs and schedules that can reach it. */
import { textOf } from "../../analyzers/code/text.ts";
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

/** Who is told the answer may be handed on with it. */
const answering = /\b(res|reply|response|ctx|next|cb|callback|done|resolve)\b/;

/** Whether somebody on the way starts the work and goes on: not where a later answer is its own. */
export function isLetGo({ detached, calls }: Reach, model: Model): boolean {
  return (
    detached && calls.some((call) => !call.awaited && call.use === "discarded" && !answering.test(textOf(model, call)))
  );
}

/** `POST /checkout (and 2 more)`, `the job send-receipt`. */
export function waitersIn(ways: readonly Reach[]): string {
  return whoIn(ways, "the app", nameOf);
}

function nameOf({ kind, label }: Reach["entry"]): string {
  if (kind === "schedule") return timerNamed(label);
  return kind === "worker-job" && label === "job" ? "a job" : label;
}

/** `every 3600000 ms`: the timer that comes every hour. */
function timerNamed(label: string): string {
  const [, time] = /^every (\d+) ms$/.exec(label) ?? [];
  return time === undefined ? label : `the timer that comes every ${inUnits(Number(time))}`;
}

const units: readonly (readonly [string, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

function inUnits(milliseconds: number): string {
  const [name, size] = units.find(([, each]) => milliseconds >= each && milliseconds % each === 0) ?? ["ms", 1];
  const count = milliseconds / size;
  return count === 1 ? name : `${count} ${name}${size === 1 ? "" : "s"}`;
}
