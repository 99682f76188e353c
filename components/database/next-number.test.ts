/** The next number after the highest one, where the query gives the column another name. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { nextNumbers } from "./next-number.ts";

const server = (order: string): string => `import express from "express";
import { drizzle } from "drizzle-orm/node-postgres";
import { desc } from "drizzle-orm";
import { integer, pgTable, text } from "drizzle-orm/pg-core";
const offers = pgTable("offers", { number: integer("number"), customer: text("customer") });
const db = drizzle(process.env.DATABASE_URL);
const app = express();
app.post("/offers", async (req, res) => {
  const rows = await db.select({ lastNumber: offers.number }).from(offers).orderBy(desc(${order})).limit(1);
  const last = rows.length > 0 ? rows[0].lastNumber : 0;
  await db.insert(offers).values({ number: last + 1, customer: req.body.customer });
  res.sendStatus(201);
});
app.listen(3000);
`;

it.each([
  ["sorted by the number", "offers.number", 1],
  ["sorted by something else", "offers.customer", 0],
])("%s", async (_, order, count) => {
  const manifest = JSON.stringify({
    name: "offers",
    type: "module",
    scripts: { start: "node server.ts" },
    dependencies: { express: "^5", "drizzle-orm": "^0.44", pg: "^8" },
  });
  const texts = { "package.json": manifest, "server.ts": server(order) };
  expect(nextNumbers(await analyze(memoryRepo(texts), { cacheFolder: null }))).toHaveLength(count);
});
