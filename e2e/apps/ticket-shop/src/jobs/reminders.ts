import { query } from "../db.js";
import { mailService } from "../services/MailService.js";

export async function sendReminders() {
  const rows = await query(
    `SELECT users.name, users.email, events.title, events.venue, events.starts_at
       FROM orders
       JOIN users ON users.id = orders.user_id
       JOIN events ON events.id = orders.event_id
      WHERE orders.status = 'paid' AND events.starts_at::date = current_date + 1`,
  );
  for (const row of rows) {
    try {
      await mailService.sendReminder({ name: row.name, email: row.email }, row);
    } catch (err) {
      console.log("Reminder failed", err);
    }
  }
  console.log(`Sent ${rows.length} reminders`);
}
