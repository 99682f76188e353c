import fs from "node:fs/promises";
import path from "node:path";
import type { Request, Response } from "express";
import { query, queryOne } from "../db.js";
import { HttpError } from "../middleware/errorHandler.js";
import { geocodeVenue } from "../services/geocoding.js";
import { mailService } from "../services/MailService.js";
import type { Event, Order, User } from "../types/index.js";
import { eventSchema } from "../validation.js";

export class AdminController {
  constructor(private reportsDir: string) {}

  async stats(_req: Request, res: Response) {
    const orders = await query<Order>("SELECT * FROM orders");
    const paid = orders.filter((order) => order.status === "paid");
    const revenueCents = paid.reduce((sum, order) => sum + order.total_cents, 0);
    const ticketsSold = paid.reduce((sum, order) => sum + order.quantity, 0);
    res.json({ orders: orders.length, revenueCents, ticketsSold });
  }

  async customers(_req: Request, res: Response) {
    const users = await query<User>("SELECT id, email, name, loyalty_points, created_at FROM users ORDER BY id");
    res.json({ customers: users });
  }

  async createEvent(req: Request, res: Response) {
    const input = eventSchema.parse(req.body);
    const place = await geocodeVenue(input.venue, input.city);
    const event = await queryOne<Event>(
      `INSERT INTO events (title, description, venue, city, starts_at, price_cents, tickets_left, poster, latitude, longitude)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING *`,
      [
        input.title,
        input.description,
        input.venue,
        input.city,
        input.startsAt,
        input.priceCents,
        input.tickets,
        input.poster ?? null,
        place?.latitude ?? null,
        place?.longitude ?? null,
      ],
    );
    res.status(201).json({ event });
  }

  async announce(req: Request, res: Response) {
    const message = String(req.body?.message ?? "").trim();
    if (!message) throw new HttpError(400, "Please enter a message");
    const event = await queryOne<Event>("SELECT * FROM events WHERE id = $1", [req.params.id]);
    if (!event) throw new HttpError(404, "Event not found");

    const buyers = await query<User>(
      "SELECT DISTINCT users.* FROM users JOIN orders ON orders.user_id = users.id WHERE orders.event_id = $1",
      [event.id],
    );
    for (const buyer of buyers) {
      await mailService.sendAnnouncement(buyer, event, message);
    }
    res.json({ sent: buyers.length });
  }

  async downloadReport(req: Request, res: Response) {
    const file = path.join(this.reportsDir, `${path.basename(String(req.params.date))}.csv`);
    try {
      await fs.access(file);
    } catch {
      throw new HttpError(404, "There is no report for this day");
    }
    res.download(file);
  }
}
