/**
 * Work that no user has to wait for: jobs are stored and run by the worker process, with retries,
 * so that neither a slow mail server nor a restart loses them.
 *
 * Outside production there is no worker: jobs run at once in this process, without retries.
 */
import { randomUUID } from "node:crypto";
import { jobs } from "./jobs.ts";
import { attempt } from "./once.ts";
import { pack, unpack } from "./payload.ts";
import { openLedger, processJobs, send } from "./store.ts";

type JobName = keyof typeof jobs;
type JobArguments<Name extends JobName> = Parameters<(typeof jobs)[Name]>;

/**
 * Stores a job and returns. Never rejects: what the user asked for is done and must not fail
 * because of a side matter. While the store is down the job runs in this process, where a restart
 * would lose it.
 */
export async function enqueue<Name extends JobName>(
  name: Name,
  ...values: JobArguments<Name>
): Promise<void> {
  const id = randomUUID();
  try {
    const stored = pack(values);
    if (process.env.NODE_ENV === "production") await send(name, id, stored);
    else await runOutsideProduction(name, id, unpack(stored));
  } catch (error) {
    report(`Job ${name} ${id} could not be queued and runs in this process`, error);
    void runHere(name, id, values);
  }
}

/** Starts to work off the jobs. Rejects when the store cannot be reached. */
export async function work(): Promise<void> {
  const ledger = await openLedger();
  await processJobs(async (name, id, stored) => {
    try {
      await attempt(id, ledger, () => run(name, unpack(stored)));
    } catch (error) {
      report(`Job ${name} ${id} failed`, error);
      throw error;
    }
  });
}

let announced = false;

/** Tests wait for the job, so that they see what it does. */
async function runOutsideProduction(name: JobName, id: string, values: unknown[]): Promise<void> {
  if (!announced) console.log("NODE_ENV is not production: jobs run in this process");
  announced = true;
  const ending = runHere(name, id, values);
  if (process.env.NODE_ENV === "test") await ending;
}

async function runHere(name: JobName, id: string, values: unknown[]): Promise<void> {
  try {
    await run(name, values);
  } catch (error) {
    report(`Job ${name} ${id} failed`, error);
  }
}

async function run(name: string, values: unknown[]): Promise<void> {
  const job = (jobs as Record<string, (...values: never[]) => unknown>)[name];
  if (job === undefined) throw new Error(`No job is named ${name}`);
  await job(...(values as never[]));
}

function report(message: string, error: unknown): void {
  console.error(message, error);
}
