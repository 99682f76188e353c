import cron from "node-cron";
import { sendReminders } from "./reminders.js";
import { writeSalesReport } from "./salesReport.js";
import { notifyWaitlist } from "./waitlist.js";

export function startJobs() {
  // Every morning: remind people of tomorrow's shows
  cron.schedule("0 9 * * *", async () => {
    console.log("Running reminder job");
    await sendReminders();
  });

  // Every night: sales report for the office
  cron.schedule("30 2 * * *", () => writeSalesReport().catch(() => {}));

  // Every minute: tell the waitlist about returned tickets
  cron.schedule("* * * * *", () => notifyWaitlist().catch(console.error));
}
