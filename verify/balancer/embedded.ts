/** The lab's own proxy as a balancer, in a process of its own so that it does not slow the load or the stand-ins. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { startChild, type Home } from "../boot/child.ts";
import { LabError } from "../boot/lab-error.ts";
import { Log } from "../boot/log.ts";
import { ownPath, siblingScript } from "../boot/machine.ts";
import { freePort, giveBack } from "../boot/ports.ts";
import type { Balancer } from "./balancer.ts";

const Turn = z.object({ turn: z.number() });
const answerMilliseconds = 10_000;

/** Starts the proxy's process. Throws `LabError` when it does not come up. */
export async function startEmbedded(home: Home): Promise<Balancer> {
  const port = await freePort();
  const log = new Log();
  const waiting = new Map<number, () => void>();
  const command = [process.execPath, siblingScript("./proxy-main", import.meta.url), String(port)];
  const child = startChild(home, { command, cwd: home.folder, env: { PATH: ownPath() }, log, hasChannel: true });
  child.onMessage((message) => waiting.get(Turn.safeParse(message).data?.turn ?? -1)?.());
  let turn = 0;

  /** Settles when the process has answered this turn. */
  async function answered(number: number): Promise<void> {
    const answer = new Promise<boolean>((resolve) => waiting.set(number, () => resolve(true)));
    const over = new AbortController();
    const late = sleep(answerMilliseconds, false, { signal: over.signal }).catch(() => false);
    const isGood = await Promise.race([answer, child.ended.then(() => false), late]);
    over.abort();
    waiting.delete(number);
    if (isGood) return;
    throw new LabError({
      what: "The lab's load balancer does not answer",
      why: log.useful(1)[0] ?? "Its process ended or is stuck",
      next: "Try again; if it stays, install nginx, which is used when it is there",
      log: log.useful(10),
    });
  }

  await answered(0);
  return {
    part: "load balancer: the lab's own proxy (behaves as nginx does by default)",
    port,
    set: async (turnout) => {
      const number = ++turn;
      const done = answered(number);
      const upstreams = turnout.filter((one) => one.isIn).map(({ host, port: at }) => ({ host, port: at }));
      child.send({ turn: number, upstreams });
      await done;
    },
    stop: async () => {
      await child.kill();
      giveBack(port);
    },
  };
}
