import path from "node:path";
import { Router } from "express";
import { AdminController } from "../controllers/AdminController.js";
import { requireAdmin, requireAuth } from "../middleware/auth.js";

export function createAdminRouter() {
  const router = Router();
  const controller = new AdminController(path.join(process.cwd(), "reports"));

  router.use(requireAuth, requireAdmin);
  router.get("/stats", controller.stats.bind(controller));
  router.get("/customers", controller.customers.bind(controller));
  router.post("/events", controller.createEvent.bind(controller));
  router.post("/events/:id/announce", controller.announce.bind(controller));
  router.get("/reports/:date", controller.downloadReport.bind(controller));

  return router;
}
