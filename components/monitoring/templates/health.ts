/** Tells load balancers, containers and uptime checks whether this process is alive and ready. */
import { Router } from "express";

export const health: Router = Router();

/**
 * Alive: the process can answer. Asks no database: an outage there would have every replica
 * restarted, which cures nothing.
 */
health.get("/livez", (_req, res) => {
  res.set("Cache-Control", "no-store").json({ status: "ok" });
});

/** Ready for requests: no longer so once the process has been told to stop. */
health.get("/readyz", (req, res) => {
  const stopping = req.app.locals.stopping === true;
  res
    .status(stopping ? 503 : 200)
    .set("Cache-Control", "no-store")
    .json({ status: stopping ? "stopping" : "ok" });
});
