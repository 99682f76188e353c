import { randomBytes } from "node:crypto";

export function createTicketCode(eventId: number) {
  return `SP-${eventId}-${randomBytes(6).toString("hex").toUpperCase()}`;
}
