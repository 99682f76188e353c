/** Tells load balancers, containers and uptime checks whether this process is alive and ready. */
import { Elysia } from "elysia";

let stopping = false;

/** From now on this process wants no more requests: for when it has been told to stop. */
export function reportStopping(): void {
  stopping = true;
}

export const health = new Elysia({ name: "health" })
  /**
   * Alive: the process can answer. Asks no database: an outage there would have every replica
   * restarted, which cures nothing.
   */
  .get("/livez", ({ set }) => {
    set.headers["cache-control"] = "no-store";
    return { status: "ok" };
  })
  /** Ready for requests: no longer so once the process has been told to stop. */
  .get("/readyz", ({ set }) => {
    set.headers["cache-control"] = "no-store";
    set.status = stopping ? 503 : 200;
    return { status: stopping ? "stopping" : "ok" };
  });
