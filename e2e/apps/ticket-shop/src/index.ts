import "dotenv/config";
import { createApp } from "./app.js";
import { config } from "./config.js";
import { pool } from "./db.js";
import { startJobs } from "./jobs/index.js";

async function main() {
  await pool.query("SELECT 1");
  console.log("✅ Connected to Postgres");

  const app = createApp();
  startJobs();

  app.listen(config.port, () => {
    console.log(`🎟️  Stagepass is running on http://localhost:${config.port}`);
  });
}

main().catch((err) => {
  console.error("Failed to start:", err);
  process.exit(1);
});
