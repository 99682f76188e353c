import fs from "node:fs/promises";
import path from "node:path";
import { query } from "../db.js";
import { toCsv } from "../services/csv.js";

const reportsDir = path.join(process.cwd(), "reports");

export async function writeSalesReport() {
  const rows = await query(
    `SELECT events.title, COUNT(*)::int AS orders, SUM(orders.quantity)::int AS tickets, SUM(orders.total_cents)::int AS cents
       FROM orders JOIN events ON events.id = orders.event_id
      WHERE orders.created_at > now() - interval '1 day'
      GROUP BY events.title`,
  );
  const day = new Date().toISOString().slice(0, 10);
  await fs.mkdir(reportsDir, { recursive: true });
  await fs.writeFile(
    path.join(reportsDir, `${day}.csv`),
    toCsv(["event", "orders", "tickets", "cents"], rows.map((row) => [row.title, row.orders, row.tickets, row.cents])),
  );
}
