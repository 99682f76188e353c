/** Where jobs wait: the app's own Postgres, in the schema `pgboss`. */
import { jobs } from "./jobs.ts";
import type { Ledger } from "./once.ts";

const names = Object.keys(jobs);

/**
 * A failed job is tried again after about 2, 4, 8, ... seconds, at most five minutes apart, for
 * about half an hour. What then still fails is kept in the queue `failed-jobs`. A worker that died
 * is noticed by its missing heartbeat.
 */
const policy = {
  retryLimit: 12,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 300,
  expireInSeconds: 15 * 60,
  heartbeatSeconds: 10,
  deadLetter: "failed-jobs",
};

const polling = { pollingIntervalSeconds: 1, localConcurrency: 3 };

type Run = (name: string, id: string, values: unknown[]) => Promise<void>;

/** Stores a job under its id. */
export async function send(name: string, id: string, values: unknown[]): Promise<void> {
  const boss = await open({ supervise: false });
  await boss.send(name, { values }, { id });
}

/** Hands each job to `run`, three of a name at a time, and again when it rejects. */
export async function processJobs(run: Run): Promise<void> {
  const boss = await open(supervised);
  for (const name of names) {
    await boss.updateQueue(name, policy);
    await boss.work<{ values: unknown[] }>(name, polling, async (batch) => {
      for (const job of batch) await run(name, job.id, job.data.values);
    });
  }
}

/** Finished steps stand beside the jobs, for longer than a job is retried. */
export async function openLedger(): Promise<Ledger> {
  const database = (await open(supervised)).getDb();
  await database.executeSql(
    `CREATE TABLE IF NOT EXISTS pgboss.job_steps
       (job_id uuid, step text, done_at timestamptz DEFAULT now(), PRIMARY KEY (job_id, step))`,
  );
  await database.executeSql(
    "DELETE FROM pgboss.job_steps WHERE done_at < now() - interval '30 days'",
  );
  return {
    async has(jobId, step) {
      const sql = "SELECT 1 FROM pgboss.job_steps WHERE job_id = $1 AND step = $2";
      const { rows } = await database.executeSql(sql, [jobId, step]);
      return rows.length > 0;
    },
    async add(jobId, step) {
      await database.executeSql(
        "INSERT INTO pgboss.job_steps (job_id, step) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        [jobId, step],
      );
    },
  };
}

/** Takes no new jobs, gives the running ones 25 seconds and closes the connections. */
export async function closeStore(): Promise<void> {
  const boss = await opened?.catch(() => undefined);
  opened = undefined;
  await boss?.stop({ graceful: true, timeout: 25000 });
}

/** The worker looks for jobs without a heartbeat every five seconds. */
const supervised = { supervise: true, superviseIntervalSeconds: 5, monitorIntervalSeconds: 5 };

type Boss = Awaited<ReturnType<typeof connect>>;

let opened: Promise<Boss> | undefined;

/** One connection pool per process; after a failure the next call tries again. */
function open(duties: object): Promise<Boss> {
  opened ??= connect(duties).catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function connect(duties: object) {
  const { PgBoss } = await import("pg-boss");
  const boss = new PgBoss({
    __CONNECTION__,
    max: 5,
    connectionTimeoutMillis: 3000,
    schedule: false,
    ...duties,
  });
  boss.on("error", (error) => console.error("Job store:", error));
  await boss.start();
  await boss.createQueue(policy.deadLetter);
  for (const name of names) await boss.createQueue(name, policy);
  return boss;
}
