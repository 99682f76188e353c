import "dotenv/config";
import fs from "node:fs";
import path from "node:path";
import pg from "pg";

const dir = path.join(process.cwd(), "migrations");
const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();

await client.query(
  "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())",
);
const { rows } = await client.query("SELECT name FROM migrations");
const applied = new Set(rows.map((row) => row.name));

for (const file of fs.readdirSync(dir).sort()) {
  if (!file.endsWith(".sql") || applied.has(file)) continue;
  await client.query("BEGIN");
  await client.query(fs.readFileSync(path.join(dir, file), "utf8"));
  await client.query("INSERT INTO migrations (name) VALUES ($1)", [file]);
  await client.query("COMMIT");
  console.log(`Applied ${file}`);
}

await client.end();
console.log("Database is up to date");
