/**
 * Where jobs wait: the app's Redis. It must not evict keys (`maxmemory-policy noeviction`) and
 * should persist (`appendonly yes`).
 */
import type { Queue, Worker } from "bullmq";
import { jobs } from "./jobs.ts";
import type { Ledger } from "./once.ts";
import { closeRedis, openRedis, redisLedger } from "./redis.ts";

/**
 * A failed job is tried again after about 1, 2, 4, ... seconds, for about half an hour, and then
 * kept among the failed ones for a month. A worker that died is noticed by its lapsed lock.
 */
const policy = {
  attempts: 11,
  backoff: { type: "exponential", delay: 1000, jitter: 0.3 },
  removeOnComplete: { age: 24 * 3600, count: 1000 },
  removeOnFail: { age: 30 * 24 * 3600 },
};

type Run = (name: string, id: string, values: unknown[]) => Promise<void>;

/** Stores a job under its id; rejects when Redis does not answer within two seconds. */
export async function send(name: string, id: string, values: unknown[]): Promise<void> {
  const queue = await queueOf(name);
  await within(2000, queue.add(name, { values }, { ...policy, jobId: id }));
}

/** Hands each job to `run`, three of a name at a time, and again when it rejects. */
export async function processJobs(run: Run): Promise<void> {
  const bullmq = await import("bullmq");
  for (const name of Object.keys(jobs)) {
    const worker = new bullmq.Worker(name, (job) => run(name, String(job.id), job.data.values), {
      connection: openRedis(),
      concurrency: 3,
      lockDuration: 10000,
      stalledInterval: 5000,
      maxStalledCount: policy.attempts,
    });
    worker.on("error", (error) => console.error("Job store:", error));
    await worker.waitUntilReady();
    workers.push(worker);
  }
}

/** Where the finished steps of jobs stand. */
export function openLedger(): Promise<Ledger> {
  return redisLedger();
}

/** Takes no new jobs, waits for the running ones and closes the connections. */
export async function closeStore(): Promise<void> {
  await Promise.all(workers.map((worker) => worker.close()));
  await Promise.all([...queues.values()].map(async (queue) => (await queue).close()));
  closeRedis();
}

const workers: Worker[] = [];
const queues = new Map<string, Promise<Queue>>();

function queueOf(name: string): Promise<Queue> {
  const known = queues.get(name);
  if (known !== undefined) return known;
  const opened = openQueue(name);
  queues.set(name, opened);
  return opened;
}

async function openQueue(name: string): Promise<Queue> {
  const bullmq = await import("bullmq");
  const queue = new bullmq.Queue(name, { connection: openRedis() });
  queue.on("error", () => undefined); // the connection has logged it
  return queue;
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new Error(`Redis did not answer within ${milliseconds} ms`);
    timer = setTimeout(() => reject(error), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
