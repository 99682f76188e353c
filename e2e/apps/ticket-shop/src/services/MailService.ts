import nodemailer from "nodemailer";
import type { Event, Order, Ticket } from "../types/index.js";
import { formatMoney } from "./pricing.js";

const SITE_URL = "http://localhost:4000";

interface Recipient {
  name: string;
  email: string;
}

export class MailService {
  private transporter = nodemailer.createTransport({
    host: process.env.SMTP_HOST || "localhost",
    port: Number(process.env.SMTP_PORT) || 587,
    secure: process.env.SMTP_PORT === "465",
    auth: process.env.SMTP_USER ? { user: process.env.SMTP_USER, pass: process.env.SMTP_PASS } : undefined,
  });

  private from = process.env.SMTP_FROM || "Stagepass <tickets@stagepass.example>";

  async sendWelcomeEmail(user: Recipient) {
    await this.send(
      user.email,
      "Welcome to Stagepass 🎉",
      `<h1>Hi ${user.name}!</h1><p>Great to have you. <a href="${SITE_URL}">Find your next concert</a>.</p>`,
    );
  }

  async sendReceipt(user: Recipient, order: Order, event: Event, tickets: Ticket[], note: string) {
    const codes = tickets.map((ticket) => `<li><code>${ticket.code}</code></li>`).join("");
    await this.send(
      user.email,
      `Your tickets for ${event.title} (order #${order.id})`,
      `<h1>See you at ${event.venue}!</h1>
       <p>${note}</p>
       <p>${order.quantity} ticket(s), ${formatMoney(order.total_cents, order.currency)}</p>
       <ul>${codes}</ul>
       <p><a href="${SITE_URL}/#orders">View your orders</a></p>`,
    );
  }

  async sendCancellation(user: Recipient, order: Order) {
    await this.send(
      user.email,
      `Order #${order.id} was cancelled`,
      `<p>Hi ${user.name}, we refunded ${formatMoney(order.total_cents, order.currency)} to your card.</p>`,
    );
  }

  async sendPasswordReset(user: Recipient, token: string) {
    await this.send(
      user.email,
      "Reset your password",
      `<p>Hi ${user.name}, <a href="${SITE_URL}/#reset=${token}">choose a new password</a>. The link works for one hour.</p>`,
    );
  }

  async sendReminder(user: Recipient, event: Event) {
    await this.send(
      user.email,
      `Tomorrow: ${event.title}`,
      `<p>Hi ${user.name}, ${event.title} starts ${new Date(event.starts_at).toLocaleString()} at ${event.venue}.</p>`,
    );
  }

  async sendAnnouncement(user: Recipient, event: Event, message: string) {
    await this.send(user.email, `News about ${event.title}`, `<p>Hi ${user.name},</p><p>${message}</p>`);
  }

  async sendWaitlistOffer(email: string, event: Event) {
    await this.send(
      email,
      `Tickets for ${event.title} are back`,
      `<p>Good news! <a href="${SITE_URL}/#event=${event.id}">Grab yours</a> before they are gone.</p>`,
    );
  }

  private async send(to: string, subject: string, html: string) {
    await this.transporter.sendMail({ from: this.from, to, subject, html });
    console.log(`📧 Sent "${subject}" to ${to}`);
  }
}

export const mailService = new MailService();
