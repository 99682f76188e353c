import path from "node:path";
import cors from "cors";
import express from "express";
import { errorHandler, notFound } from "./middleware/errorHandler.js";
import { accountRouter } from "./routes/account.js";
import { createAdminRouter } from "./routes/admin.js";
import { authRouter } from "./routes/auth.js";
import cartRouter from "./routes/cart.js";
import { eventsRouter } from "./routes/events.js";
import { registerLiveRoutes } from "./routes/live.js";
import { ordersRouter } from "./routes/orders.js";
import supportRouter from "./routes/support.js";

export function createApp() {
  const app = express();

  app.use(cors({ origin: true, credentials: true }));
  app.use(express.json({ limit: "50mb" }));

  app.use(express.static(path.join(process.cwd(), "public")));
  app.use("/uploads", express.static(path.join(process.cwd(), "uploads")));

  app.use("/api/auth", authRouter);
  app.use("/api/events", eventsRouter);
  app.use("/api/cart", cartRouter);
  app.use("/api/orders", ordersRouter);
  app.use("/api/account", accountRouter);
  app.use("/api/support", supportRouter);
  app.use("/api/admin", createAdminRouter());
  registerLiveRoutes(app);

  app.use("/api", notFound);
  app.use(errorHandler);

  return app;
}
