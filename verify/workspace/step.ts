/** Runs one command of a preparation: with a time limit, with its last useful lines when it fails. */
import { setTimeout as sleep } from "node:timers/promises";
import { startChild, type Ended } from "../boot/child.ts";
import { LabError } from "../boot/lab-error.ts";
import type { Lab } from "../boot/lab.ts";
import { Log } from "../boot/log.ts";

export interface Step {
  /** `install`, `build`, `migrate`, `seed`: the stage of the progress line. */
  name: string;
  side: "before" | "after";
  command: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  /** Seconds it may take. */
  limit: number;
  signal?: AbortSignal | undefined;
}

export interface StepOutcome {
  isGood: boolean;
  milliseconds: number;
  log: Log;
  /** Why it is not good, as a clause: `ended with code 1`, `did not end within 300 s`. */
  why: string;
}

function clause(step: Step, ended: Ended | null): string {
  if (ended === null) return `it did not end within ${step.limit} s`;
  if (ended.failure !== null) return `it could not be started (${ended.failure})`;
  return ended.signal === null ? `it ended with code ${ended.code ?? "none"}` : `it was ended by ${ended.signal}`;
}

/** Runs the step to its end. Rejects only when aborted. */
export async function tryStep(lab: Lab, step: Step): Promise<StepOutcome> {
  step.signal?.throwIfAborted();
  lab.on({ stage: step.name, side: step.side, message: step.command.join(" ") });
  const log = new Log();
  const began = performance.now();
  const child = startChild(lab, { command: step.command, cwd: step.cwd, env: step.env, log });
  const over = new AbortController();
  const stopped = new Promise<null>((resolve) => {
    step.signal?.addEventListener("abort", () => resolve(null), { once: true, signal: over.signal });
    sleep(step.limit * 1000, null, { signal: over.signal }).then(resolve, () => undefined);
  });
  const ended = await Promise.race([child.ended, stopped]);
  over.abort();
  if (ended === null) await child.kill();
  step.signal?.throwIfAborted();
  const milliseconds = Math.round(performance.now() - began);
  return { isGood: ended?.code === 0, milliseconds, log, why: clause(step, ended) };
}

/** The host that could not be found or reached, as Node and npm name it. */
function unreachable(log: Log): string | null {
  const lines = log.useful(100).join("\n");
  return /(?:ENOTFOUND|EAI_AGAIN|getaddrinfo \w+) ([\w.-]+)/.exec(lines)?.[1] ?? null;
}

/** Runs the step; throws `LabError` with the last useful lines when it fails. Answers its milliseconds. */
export async function runStep(lab: Lab, step: Step, fault: { what: string; next: string }): Promise<number> {
  const outcome = await tryStep(lab, step);
  if (outcome.isGood) return outcome.milliseconds;
  const host = unreachable(outcome.log);
  throw new LabError({
    what: fault.what,
    why: `\`${step.command.join(" ")}\`: ${outcome.why}${host === null ? "" : `; this machine cannot reach ${host}`}`,
    next: fault.next,
    log: outcome.log.useful(15),
  });
}
