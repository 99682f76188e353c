/** Waits until the balancer lets requests through again. */
import { setTimeout as sleep } from "node:timers/promises";

/** nginx leaves a replica out for 10 seconds after it failed; with some to spare, in milliseconds. */
const patience = 20_000;
/** So many answers in a row, a beat apart: every replica has had its turn. */
const inARow = 4;
const beat = 100;

/** After a fault the balancer may still hold replicas for dead that are back. Gives up in silence: the run will tell. */
export async function untilOpen(url: string, signal: AbortSignal): Promise<void> {
  const given = performance.now() + patience;
  for (let open = 0; open < inARow && performance.now() < given;) {
    open = (await isLetThrough(url)) ? open + 1 : 0;
    await sleep(beat, undefined, { signal });
  }
}

/** Any answer of the app's own will do, a 404 too; 502 to 504 are the balancer's. */
async function isLetThrough(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(3000), redirect: "manual" });
    await answer.body?.cancel();
    return answer.status < 502 || answer.status > 504;
  } catch {
    return false;
  }
}
