/** Tells load balancers, containers and uptime checks whether this process is alive and ready. */
import { Hono } from "hono";

let stopping = false;

/** From now on this process wants no more requests: for when it has been told to stop. */
export function reportStopping(): void {
  stopping = true;
}

export const health = new Hono();

/**
 * Alive: the process can answer. Asks no database: an outage there would have every replica
 * restarted, which cures nothing.
 */
health.get("/livez", (c) => c.json({ status: "ok" }, 200, { "Cache-Control": "no-store" }));

/** Ready for requests: no longer so once the process has been told to stop. */
health.get("/readyz", (c) => {
  const headers = { "Cache-Control": "no-store" };
  return stopping ? c.json({ status: "stopping" }, 503, headers) : c.json({ status: "ok" }, 200, headers);
});
