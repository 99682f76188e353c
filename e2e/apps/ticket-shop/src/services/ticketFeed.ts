import { EventEmitter } from "node:events";

export interface TicketUpdate {
  eventId: number;
  ticketsLeft: number;
}

export const ticketFeed = new EventEmitter();
ticketFeed.setMaxListeners(0);

export function publishTicketUpdate(update: TicketUpdate) {
  ticketFeed.emit("update", update);
}
