/** The load balancer of a stack: the machine's nginx, else the lab's own proxy in a process of its own. */
import type { Home } from "../boot/child.ts";
import { findProgram } from "../boot/machine.ts";
import { startEmbedded } from "./embedded.ts";
import { startNginx } from "./nginx.ts";

/** A replica as the balancer sees it. */
export interface Upstream {
  host: "127.0.0.1" | "::1";
  port: number;
}

/** All replicas of a stack, and which of them get requests. */
type Turnout = readonly (Upstream & { isIn: boolean })[];

export interface Balancer {
  /** `load balancer: nginx 1.22 (the machine's)`. */
  readonly part: string;
  readonly port: number;
  /** Says who gets requests; settles when it holds. Requests in flight elsewhere are finished, no client loses its connection. */
  set(turnout: Turnout): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a balancer with no upstreams. Throws `LabError` when it does not come up. */
export async function startBalancer(home: Home): Promise<Balancer> {
  const nginx = findProgram("nginx");
  return nginx === null ? startEmbedded(home) : startNginx(home, nginx);
}
