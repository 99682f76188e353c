import { query } from "../db.js";
import { mailService } from "../services/MailService.js";

export async function notifyWaitlist() {
  const entries = await query(
    `SELECT waitlist.id AS waitlist_id, waitlist.email, events.*
       FROM waitlist JOIN events ON events.id = waitlist.event_id
      WHERE waitlist.notified_at IS NULL AND events.tickets_left > 0`,
  );
  for (const entry of entries) {
    await mailService.sendWaitlistOffer(entry.email, entry);
    await query("UPDATE waitlist SET notified_at = now() WHERE id = $1", [entry.waitlist_id]);
  }
}
