import type { Event, Order, Ticket } from "../types/index.js";
import { writeThankYouNote } from "./ai.js";
import { mailService } from "./MailService.js";

export interface Confirmation {
  user: { name: string; email: string };
  order: Order;
  event: Event;
  tickets: Ticket[];
}

export async function sendOrderConfirmation({ user, order, event, tickets }: Confirmation) {
  const note = await writeThankYouNote(user.name, event, order.quantity);
  await mailService.sendReceipt(user, order, event, tickets, note);
}
