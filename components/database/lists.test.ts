/** Lists: answers in an envelope, tables that only the staff fills, and rows that are few for another reason. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { judge } from "../findings.ts";
import { database } from "./index.ts";

const next = JSON.stringify({
  name: "a",
  scripts: { start: "next start" },
  dependencies: { next: "15", "next-auth": "4", "@prisma/client": "6" },
});
const head = 'import { prisma } from "../../../lib/prisma"; import { answer } from "../../../lib/answer";\n';

/** The confidence of each finding of a rule, with its file. */
async function found(rule: string, files: Record<string, string>): Promise<string[]> {
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const { findings, hidden } = judge(model, [database]);
  return [...findings, ...hidden]
    .filter((each) => each.rule === `database/${rule}`)
    .map(({ confidence, file, line }) => `${confidence} ${file}:${line}`);
}

const envelope = (put: string): Record<string, string> => ({
  "package.json": next,
  "lib/prisma.ts":
    'import { PrismaClient } from "@prisma/client";\nexport const prisma = new PrismaClient({ log: ["error"] });\n',
  "lib/answer.ts": `export const answer = (status, data) => {\n  const body = { success: status < 400 };\n  ${put}\n  return Response.json({ body }, { status });\n};\n`,
  "app/api/orders/route.ts": `${head}export async function GET() {\n  const orders = await prisma.order.findMany();\n  return answer(200, orders);\n}\n`,
});

describe("an answer in an envelope", () => {
  it.each([
    ["body.data = data;", ["high app/api/orders/route.ts:3"]],
    ["body.message = 'done';", []],
  ])("that is filled by %s", async (put, expected) => {
    expect(await found("unpaginated-list", envelope(put))).toEqual(expected);
  });
});

const middleware = (role: string): string => `import { withAuth } from "next-auth/middleware";
const origins = ["https://cakes.example.com"];
export default withAuth(function middleware(req) {
  if (!origins.includes(req.headers.get("origin"))) return new Response(null, { status: 400 });
  if (req.nextUrl.pathname.startsWith("/api/kitchen") && ${role}) return Response.redirect(req.nextUrl.origin);
});
export const config = { matcher: ["/api/kitchen/:path*"] };
`;

describe("a table of cakes", () => {
  const cakes = (role: string): Record<string, string> => ({
    ...envelope("body.data = data;"),
    "middleware.ts": middleware(role),
    "app/api/orders/route.ts": `${head}export async function GET() {\n  return answer(200, await prisma.cake.findMany());\n}\n`,
    "app/api/kitchen/route.ts": `${head}export async function POST(req) {\n  const { name } = await req.json();\n  return answer(201, await prisma.cake.create({ data: { name } }));\n}\n`,
  });

  it.each([
    ["the staff", 'req.nextauth.token?.role !== "ADMIN"', ["low app/api/orders/route.ts:3"]],
    ["whoever is logged in", "!req.nextauth.token?.sub", ["medium app/api/orders/route.ts:3"]],
  ])("that %s fills", async (_, role, expected) => {
    expect(await found("unpaginated-list", cakes(role))).toEqual(expected);
  });
});

const express = (query: string, answer: string): Record<string, string> => ({
  "package.json": JSON.stringify({
    name: "a",
    type: "module",
    scripts: { start: "node app.js" },
    dependencies: { express: "5", "@prisma/client": "6" },
  }),
  "app.js": `import express from "express";\nimport { PrismaClient } from "@prisma/client";\nconst prisma = new PrismaClient();\nconst app = express();\napp.get("/sum", async (req, res) => {\n  const monthAgo = new Date(Date.now() - 2592e6);\n  const rows = await prisma.${query};\n  ${answer}\n});\napp.listen(3000);\n`,
});

describe("rows that are added up", () => {
  const sum = "res.json(rows.reduce((total, row) => total + row.amount, 0));";

  it.each([
    [
      "one shop's, between two days",
      "{ shopId: req.params.id, paidAt: { gte: req.query.from, lt: req.query.to } }",
      "low",
    ],
    ["one shop's, since a month", "{ shopId: req.params.id, paidAt: { gte: monthAgo } }", "low"],
    ["one shop's, ever", "{ shopId: req.params.id }", "medium"],
    ["all shops', since a month", "{ paidAt: { gte: monthAgo } }", "high"],
  ])("%s", async (_, where, confidence) => {
    const files = express(`payment.findMany({ where: ${where} })`, sum);
    expect(await found("aggregate-in-app", files)).toEqual([`${confidence} app.js:7`]);
  });
});

it.each([
  ["order", "high"],
  ["cartItem", "low"],
])("a quantity of an %s that two requests write", async (table, confidence) => {
  const files = express(
    `${table}.findFirst({ where: { id: req.query.id } })`,
    `res.json(await prisma.${table}.update({ where: { id: rows.id }, data: { quantity: rows.quantity + 1 } }));`,
  );
  expect(await found("race-on-shared-row", files)).toEqual([`${confidence} app.js:8`]);
});

it.each([
  ["settings, each under its key", "key String @id\n value String", []],
  ["rows of users", "id String @id\n key String\n value String", ["high app.js:7"]],
])("a table of %s", async (_, columns, expected) => {
  const files = express("property.findMany()", "res.json(rows);");
  const schema = `datasource db {\n provider = "postgresql"\n}\nmodel Property {\n ${columns}\n}\n`;
  const grown = files["app.js"]?.replace(
    "app.listen",
    `app.post("/p", async (req, res) => res.json(await prisma.property.create({ data: req.body })));\napp.listen`,
  );
  expect(await found("unpaginated-list", { ...files, "app.js": grown ?? "", "prisma/schema.prisma": schema })).toEqual(
    expected,
  );
});
