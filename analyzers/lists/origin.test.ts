/** Where the list of a loop comes from, and how long it can get. */
import { expect, it } from "vitest";
import { modelFrom } from "../link/testing/model-from.ts";
import { isBounded, isNarrowed, repeatedOver, type Repeated } from "./origin.ts";

const app = (body: string, more = "") => `import express from "express";
import pg from "pg";
import { PrismaClient } from "@prisma/client";
const db = new PrismaClient();
const pool = new pg.Pool();
const query = (text, values) => pool.query(text, values);
${more}
const app = express();
app.post("/x", async (req, res) => {
${body}
});
app.listen(3000);`;

const table = { kind: "table", isPart: false, isBounded: false, isNarrowed: false };

/** What is said of a list, the query itself aside. */
function said(origin: Repeated | null): object | null {
  if (origin?.kind !== "table") return origin;
  const { kind, isPart, query } = origin;
  return { kind, isPart, isBounded: isBounded(query), isNarrowed: isNarrowed(query) };
}

it.each<[string, object | null, string, string?]>([
  ["no loop", null, `await send(req.body.to);`],
  [
    "page after page of another service",
    { kind: "none" },
    `let after;\ndo { const page = await send({ after }); for (const item of page.items) console.log(item); after = page.next; } while (after);`,
  ],
  ["all rows", table, `const users = await db.user.findMany();\nfor (const user of users) await send(user.email);`],
  [
    "rows with a condition",
    { ...table, isNarrowed: true },
    `for (const user of await db.user.findMany({ where: { late: true } })) await send(user);`,
  ],
  [
    "rows with a limit",
    { ...table, isBounded: true },
    `const users = await db.user.findMany({ take: 20 });\nfor (const user of users) await send(user.email);`,
  ],
  [
    "SQL",
    table,
    `const { rows } = await pool.query("SELECT * FROM users");\nfor (const row of rows) await send(row.email);`,
  ],
  [
    "SQL with a limit",
    { ...table, isBounded: true },
    `const { rows } = await pool.query("SELECT * FROM users LIMIT 10");\nfor (const row of rows) await send(row.email);`,
  ],
  [
    "SQL through a helper",
    { ...table, isNarrowed: true },
    `const { rows } = await query("SELECT * FROM users WHERE late");\nfor (const row of rows) await send(row.email);`,
  ],
  [
    "filtered and mapped",
    table,
    `const users = await db.user.findMany();\nconst mails = users.filter((u) => u.ok).map((u) => u.email);\nfor (const mail of mails) await send(mail);`,
  ],
  [
    "collected first",
    table,
    `const users = await db.user.findMany();\nconst list = [];\nfor (const user of users) list.push(user.email);\nfor (const mail of list) await send(mail);`,
  ],
  [
    "what hangs on one row",
    { ...table, isPart: true, isNarrowed: true },
    `const order = await db.order.findMany({ where: { id: 1 } });\nfor (const line of order.lines) await send(line.id);`,
  ],
  [
    "what hangs on any row of a helper's caller",
    { ...table, isPart: true },
    `for (const order of await db.order.findMany()) await tell(order);`,
    `async function tell(order) { for (const line of order.lines) await send(line.id); }`,
  ],
  [
    "a row looked up for each of a few names",
    { kind: "unknown" },
    `const all = await Promise.all(names().map((name) => db.user.findFirst({ where: { name } })));\nfor (const user of all) await send(user.email);`,
    `import { names } from "names";`,
  ],
  [
    "texts that the caller sends in one",
    { kind: "request" },
    `for (const id of req.body.ids.split(",")) await send(id);`,
  ],
  ["what was found out about the caller", { kind: "unknown" }, `for (const team of req.user.teams) await send(team);`],
  [
    "the first rows",
    { kind: "constant" },
    `const users = await db.user.findMany();\nfor (const user of users.slice(0, 5)) await send(user.email);`,
  ],
  [
    "the request's body",
    { kind: "request" },
    `const { emails } = req.body;\nawait Promise.all(emails.map((email) => send(email)));`,
  ],
  [
    "the body, checked",
    { kind: "request" },
    `const { emails } = schema.parse(req.body);\nfor (const email of emails) await send(email);`,
  ],
  [
    "by index",
    { kind: "request" },
    `const list = req.body.list;\nfor (let i = 0; i < list.length; i++) { const item = list[i]; await send(item.id); }`,
  ],
  ["uploaded files", { kind: "file" }, `for (const file of req.files) await send(file.path);`],
  [
    "another service's answer",
    { kind: "outside" },
    `const answer = await fetch("https://a.example.com");\nconst list = await answer.json();\nfor (const item of list) await send(item);`,
  ],
  [
    "a page of another service's answer",
    { kind: "constant" },
    `const answer = await fetch("https://a.example.com", { pageSize: 5 });\nfor (const item of await answer.json()) await send(item);`,
  ],
  ["a few constants", { kind: "constant" }, `for (const to of ["a", "b"]) await send(to);`],
  ["tries", { kind: "none" }, `for (let i = 0; i < 3; i++) await send("a");`],
  ["pages", { kind: "none" }, `while (true) { await send("a"); }`],
  [
    "a parameter",
    { kind: "request" },
    `await all(req.body.ids);`,
    `async function all(ids) { for (const id of ids) await send(id); }`,
  ],
])("%s", (_, expected, body, more = "") => {
  const model = modelFrom({ "app.js": app(body, more) });
  const calls = model.summary("app.js")?.calls ?? [];
  const index = calls.findLastIndex(({ callee }) => callee.kind === "name" && callee.name === "send");
  const call = model.call(`app.js#${index}`);
  const origin = call === null ? null : said(repeatedOver(call, model));
  expect({ origin }).toMatchObject({ origin: expected });
});
