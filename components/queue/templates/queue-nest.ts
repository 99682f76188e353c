/**
 * Work that no user has to wait for: jobs are stored and run by the worker process, with retries,
 * so that neither a slow mail server nor a restart loses them.
 *
 * Outside production there is no worker: jobs run at once in this process, without retries.
 */
import { randomUUID } from "node:crypto";
import { type INestApplicationContext, Logger } from "@nestjs/common";
import { jobs } from "./jobs.ts";
import { attempt } from "./once.ts";
import { pack, unpack } from "./payload.ts";
import { openLedger, processJobs, send } from "./store.ts";

type JobName = keyof typeof jobs;
type Provider<Name extends JobName> = InstanceType<ReturnType<(typeof jobs)[Name]["provider"]>>;
type JobArguments<Name extends JobName> =
  Parameters<(typeof jobs)[Name]["run"]> extends [unknown, ...infer Values] ? Values : never;

/** A job as the worker finds it: by its name alone. */
interface Job {
  provider: () => new (...dependencies: never[]) => object;
  run: (provider: never, ...values: never[]) => unknown;
}

const logger = new Logger("Jobs");

/**
 * Stores a job and returns. Never rejects: what the user asked for is done and must not fail
 * because of a side matter. While the store is down the provider does the job in this process,
 * where a restart would lose it.
 */
export async function enqueue<Name extends JobName>(
  name: Name,
  provider: Provider<Name>,
  ...values: JobArguments<Name>
): Promise<void> {
  const id = randomUUID();
  try {
    const stored = pack(values);
    if (process.env.NODE_ENV === "production") await send(name, id, stored);
    else await runOutsideProduction(name, id, provider, unpack(stored));
  } catch (error) {
    report(`Job ${name} ${id} could not be queued and runs in this process`, error);
    void runHere(name, id, provider, values);
  }
}

/**
 * Starts to work off the jobs with the app's providers. Rejects when the store cannot be reached.
 */
export async function work(app: INestApplicationContext): Promise<void> {
  const ledger = await openLedger();
  await processJobs(async (name, id, stored) => {
    try {
      const provider = app.get<object>(jobNamed(name).provider(), { strict: false });
      await attempt(id, ledger, () => run(name, provider, unpack(stored)));
    } catch (error) {
      report(`Job ${name} ${id} failed`, error);
      throw error;
    }
  });
}

let announced = false;

/** Tests wait for the job, so that they see what it does. */
async function runOutsideProduction(
  name: JobName,
  id: string,
  provider: object,
  values: unknown[],
): Promise<void> {
  if (!announced) logger.log("NODE_ENV is not production: jobs run in this process");
  announced = true;
  const ending = runHere(name, id, provider, values);
  if (process.env.NODE_ENV === "test") await ending;
}

async function runHere(
  name: JobName,
  id: string,
  provider: object,
  values: unknown[],
): Promise<void> {
  try {
    await run(name, provider, values);
  } catch (error) {
    report(`Job ${name} ${id} failed`, error);
  }
}

async function run(name: string, provider: object, values: unknown[]): Promise<void> {
  await jobNamed(name).run(provider as never, ...(values as never[]));
}

function jobNamed(name: string): Job {
  const job = (jobs as Record<string, Job>)[name];
  if (job === undefined) throw new Error(`No job is named ${name}`);
  return job;
}

function report(message: string, error: unknown): void {
  logger.error(message, error instanceof Error ? error.stack : String(error));
}
