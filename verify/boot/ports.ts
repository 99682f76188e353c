/** Free ports for listening, below the range from which the system takes the ports of outgoing connections. */
import { createServer } from "node:net";
import { LabError } from "./lab-error.ts";

/** Linux hands out 32768-60999 to outgoing connections (ip_local_port_range): under load one of those is taken while a replica restarts. */
const lowest = 20_000;
const highest = 29_999;
const handedOut = new Set<number>();

/** Whether nobody listens on the port, on any address. */
async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A port that nobody listens on and that this process has not handed out before. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest + 1));
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new LabError({
    what: "No free port was found",
    why: `200 random ports between ${lowest} and ${highest} were all taken`,
    next: "End processes that listen on many ports, then try again",
  });
}

/** Gives a port back when its listener is gone for good. */
export function giveBack(port: number): void {
  handedOut.delete(port);
}
