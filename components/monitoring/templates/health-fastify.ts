/** Tells load balancers, containers and uptime checks whether this process is alive and ready. */
import type { FastifyInstance } from "fastify";

let stopping = false;

/** From now on this process wants no more requests: for when it has been told to stop. */
export function reportStopping(): void {
  stopping = true;
}

export async function health(app: FastifyInstance): Promise<void> {
  /**
   * Alive: the process can answer. Asks no database: an outage there would have every replica
   * restarted, which cures nothing.
   */
  app.get("/livez", async (_request, reply) => {
    return reply.header("Cache-Control", "no-store").send({ status: "ok" });
  });

  /** Ready for requests: no longer so once the process has been told to stop. */
  app.get("/readyz", async (_request, reply) => {
    return reply
      .code(stopping ? 503 : 200)
      .header("Cache-Control", "no-store")
      .send({ status: stopping ? "stopping" : "ok" });
  });
}
