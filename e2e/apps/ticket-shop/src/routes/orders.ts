import { Router } from "express";
import { orderController } from "../controllers/orderController.js";
import { requireAdmin, requireAuth } from "../middleware/auth.js";

export const ordersRouter = Router();

ordersRouter.use(requireAuth);

ordersRouter.get("/", orderController.list);
ordersRouter.post("/checkout", orderController.checkout);
ordersRouter.get("/export", requireAdmin, orderController.exportCsv);
ordersRouter.post("/:id/cancel", orderController.cancel);
