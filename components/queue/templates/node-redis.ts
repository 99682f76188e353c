/** Connections for the job store. */
import { createClient } from "redis";
import type { Ledger } from "./once.ts";

const opened: ReturnType<typeof connection>[] = [];

export function openRedis() {
  const redis = connection();
  redis.on("error", (error: Error) => console.error("Job store:", error.message));
  opened.push(redis);
  return redis;
}

export function closeRedis(): void {
  for (const redis of opened.splice(0)) redis.destroy();
}

const keptSeconds = 7 * 24 * 3600;

/** Finished steps stand beside the jobs, for longer than a job is retried. */
export async function redisLedger(): Promise<Ledger> {
  const redis = openRedis();
  await redis.connect();
  return {
    async has(jobId, step) {
      return (await redis.get(`job-step:${jobId}:${step}`)) !== null;
    },
    async add(jobId, step) {
      await redis.set(`job-step:${jobId}:${step}`, "done", { EX: keptSeconds });
    },
  };
}

function connection() {
  return createClient(__CONNECTION__);
}
