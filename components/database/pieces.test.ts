/** Conditions that a request may give or not: what they mean for indexes and for lists. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { judge } from "../findings.ts";
import { database } from "./index.ts";

const schema = `datasource db { provider = "postgresql" url = env("DATABASE_URL") }
generator client { provider = "prisma-client-js" }
model Shop {
  id Int @id
  bills Bill[]
}
model Kind {
  id Int @id
  bills Bill[]
}
model Bill {
  id Int @id
  sticky Boolean
  shopId Int
  terms Json
  shop Shop @relation(fields: [shopId], references: [id])
  kindId Int
  kind Kind @relation(fields: [kindId], references: [id])
}
`;

async function found(path: string, body: string): Promise<string[]> {
  const files = {
    "package.json": JSON.stringify({
      name: "baker",
      scripts: { start: "node src/index.js" },
      dependencies: { express: "5", "@prisma/client": "6" },
    }),
    "prisma/schema.prisma": schema,
    "prisma/migrations/1_init/migration.sql": "SELECT 1;",
    "src/index.js": `const express = require("express"); const { PrismaClient } = require("@prisma/client");
const prisma = new PrismaClient(); const app = express(); app.use(express.json());
app.post("/bills", async (req, res) => { res.json(await prisma.bill.create({ data: req.body })); });
app.get("${path}", async (req, res) => {
${body}
});
app.listen(3000);`,
  };
  const { findings, hidden } = judge(await analyze(memoryRepo(files), { cacheFolder: null }), [database]);
  return [...findings, ...hidden]
    .filter(({ rule }) => /missing-index|unpaginated-list/.test(rule))
    .map(({ rule, confidence, line }) => `${confidence} ${rule.replace("database/", "")}:${line}`)
    .toSorted();
}

const ask = "res.json(await prisma.bill.findMany({ where }));";

it.each([
  [
    "a key that points to a row",
    `const where = {}; if (req.query.shop) where.shopId = Number(req.query.shop);\n${ask}`,
    ["medium missing-index:14", "medium unpaginated-list:6"],
  ],
  [
    "a key that points to a table of kinds",
    `const where = {}; if (req.query.kind) where.kindId = Number(req.query.kind);\n${ask}`,
    ["medium unpaginated-list:6"],
  ],
  [
    "a list of ids",
    `const where = {}; if (req.query.ids) where.id = { in: req.query.ids };\n${ask}`,
    ["medium unpaginated-list:6"],
  ],
  [
    "nothing, or one of two",
    `const where = req.query.all ? {} : { shopId: Number(req.query.shop) };\n${ask}`,
    ["medium missing-index:14", "medium unpaginated-list:6"],
  ],
  ["what always holds", `const where = {}; where.id = { in: req.query.ids };\n${ask}`, []],
  ["what has parts of its own", `const where = { terms: req.body.terms };\n${ask}`, ["high unpaginated-list:6"]],
  ["what somebody picks", `const where = { sticky: true };\n${ask}`, ["low unpaginated-list:6"]],
])("%s", async (_, body, expected) => {
  expect(await found("/bills", body)).toEqual(expected);
});

it.each([
  ["/shops/:shopId", ["high missing-index:14", "low unpaginated-list:6"]],
  ["/bills/:shopId", ["high missing-index:14", "medium unpaginated-list:6"]],
])("rows of the one that %s names", async (path, expected) => {
  expect(await found(path, `const where = { shopId: Number(req.params.shopId) };\n${ask}`)).toEqual(expected);
});
