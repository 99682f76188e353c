/** Does what a platform does beside its balancer: asks each replica whether it wants requests, and takes it in or out. */
import { setTimeout as sleep } from "node:timers/promises";
import { ask, type Answer } from "./ask.ts";
import type { Balancer, Upstream } from "./balancer.ts";

/** A replica as the health check sees it. */
export interface Checked extends Upstream {
  /** The process lives and has taken a request since it started. */
  isUp: boolean;
}

export interface Health {
  /** Checks all replicas now and settles when the balancer holds the outcome. */
  check(): Promise<void>;
  stop(): Promise<void>;
}

/** Between two checks. Platforms take 1 to 10 s; a short time keeps experiments short and favours neither side. */
const checkMilliseconds = 500;

const isGood = (answer: Answer | null): boolean => answer !== null && answer.status >= 200 && answer.status < 400;

/** Starts checking. Without a readiness path a replica is in while its process is up, and the balancer finds out the rest by itself. */
export function startHealth(balancer: Balancer, replicas: () => readonly Checked[], path: () => string | null): Health {
  const over = new AbortController();
  let last = "";
  let running: Promise<void> = Promise.resolve();

  async function once(): Promise<void> {
    const asked = path();
    const wants = await Promise.all(
      replicas().map(async (one) => one.isUp && (asked === null || isGood(await ask(one, asked)))),
    );
    const turnout = replicas().map((one, index) => ({
      host: one.host,
      port: one.port,
      isIn: wants[index] === true && one.isUp,
    }));
    const key = JSON.stringify(turnout);
    if (key === last || over.signal.aborted) return;
    await balancer.set(turnout);
    last = key;
  }

  function check(): Promise<void> {
    running = running.then(once, once);
    return running;
  }

  async function loop(): Promise<void> {
    while (!over.signal.aborted) {
      await sleep(checkMilliseconds, null, { signal: over.signal }).catch(() => null);
      // A balancer that is gone shows in the requests; the loop goes on until the stack ends.
      if (!over.signal.aborted) await check().catch(() => undefined);
    }
  }

  const looping = loop();
  return {
    check,
    stop: async () => {
      over.abort();
      await looping;
      await running.catch(() => undefined);
    },
  };
}
