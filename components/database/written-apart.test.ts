/** Writes in callbacks and in nested parts of other writes, and rows that a key of their own keeps single. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { database } from "./index.ts";

const schema = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
model Recipe {
  id     String @id @default(cuid())
  name   String
  steps  Step[]
}
model Step {
  id       String @id @default(cuid())
  text     String
  recipeId String
  recipe   Recipe @relation(fields: [recipeId], references: [id])
  @@index([recipeId])
}
model Guest {
  id    String @id @default(cuid())
  cardId String @unique
  phone String
  @@index([phone])
}
model OAuthAccount {
  id       String @id @default(cuid())
  provider String
  userId   String
  @@index([userId])
}
`;

async function rulesFor(body: string): Promise<string[]> {
  const server = `import express from "express";
import { PrismaClient } from "@prisma/client";
const prisma = new PrismaClient();
const app = express();
app.use(express.json());
app.post("/recipes/:id", async (req, res) => {
${body}
});
app.listen(3000);
`;
  const manifest = JSON.stringify({
    name: "kitchen",
    type: "module",
    scripts: { start: "node server.js" },
    dependencies: { express: "^5", "@prisma/client": "^6" },
  });
  const files = {
    "package.json": manifest,
    "server.js": server,
    "prisma/schema.prisma": schema,
    "prisma/migrations/1_init/migration.sql": "select 1;",
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  return database.detect(model).map(({ rule, confidence }) => `${rule.replace("database/", "")} ${confidence}`);
}

const where = "where: { id: req.params.id }";

describe("one row written twice", () => {
  it.each([
    ["steps: { deleteMany: {} }", "steps: { create: req.body.steps }", ["non-atomic-multi-write medium"]],
    ["steps: { set: [] }", "steps: { connect: req.body.steps }", ["non-atomic-multi-write medium"]],
    ["name: req.body.name", "steps: { create: req.body.steps }", []],
    ["steps: { deleteMany: {} }", "name: req.body.name", []],
  ])("%s, then %s", async (first, second, rules) => {
    const update = (data: string): string => `prisma.recipe.update({ ${where}, data: { ${data} } })`;
    expect(await rulesFor(`await ${update(first)};\nawait ${update(second)};\nres.json({});`)).toEqual(rules);
    const chained = `await ${update(first)}.then(() => ${update(second)});\nres.json({});`;
    expect(await rulesFor(chained)).toEqual(rules);
  });
});

describe("a write in each callback", () => {
  const save = "await prisma.step.update({ where: { id: step.id }, data: { text: step.text } })";
  it.each([
    [`req.body.steps.map(async (step) => { ${save}; });`, 1],
    [`req.body.steps.forEach(async (step) => { ${save}; });`, 1],
    [`await Promise.all(req.body.steps.map(async (step) => { ${save}; }));`, 0],
    [`const all = req.body.steps.map(async (step) => { ${save}; });\nawait Promise.all(all);`, 0],
    [`// In the background.\nreq.body.steps.forEach(async (step) => { ${save}; });`, 0],
  ])("%s", async (statement, count) => {
    const rules = await rulesFor(`${statement}\nres.json({});`);
    expect(rules.filter((rule) => rule === "write-not-awaited high")).toHaveLength(count);
  });
});

describe("a row that is looked for and then inserted", () => {
  const byPhone =
    "const known = await prisma.guest.findFirst({ where: { phone: req.body.phone } });\nif (known) return res.json(known);";
  const byCard =
    "const own = await prisma.guest.findUnique({ where: { cardId: req.body.card } });\nif (own) return res.json(own);";
  const insert =
    "await prisma.guest.create({ data: { cardId: req.body.card, phone: req.body.phone } });\nres.json({});";
  it.each([
    [
      "by what may occur twice",
      `${byPhone}\n${insert.replace("cardId: req.body.card", "cardId: crypto.randomUUID()")}`,
      1,
    ],
    ["by a unique key of its own as well", `${byCard}\n${byPhone}\n${insert}`, 0],
  ])("%s", async (_, body, count) => {
    const rules = await rulesFor(body);
    expect(rules.filter((rule) => rule.startsWith("race-on-shared-row"))).toHaveLength(count);
  });
});

it("the services by which one person logs in are few", async () => {
  const list = "res.json(await prisma.oAuthAccount.findMany({ where: { userId: req.user.id } }));";
  expect(await rulesFor(list)).toEqual([]);
});
