/** Connections for the job store. BullMQ wants commands to wait for a Redis that comes back. */
import { Redis } from "ioredis";
import type { Ledger } from "./once.ts";

const opened: Redis[] = [];

export function openRedis(): Redis {
  const redis = new Redis(__CONNECTION__, { maxRetriesPerRequest: null });
  redis.on("error", (error) => console.error("Job store:", error.message));
  opened.push(redis);
  return redis;
}

export function closeRedis(): void {
  for (const redis of opened.splice(0)) redis.disconnect();
}

const keptSeconds = 7 * 24 * 3600;

/** Finished steps stand beside the jobs, for longer than a job is retried. */
export async function redisLedger(): Promise<Ledger> {
  const redis = openRedis();
  return {
    async has(jobId, step) {
      return (await redis.get(`job-step:${jobId}:${step}`)) !== null;
    },
    async add(jobId, step) {
      await redis.set(`job-step:${jobId}:${step}`, "done", "EX", keptSeconds);
    },
  };
}
