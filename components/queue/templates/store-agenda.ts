/**
 * Where jobs wait: the app's own MongoDB, in the collection `agendaJobs`. What has failed for good
 * stays there with its reason: `db.agendaJobs.find({ failedAt: { $ne: null }, nextRunAt: null })`.
 */
import type { MongoClient } from "mongodb";
import { jobs } from "./jobs.ts";
import type { Ledger } from "./once.ts";

const names = Object.keys(jobs);

/** A failed job is tried again after about 2, 4, 8, ... seconds, at most five minutes apart. */
const retries = { delay: 2000, factor: 2, maxDelay: 300000, maxRetries: 12, jitter: 0.3 };

/** A job whose worker has died is taken up again when its lock has lapsed. */
const lockLifetime = 60000;

interface Stored {
  id: string;
  values: unknown[];
}

type Run = (name: string, id: string, values: unknown[]) => Promise<void>;

/** Stores a job under its id. */
export async function send(name: string, id: string, values: unknown[]): Promise<void> {
  const agenda = await open();
  const job = agenda.create<Stored>(name, { id, values });
  job.unique({ "data.id": id }, { insertOnly: true });
  job.schedule(new Date());
  await job.save();
}

/** Hands each job to `run`, three of a name at a time, and again when it rejects. */
export async function processJobs(run: Run): Promise<void> {
  const agenda = await open();
  const { backoffStrategies } = await import("agenda");
  const backoff = backoffStrategies.exponential(retries);
  const options = { backoff, concurrency: 3, lockLifetime, removeOnComplete: true };
  for (const name of names) {
    agenda.define<Stored>(
      name,
      async (job) => {
        const alive = setInterval(() => void job.touch().catch(() => undefined), lockLifetime / 3);
        try {
          await run(name, job.attrs.data.id, job.attrs.data.values);
        } finally {
          clearInterval(alive);
        }
      },
      options,
    );
  }
  await agenda.start();
}

/** Finished steps stand beside the jobs, for longer than a job is retried. */
export async function openLedger(): Promise<Ledger> {
  await open();
  const steps = client?.db().collection<{ _id: string; doneAt: Date }>("agendaJobSteps");
  if (steps === undefined) throw new Error("The job store has been closed");
  await steps.createIndex({ doneAt: 1 }, { expireAfterSeconds: 30 * 24 * 3600 });
  return {
    async has(jobId, step) {
      return (await steps.findOne({ _id: `${jobId} ${step}` })) !== null;
    },
    async add(jobId, step) {
      const done = { $set: { doneAt: new Date() } };
      await steps.updateOne({ _id: `${jobId} ${step}` }, done, { upsert: true });
    },
  };
}

/** Takes no new jobs, gives the running ones 25 seconds and closes the connections. */
export async function closeStore(): Promise<void> {
  const agenda = await opened?.catch(() => undefined);
  opened = undefined;
  await agenda?.drain(25000);
  await client?.close();
  client = undefined;
}

type Opened = Awaited<ReturnType<typeof connect>>;

let opened: Promise<Opened> | undefined;
let client: MongoClient | undefined;

/** One connection pool per process; after a failure the next call tries again. */
function open(): Promise<Opened> {
  opened ??= connect().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function connect() {
  const mongodb = await import("mongodb");
  const { Agenda } = await import("agenda");
  const { MongoBackend } = await import("@agendajs/mongo-backend");
  const address = __CONNECTION__;
  const limits = { serverSelectionTimeoutMS: 3000, socketTimeoutMS: 10000, maxPoolSize: 5 };
  client ??= new mongodb.MongoClient(address ?? "", limits);
  await client.connect();
  const backend = new MongoBackend({ mongo: client.db() });
  await backend.connect(); // here a failure rejects; Agenda's own call would leave it unhandled
  const agenda = new Agenda({ backend, processEvery: 1000 });
  agenda.on("error", (error: Error) => console.error("Job store:", error));
  await agenda.ready;
  return agenda;
}
