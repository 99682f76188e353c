/** Steps that the outside world sees happen once per job, however often the job is tried. */
import { AsyncLocalStorage } from "node:async_hooks";

/** Where the finished steps of a job are written down, so that its next attempt can read them. */
export interface Ledger {
  has(jobId: string, step: string): Promise<boolean>;
  add(jobId: string, step: string): Promise<void>;
}

interface Attempt {
  jobId: string;
  ledger: Ledger;
  counts: Map<string, number>;
}

const attempts = new AsyncLocalStorage<Attempt>();

/** Runs one attempt at a job. */
export async function attempt(jobId: string, ledger: Ledger, act: () => unknown): Promise<void> {
  await attempts.run({ jobId, ledger, counts: new Map() }, async () => act());
}

/**
 * Does the step unless an earlier attempt at the same job has done it. A second step of the same
 * name in one job is a step of its own. Outside a job the step is simply done.
 */
export async function once(step: string, act: () => unknown): Promise<void> {
  const current = attempts.getStore();
  if (current === undefined) {
    await act();
    return;
  }
  const count = (current.counts.get(step) ?? 0) + 1;
  current.counts.set(step, count);
  const entry = `${step} ${count}`;
  if (await current.ledger.has(current.jobId, entry)) return;
  await act();
  await current.ledger.add(current.jobId, entry);
}
