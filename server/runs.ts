/** Lab runs that outlive the call that started them: begun, watched, cancelled. */
import { randomUUID } from "node:crypto";
import { explanationOf } from "../report/explanation.ts";
import type { Verification } from "../verify/index.ts";
import { Refusal } from "./tool.ts";

export type RunState =
  | { status: "running"; phase: string }
  | { status: "done"; verification: Verification }
  | { status: "failed"; reason: string; next: string; log: readonly string[] }
  | { status: "cancelled" };

export interface LabRun {
  id: string;
  startedAt: number;
  state: RunState;
  /** Settles when the state is final. Never rejects. */
  ended: Promise<void>;
  cancel(): void;
}

export type Work = (signal: AbortSignal, say: (phase: string) => void) => Promise<Verification>;

export interface Runs {
  start(work: Work): LabRun;
  get(id: string): LabRun;
  /** Cancels all and waits until each has torn down what it started. */
  close(): Promise<void>;
}

const kept = 20;

export function openRuns(): Runs {
  const runs = new Map<string, LabRun>();
  return {
    start(work) {
      const running = [...runs.values()].find(({ state }) => state.status === "running");
      if (running !== undefined) {
        throw new Refusal(
          `Run ${running.id} is still under way, and two at once would disturb each other's figures.`,
          `Wait with get_run, or stop it with cancel_run.`,
        );
      }
      const run = begin(work);
      runs.set(run.id, run);
      for (const oldest of [...runs.keys()].slice(0, Math.max(0, runs.size - kept))) runs.delete(oldest);
      return run;
    },
    get(id) {
      const run = runs.get(id);
      if (run !== undefined) return run;
      throw new Refusal(`There is no run ${JSON.stringify(id)} in this server.`, "Call verify_stack to start one.");
    },
    async close() {
      for (const run of runs.values()) run.cancel();
      await Promise.all([...runs.values()].map(({ ended }) => ended));
    },
  };
}

function begin(work: Work): LabRun {
  const controller = new AbortController();
  const run: LabRun = {
    id: `run_${randomUUID().slice(0, 8)}`,
    startedAt: Date.now(),
    state: { status: "running", phase: "starting" },
    ended: Promise.resolve(),
    cancel: () => controller.abort(),
  };
  const say = (phase: string): void => {
    if (run.state.status === "running") run.state = { status: "running", phase };
  };
  run.ended = work(controller.signal, say).then(
    (verification) => {
      run.state = controller.signal.aborted ? { status: "cancelled" } : { status: "done", verification };
    },
    (error: unknown) => {
      run.state = controller.signal.aborted ? { status: "cancelled" } : failure(error);
    },
  );
  return run;
}

function failure(error: unknown): RunState {
  const explanation = explanationOf(error);
  if (explanation !== null) {
    const { what, why, next, log } = explanation;
    return { status: "failed", reason: why === "" ? what : `${what}: ${why}`, next, log };
  }
  const reason = `A fault in Shoreup: ${error instanceof Error ? error.message : String(error)}`;
  return { status: "failed", reason, next: "Report it with the repo, if you can share that.", log: [] };
}
