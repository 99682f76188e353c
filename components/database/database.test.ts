/** The database component over its fixtures, what names say, fields of a graph, and what it says where it found nothing. */
import { waysTo } from "./reached.ts";
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import type { Model, Route } from "../../analyzers/model.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { statuses } from "../assess.ts";
import type { Finding } from "../finding.ts";
import { judge } from "../findings.ts";
import { testComponent } from "../testing/test-component.ts";
import { database } from "./index.ts";
import { nPlusOnes } from "./n-plus-one.ts";
import { isAside, isCoarse, isGrowing, isOwner, isShared, isShortPerOwner, isSmall, shownTable } from "./names.ts";
import { canFollow } from "./sequence.ts";

testComponent(database);

describe("what names say", () => {
  it.each<[name: string, says: (name: string) => boolean, yes: string, no: string]>([
    [
      "small",
      isSmall,
      "roles Category inventory_categories siteSettings plans countries tblStatuses masterCakeBase",
      "master_customers users user_roles userSettings orders posts addresses",
    ],
    [
      "growing",
      isGrowing,
      "users orderItems Posts messages activities usersTable AuditLog aiUsage",
      "roles zebras plans",
    ],
    [
      "aside",
      isAside,
      "audit_logs sessions refreshTokens LoginAttempts notifications analytics_events",
      "orders users profiles payments",
    ],
    ["an owner", isOwner, "user_id authorId owner team conversation tenantId", "status email title userCount idea"],
    [
      "shared",
      isShared,
      "credits stock countInStock seats_left balance likes walletBalance usesLeft",
      "name email rating slug",
    ],
    [
      "coarse",
      (column) => isCoarse(column, null),
      "status isActive role deleted order_status type hasAccess",
      "email userId slug title",
    ],
  ])("%s", (_, says, yes, no) => {
    expect(yes.split(" ").filter((name) => !says(name))).toEqual([]);
    expect(no.split(" ").filter(says)).toEqual([]);
  });

  it.each([
    ["order_items", "order_id", true],
    ["productImages", "productId", true],
    ["cart_items", "user_id", true],
    ["comments", "post_id", false],
    ["orders", "user_id", false],
  ])("%s of one %s stay few: %s", (table, owner, expected) => {
    expect(isShortPerOwner(table, owner)).toBe(expected);
  });
});

const manifest = JSON.stringify({
  name: "app",
  type: "module",
  scripts: { start: "node server.js", migrate: "node migrate.js" },
  dependencies: { express: "^5", pg: "^8" },
});
const head =
  'import express from "express";\nimport pg from "pg";\nconst app = express();\nconst pool = new pg.Pool({ connectionTimeoutMillis: 1 });\n';

async function modelOf(server: string, more: Record<string, string> = {}): Promise<Model> {
  return analyze(memoryRepo({ "package.json": manifest, "server.js": server, ...more }), { cacheFolder: null });
}

describe("canFollow", () => {
  it.each<[body: string, expected: boolean]>([
    ["first(); second();", true],
    ["second(); first();", false],
    ["if (a) { first(); } second();", true],
    ["if (a) { first(); return; } second();", false],
    ["if (a) { first(); } else { second(); }", false],
    ["if (a) first(); else if (b) second();", false],
    ["switch (a) { case 1: first(); break; case 2: second(); }", false],
    ["try { first(); } catch (e) { second(); }", false],
    ["try { first(); } catch (e) { log(e); } second();", true],
    ["for (const a of b) { if (a) { first(); continue; } second(); }", false],
  ])("%s", async (body, expected) => {
    const model = await modelOf(`export function f(a, b) { ${body} }`);
    const calls = model.summary("server.js")?.calls ?? [];
    const at = (name: string): number =>
      calls.findIndex(({ callee }) => callee.kind === "name" && callee.name === name);
    const [first, second] = [at("first"), at("second")].map((index) => model.call(`server.js#${index}`));
    expect(first != null && second != null && canFollow(first, second, model)).toBe(expected);
  });
});

describe("waysTo", () => {
  it.each([
    ["handed over", "(run) => { answer(run); }", "(() => pool.query('SELECT 1'))", "(() => pool.query('SELECT 2'))"],
    [
      "one of several things in an object",
      "({ run }) => { answer(run); }",
      "({ name: 'a', run: () => pool.query('SELECT 1') })",
      "({ name: 'b', run: () => pool.query('SELECT 2') })",
    ],
  ])("does not lead into somebody else's callback, %s", async (_, handle, first, second) => {
    const model = await modelOf(
      `${head}async function answer(run) { return run(); }\nconst handle = ${handle};\napp.get("/a", (req, res) => { handle${first}; });\napp.get("/b", (req, res) => { handle${second}; });\napp.listen(1);`,
    );
    const found = model.usesOfKind("database-read", "database-write").map(({ call }) => waysTo(call, model));
    expect(found.map((ways) => ways.map(({ entry }) => entry.label))).toEqual([["GET /a"], ["GET /b"]]);
  });
});

describe("fields of a graph", () => {
  const server = `${head}
export async function author(post) { return (await pool.query("SELECT * FROM users WHERE id = $1", [post.authorId])).rows[0]; }
export async function version() { return (await pool.query("SELECT version FROM app")).rows[0]; }`;

  /** The model as it is when a framework has found these resolvers. */
  function withFields(model: Model, fields: Record<string, string>): Model {
    const entries = model.functions("server.js").flatMap((fn) => {
      const path = Object.entries(fields).find(([, name]) => name === fn.name)?.[0];
      return path === undefined
        ? []
        : [{ kind: "route" as const, fn: fn.id, file: fn.file, line: fn.line, label: `QUERY ${path}`, routeId: path }];
    });
    const routes = entries.map(({ fn, file, line, routeId }): Route => {
      const handler = { fn, api: null, place: { file, line }, construction: null };
      return {
        id: routeId,
        method: "QUERY",
        via: "graphql",
        path: routeId,
        service: "app",
        framework: "apollo",
        file,
        line,
        middleware: [],
        handlers: [handler],
        registration: null,
      };
    });
    const reach: Model["reach"] = (call) =>
      entries
        .filter(({ fn }) => fn === call.fn)
        .map((entry) => ({ entry, path: [], calls: [call], detached: false, deferred: false, certainty: "proven" }));
    return { ...model, uses: model.uses, routes, entries, reach };
  }

  it.each<[path: string, name: string, lines: number[]]>([
    ["Post.author", "author", [6]],
    ["Query.author", "author", []],
    ["Post.version", "version", []],
  ])("%s, resolved by %s", async (path, name, lines) => {
    const model = withFields(await modelOf(server), { [path]: name });
    expect(nPlusOnes(model).map(({ line }) => line)).toEqual(lines);
  });
});

describe("the verdict where nothing was found", () => {
  it.each<[name: string, server: string, verdict: string, reason: RegExp]>([
    [
      "queries in order, but no migrations",
      `${head}app.get("/:id", async (req, res) => res.json((await pool.query("SELECT * FROM a WHERE id = $1", [req.params.id])).rows[0]));\napp.listen(1);`,
      "not_yet",
      /bounded/,
    ],
    [
      "a pool and no query",
      `${head}app.get("/", (_req, res) => res.end());\napp.listen(1);\npool.on("error", console.error);`,
      "unknown",
      /no query/,
    ],
    [
      "routes that cannot be read",
      `${head}app.use(container.get("x").getRouter());\nexport const all = () => pool.query("SELECT * FROM a");\napp.listen(1);`,
      "unknown",
      /could not be read/,
    ],
    [
      "queries that no request reaches",
      `${head}app.get("/", (_req, res) => res.end());\nexport const all = () => pool.query("SELECT * FROM a");\napp.listen(1);`,
      "unknown",
      /no request or job/,
    ],
    ["no database", 'import express from "express";\nexpress().listen(1);', "not_applicable", /Nothing here asks/],
  ])("%s", async (_, server, verdict, reason) => {
    const model = await modelOf(server);
    const [status] = statuses(model, judge(model, [database]), [database]);
    expect(status).toMatchObject({ verdict, reason: expect.stringMatching(reason) });
  });
});

describe("changes that hold", () => {
  const claims = `${head}
async function claim(key, tries) {
  try { await pool.query("INSERT INTO claims (key) VALUES ($1)", [key]); return true; } catch { /* taken */ }
  await pool.query("DELETE FROM claims WHERE key = $1", [key]);
  return claim(key, tries + 1);
}
app.post("/claim", async (req, res) => res.json(await claim(req.body.key, 1)));
app.listen(1);`;

  it("begins again where a function calls itself", async () => {
    const model = await modelOf(claims);
    expect(database.detect(model).filter(({ rule }) => rule === "database/non-atomic-multi-write")).toEqual([]);
  });

  const numbers = (lock: string, around: string): string => `import express from "express";
import { drizzle } from "drizzle-orm/node-postgres"; import { pgTable, integer } from "drizzle-orm/pg-core"; import { eq } from "drizzle-orm";
const app = express(); const db = drizzle(process.env.DATABASE_URL);
const counters = pgTable("counters", { id: integer("id").primaryKey(), nextNumber: integer("next_number") });
async function next(tx) {
  const [row] = await tx.select().from(counters).where(eq(counters.id, 1))${lock};
  await tx.update(counters).set({ nextNumber: row.nextNumber + 1 }).where(eq(counters.id, 1));
  return row.nextNumber;
}
app.post("/orders", async (req, res) => { res.json(${around}); });
app.listen(1);`;

  it.each([
    ["a row that the caller's transaction has locked", '.for("update")', "await db.transaction((tx) => next(tx))", 0],
    ["a row that is locked outside of one", '.for("update")', "await next(db)", 1],
    ["a row that nobody locks", "", "await db.transaction((tx) => next(tx))", 1],
  ])("%s", async (_, lock, around, count) => {
    const model = await modelOf(numbers(lock, around));
    expect(database.detect(model).filter(({ rule }) => rule === "database/race-on-shared-row")).toHaveLength(count);
  });
});

it.each([
  ["", "a table"],
  ["T", "a table"],
  ["TDocument", "a table"],
  ["Task", "`Task`"],
  ["users", "`users`"],
])("a table of which the code says %s is called %s", (table, shown) => {
  expect(shownTable(table, "a table")).toBe(shown);
});

it.each([
  ["providers that log in", "password: { type: String }", "medium"],
  ["the few ways to pay", "label: { type: String }", "low"],
])("takes a list of %s for what it is", async (_, field, confidence) => {
  const server = `import express from "express"; import mongoose from "mongoose"; const app = express();
const Provider = mongoose.model("Provider", new mongoose.Schema({ ${field} }));
const Visit = mongoose.model("Visit", new mongoose.Schema({ provider: { type: String, index: true } }));
app.get("/", async (req, res) => { const all = await Provider.find({}).limit(50); res.json(await Promise.all(all.map((each) => Visit.find({ provider: each.id }).limit(5)))); });
app.listen(1);`;
  const model = await modelOf(server);
  expect(nPlusOnes(model).map((match) => match.confidence)).toEqual([confidence]);
});

it.each([
  ["another query's", "await prisma.task.findMany({ take: 500 })", [["medium", "every row of `task`"]]],
  ["what was written out", '["open", "done"]', []],
])("a loop goes through %s list, whatever else all its rounds are given", async (_, list, said) => {
  const server = `import express from "express"; import { PrismaClient } from "@prisma/client"; const prisma = new PrismaClient(); const app = express();
async function teamOf(userId) {
  const memberships = await prisma.membership.findMany({ where: { userId } });
  for (const each of memberships) if (each.isCurrent) return each.teamId;
}
app.get("/board", async (req, res) => {
  const teamId = await teamOf(req.user.id);
  const found = [];
  for (const each of ${list}) found.push(await prisma.note.findFirst({ where: { teamId, about: each.id ?? each } }));
  res.json(found);
});
app.listen(1);`;
  const found = nPlusOnes(await modelOf(server));
  expect(found.map(({ confidence, message }) => [confidence, /for (every .*?):/.exec(message)?.[1]])).toEqual(said);
});

it.each([
  ["a row that is there or not", "if (bots > 0) return res.sendStatus(409);", 1],
  ["a number of rows that has a limit", "if (!req.user.isAdmin && bots >= 10) return res.sendStatus(403);", 0],
])("asks whether two requests insert at once for %s", async (_, test, count) => {
  const server = `import express from "express"; import mongoose from "mongoose"; const app = express();
const Bot = mongoose.model("Bot", new mongoose.Schema({ owner: { type: String, index: true }, name: String }));
app.post("/bots", async (req, res) => {
  const bots = await Bot.countDocuments({ owner: req.body.owner });
  ${test}
  res.json(await Bot.create({ owner: req.body.owner, name: req.body.name }));
});
app.listen(1);`;
  const found = database.detect(await modelOf(server));
  expect(found.filter(({ rule }) => rule === "database/race-on-shared-row")).toHaveLength(count);
});

/** What is said of the lists of an app on Express and Prisma. */
async function listsIn(files: Record<string, string>): Promise<Finding[]> {
  const manifest = JSON.stringify({
    name: "a",
    type: "module",
    scripts: { start: "node app.js" },
    dependencies: { express: "5", "@prisma/client": "6" },
  });
  const model = await analyze(memoryRepo({ "package.json": manifest, ...files }), { cacheFolder: null });
  return judge(model, [database]).findings.filter(({ rule }) => rule === "database/unpaginated-list");
}

describe("a list whose conditions the helper is handed", () => {
  const helper = "export const find = (where) => prisma.order.findMany({ where });";
  const spread = "export const find = (args) => prisma.order.findMany({ ...args, include: { lines: true } });";

  it.each([
    ["ids", helper, "find({ id: { in: ids } })", []],
    ["conditions that cannot be read", helper, "find(conditionsOf(req))", []],
    ["no condition to speak of", helper, "find({ paid: true })", ["medium"]],
    ["how many", spread, "find({ take: 20 })", []],
  ])("%s", async (_, exported, call, expected) => {
    const files = {
      "orders.js": `import { PrismaClient } from "@prisma/client";\nconst prisma = new PrismaClient();\n${exported}\n`,
      "app.js": `import express from "express";\nimport { find } from "./orders.js";\nconst app = express();\napp.get("/orders", async (req, res) => { const ids = String(req.query.ids).split(","); res.json(await ${call}); });\napp.listen(3000);\n`,
    };
    const found = await listsIn(files);
    expect(found.map(({ confidence }) => confidence)).toEqual(expected);
  });
});

it.each([
  [
    "settings under their names",
    "prisma.siteData.upsert({ where: { key }, update: { value }, create: { key, value } })",
    0,
  ],
  ["rows of requests", "prisma.siteData.create({ data: { key, value } })", 1],
])("a table of %s", async (_, write, count) => {
  const files = {
    "app.js": `import express from "express";\nimport { PrismaClient } from "@prisma/client";\nconst prisma = new PrismaClient();\nconst app = express();\napp.get("/site", async (req, res) => res.json(await prisma.siteData.findMany()));\napp.put("/site/:key", async (req, res) => { const { key } = req.params; const { value } = req.body; res.json(await ${write}); });\napp.listen(3000);\n`,
  };
  expect(await listsIn(files)).toHaveLength(count);
});

it.each([
  ['distinct: ["locationId"]', 0],
  ['distinct: ["id"]', 1],
])("rows that are told apart by %s", async (option, count) => {
  const files = {
    "app.js": `import express from "express";\nimport { PrismaClient } from "@prisma/client";\nconst prisma = new PrismaClient();\nconst app = express();\napp.get("/places", async (req, res) => res.json(await prisma.order.findMany({ ${option} })));\napp.listen(3000);\n`,
  };
  expect(await listsIn(files)).toHaveLength(count);
});
