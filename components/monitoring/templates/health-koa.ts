/** Tells load balancers, containers and uptime checks whether this process is alive and ready. */
import Router from "__ROUTER__";

let stopping = false;

/** From now on this process wants no more requests: for when it has been told to stop. */
export function reportStopping(): void {
  stopping = true;
}

export const health = new Router();

/**
 * Alive: the process can answer. Asks no database: an outage there would have every replica
 * restarted, which cures nothing.
 */
health.get("/livez", (ctx) => {
  ctx.set("Cache-Control", "no-store");
  ctx.body = { status: "ok" };
});

/** Ready for requests: no longer so once the process has been told to stop. */
health.get("/readyz", (ctx) => {
  ctx.set("Cache-Control", "no-store");
  ctx.status = stopping ? 503 : 200;
  ctx.body = { status: stopping ? "stopping" : "ok" };
});
