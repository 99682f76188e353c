import { Router } from "express";
import { queryOne } from "../db.js";
import { requireAuth } from "../middleware/auth.js";
import { cartItemSchema } from "../validation.js";

interface CartItem {
  eventId: number;
  title: string;
  quantity: number;
}

const carts = new Map<number, CartItem[]>();

const router = Router();

router.use(requireAuth);

router.get("/", (req, res) => {
  res.json({ items: carts.get(req.user!.id) ?? [] });
});

router.post("/items", async (req, res) => {
  const { eventId, quantity } = cartItemSchema.parse(req.body);
  const event = await queryOne("SELECT id, title FROM events WHERE id = $1", [eventId]);
  if (!event) return res.status(404).json({ error: "Event not found" });

  const items = carts.get(req.user!.id) ?? [];
  items.push({ eventId, title: event.title, quantity });
  carts.set(req.user!.id, items);
  res.status(201).json({ items });
});

router.delete("/", (req, res) => {
  carts.delete(req.user!.id);
  res.json({ items: [] });
});

export default router;
