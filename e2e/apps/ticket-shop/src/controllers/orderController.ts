import type { Request, Response } from "express";
import { pool, query, queryOne } from "../db.js";
import { HttpError } from "../middleware/errorHandler.js";
import { sendOrderConfirmation } from "../services/confirmation.js";
import { toCsv } from "../services/csv.js";
import { mailService } from "../services/MailService.js";
import { chargeCard, refundPayment } from "../services/payments.js";
import { calculateQuote, loyaltyPointsFor } from "../services/pricing.js";
import { notifySlack } from "../services/slack.js";
import { createTicketCode } from "../services/ticketCodes.js";
import { publishTicketUpdate } from "../services/ticketFeed.js";
import type { Event, Order, Ticket, User } from "../types/index.js";
import { checkoutSchema } from "../validation.js";

export const orderController = {
  async checkout(req: Request, res: Response) {
    const { eventId, quantity, paymentMethodId, promoCode } = checkoutSchema.parse(req.body);

    const user = await queryOne<User>("SELECT * FROM users WHERE id = $1", [req.user!.id]);
    if (!user) throw new HttpError(401, "Please log in again");

    const event = await queryOne<Event>("SELECT * FROM events WHERE id = $1", [eventId]);
    if (!event) throw new HttpError(404, "Event not found");
    if (event.tickets_left < quantity) throw new HttpError(409, "Not enough tickets left");

    let promoPercent = 0;
    if (promoCode) {
      const promo = await queryOne("SELECT * FROM promo_codes WHERE code = $1", [promoCode.toUpperCase()]);
      if (!promo || promo.uses_left < 1) throw new HttpError(400, "This promo code is not valid");
      promoPercent = promo.discount_percent;
      await query("UPDATE promo_codes SET uses_left = $1 WHERE id = $2", [promo.uses_left - 1, promo.id]);
    }

    const quote = calculateQuote(event.price_cents, quantity, promoPercent);
    const payment = await chargeCard(quote.totalCents, paymentMethodId, `${quantity} x ${event.title}`);

    const ticketsLeft = event.tickets_left - quantity;
    await query("UPDATE events SET tickets_left = $1 WHERE id = $2", [ticketsLeft, event.id]);

    const order = await queryOne<Order>(
      `INSERT INTO orders (user_id, event_id, quantity, total_cents, currency, status, payment_id, ip_address)
       VALUES ($1, $2, $3, $4, 'EUR', 'paid', $5, $6) RETURNING *`,
      [user.id, event.id, quantity, quote.totalCents, payment.id, req.ip],
    );

    const tickets: Ticket[] = [];
    for (let i = 0; i < quantity; i++) {
      const ticket = await queryOne<Ticket>(
        "INSERT INTO tickets (order_id, event_id, code) VALUES ($1, $2, $3) RETURNING *",
        [order!.id, event.id, createTicketCode(event.id)],
      );
      tickets.push(ticket!);
    }

    const points = user.loyalty_points + loyaltyPointsFor(quote.totalCents);
    await query("UPDATE users SET loyalty_points = $1 WHERE id = $2", [points, user.id]);

    publishTicketUpdate({ eventId: event.id, ticketsLeft });
    await notifySlack(`🎟️ Order #${order!.id}: ${quantity} x ${event.title}`);
    await sendOrderConfirmation({
      user: { name: user.name, email: user.email },
      order: order!,
      event,
      tickets,
    });

    console.log(`Order ${order!.id} completed for user ${user.id}`);
    res.status(201).json({ order, tickets, loyaltyPoints: points });
  },

  async list(req: Request, res: Response) {
    const orders = await query<Order>("SELECT * FROM orders WHERE user_id = $1 ORDER BY created_at DESC", [
      req.user!.id,
    ]);
    const result = await Promise.all(
      orders.map(async (order) => {
        const event = await queryOne<Event>("SELECT title, venue, starts_at FROM events WHERE id = $1", [
          order.event_id,
        ]);
        const tickets = await query<Ticket>("SELECT * FROM tickets WHERE order_id = $1", [order.id]);
        return { ...order, event, tickets };
      }),
    );
    res.json({ orders: result });
  },

  async cancel(req: Request, res: Response) {
    const client = await pool.connect();
    let order: Order;
    try {
      await client.query("BEGIN");
      const found = await client.query<Order>(
        "SELECT * FROM orders WHERE id = $1 AND user_id = $2 AND status = 'paid' FOR UPDATE",
        [req.params.id, req.user!.id],
      );
      if (!found.rows[0]) throw new HttpError(404, "Order not found");
      order = found.rows[0];
      await client.query("UPDATE orders SET status = 'cancelled' WHERE id = $1", [order.id]);
      await client.query("UPDATE events SET tickets_left = tickets_left + $1 WHERE id = $2", [
        order.quantity,
        order.event_id,
      ]);
      await client.query("DELETE FROM tickets WHERE order_id = $1", [order.id]);
      await client.query("COMMIT");
    } catch (err) {
      await client.query("ROLLBACK");
      throw err;
    } finally {
      client.release();
    }

    await refundPayment(order.payment_id);

    const user = await queryOne<User>("SELECT * FROM users WHERE id = $1", [req.user!.id]);
    try {
      await mailService.sendCancellation(user!, order);
    } catch (err) {
      console.error("Cancellation email failed:", err);
    }
    res.json({ message: "Order cancelled" });
  },

  async exportCsv(_req: Request, res: Response) {
    const orders = await query<Order>("SELECT * FROM orders ORDER BY id");
    const rows: unknown[][] = [];
    for (const order of orders) {
      const buyer = await queryOne<User>("SELECT * FROM users WHERE id = $1", [order.user_id]);
      const event = await queryOne<Event>("SELECT * FROM events WHERE id = $1", [order.event_id]);
      rows.push([order.id, order.created_at, buyer?.email, event?.title, order.quantity, order.total_cents, order.status]);
    }
    res.setHeader("Content-Type", "text/csv");
    res.setHeader("Content-Disposition", "attachment; filename=orders.csv");
    res.send(toCsv(["id", "date", "buyer", "event", "quantity", "total_cents", "status"], rows));
  },
};
