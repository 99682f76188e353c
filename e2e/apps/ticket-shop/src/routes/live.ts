import type { Express } from "express";
import { ticketFeed, type TicketUpdate } from "../services/ticketFeed.js";

export function registerLiveRoutes(app: Express) {
  app.get("/api/live/tickets", (req, res) => {
    res.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-cache", Connection: "keep-alive" });
    res.flushHeaders();

    const onUpdate = (update: TicketUpdate) => res.write(`data: ${JSON.stringify(update)}\n\n`);
    const ping = setInterval(() => res.write(": ping\n\n"), 25_000);
    ticketFeed.on("update", onUpdate);

    req.on("close", () => {
      clearInterval(ping);
      ticketFeed.off("update", onUpdate);
    });
  });
}
