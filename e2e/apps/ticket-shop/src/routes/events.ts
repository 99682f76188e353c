import { Router } from "express";
import { query, queryOne } from "../db.js";
import { requireAuth } from "../middleware/auth.js";
import { getExchangeRates } from "../services/exchangeRates.js";
import { calculateQuote, formatMoney } from "../services/pricing.js";
import type { Event } from "../types/index.js";
import { reviewSchema } from "../validation.js";

export const eventsRouter = Router();

const viewCounts = new Map<string, number>();
const viewsByVisitor = new Map<string, number>();

let cities: { names: string[]; loadedAt: number } | null = null;

eventsRouter.get("/", async (_req, res) => {
  const events = await query<Event>("SELECT * FROM events WHERE starts_at > now() ORDER BY starts_at");
  const result = [];
  for (const event of events) {
    const sold = await queryOne("SELECT COUNT(*)::int AS count FROM tickets WHERE event_id = $1", [event.id]);
    const rating = await queryOne("SELECT AVG(rating)::float AS average FROM reviews WHERE event_id = $1", [event.id]);
    result.push({ ...event, ticketsSold: sold.count, rating: rating.average });
  }
  res.json({ events: result });
});

eventsRouter.get("/cities", async (_req, res) => {
  if (!cities || Date.now() - cities.loadedAt > 10 * 60 * 1000) {
    const rows = await query("SELECT DISTINCT city FROM events ORDER BY city");
    cities = { names: rows.map((row) => row.city), loadedAt: Date.now() };
  }
  res.json({ cities: cities.names });
});

eventsRouter.get("/search", async (req, res) => {
  const term = `%${String(req.query.q ?? "")}%`;
  const limit = Number(req.query.limit) || 20;
  const events = await query<Event>(
    "SELECT * FROM events WHERE title ILIKE $1 OR venue ILIKE $1 ORDER BY starts_at LIMIT $2",
    [term, limit],
  );
  res.json({ events });
});

eventsRouter.get("/:id", async (req, res) => {
  const { id } = req.params;
  const event = await queryOne<Event>("SELECT * FROM events WHERE id = $1", [id]);
  if (!event) return res.status(404).json({ error: "Event not found" });

  const visitor = `${req.ip}:${id}`;
  if (!viewsByVisitor.has(visitor)) {
    viewCounts.set(id, (viewCounts.get(id) ?? 0) + 1);
  }
  viewsByVisitor.set(visitor, Date.now());

  const sold = await queryOne("SELECT COUNT(*)::int AS count FROM tickets WHERE event_id = $1", [id]);
  res.json({ event: { ...event, ticketsSold: sold.count, views: viewCounts.get(id) } });
});

eventsRouter.get("/:id/price", async (req, res) => {
  const event = await queryOne<Event>("SELECT * FROM events WHERE id = $1", [req.params.id]);
  if (!event) return res.status(404).json({ error: "Event not found" });

  const quantity = Number(req.query.quantity) || 1;
  const wanted = String(req.query.currency ?? "EUR").toUpperCase();
  const quote = calculateQuote(event.price_cents, quantity);

  const rates = await getExchangeRates();
  const currency = rates[wanted] ? wanted : "EUR";
  const totalCents = Math.round(quote.totalCents * (rates[wanted] ?? 1));

  res.json({ quote, currency, totalCents, display: formatMoney(totalCents, currency) });
});

eventsRouter.get("/:id/reviews", async (req, res) => {
  const page = Math.max(Number(req.query.page) || 1, 1);
  const pageSize = Math.min(Math.max(Number(req.query.pageSize) || 10, 1), 50);
  const reviews = await query(
    `SELECT reviews.id, reviews.rating, reviews.body, reviews.created_at, users.name AS author
       FROM reviews JOIN users ON users.id = reviews.user_id
      WHERE reviews.event_id = $1
      ORDER BY reviews.created_at DESC
      LIMIT $2 OFFSET $3`,
    [req.params.id, pageSize, (page - 1) * pageSize],
  );
  res.json({ page, pageSize, reviews });
});

eventsRouter.post("/:id/reviews", requireAuth, async (req, res) => {
  const { rating, body } = reviewSchema.parse(req.body);
  const review = await queryOne(
    "INSERT INTO reviews (event_id, user_id, rating, body) VALUES ($1, $2, $3, $4) RETURNING *",
    [req.params.id, req.user!.id, rating, body],
  );
  res.status(201).json({ review });
});

eventsRouter.post("/:id/waitlist", requireAuth, async (req, res) => {
  await query("INSERT INTO waitlist (event_id, email) VALUES ($1, $2) ON CONFLICT DO NOTHING", [
    req.params.id,
    req.user!.email,
  ]);
  res.status(201).json({ message: "We will email you when tickets are available again" });
});
