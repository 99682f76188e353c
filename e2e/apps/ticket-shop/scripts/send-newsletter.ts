import "dotenv/config";
import fs from "node:fs";
import nodemailer from "nodemailer";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const transporter = nodemailer.createTransport({
  host: process.env.SMTP_HOST,
  port: Number(process.env.SMTP_PORT) || 587,
});

const response = await fetch("https://api.quotable.io/random?tags=music");
const quote = response.ok ? ((await response.json()) as { content?: string }).content : undefined;

const events = await pool.query("SELECT title, venue, city FROM events WHERE starts_at > now() ORDER BY starts_at LIMIT 5");
const list = events.rows.map((event) => `- ${event.title}, ${event.venue} (${event.city})`).join("\n");

const users = await pool.query("SELECT name, email FROM users ORDER BY id");
for (const user of users.rows) {
  await transporter.sendMail({
    from: process.env.SMTP_FROM,
    to: user.email,
    subject: "This month on stage",
    text: `Hi ${user.name},\n\n${quote ?? ""}\n\n${list}`,
  });
}

fs.writeFileSync("newsletter.log", `${new Date().toISOString()} sent to ${users.rows.length}\n`, { flag: "a" });
await pool.end();
