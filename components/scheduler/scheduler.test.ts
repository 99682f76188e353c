/** The scheduler component over its fixtures, how often expressions come due, and what it says about apps in different states. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { statuses } from "../assess.ts";
import { judge } from "../findings.ts";
import { stepOf } from "../plan.ts";
import { testComponent } from "../testing/test-component.ts";
import { scheduler } from "./index.ts";
import { experiments } from "./experiments.ts";
import { secondsOfCron } from "./schedules.ts";
import { beatOf } from "./tick-seconds.ts";

testComponent(scheduler);

const serve = 'const app = require("express")();\napp.get("/", (req, res) => res.end());\napp.listen(3000);\n';
const manifest = (more: Record<string, unknown> = {}) =>
  JSON.stringify({
    name: "app",
    scripts: { start: "node server.js" },
    dependencies: { express: "4", "node-cron": "4", bullmq: "5" },
    ...more,
  });

describe("secondsOfCron", () => {
  it.each<[string, number | null]>([
    ["* * * * *", 60],
    ["*/5 * * * *", 300],
    ["*/30 * * * * *", 30],
    ["0 */2 * * *", 7200],
    ["0 * * * *", 3600],
    ["0,30 * * * *", 1800],
    ["0 9 * * 1-5", 86_400],
    ["0 0 1 * *", 86_400],
    ["@hourly", 3600],
    ["every day", null],
  ])("%s", (text, seconds) => {
    expect(secondsOfCron(text)).toBe(seconds);
  });
});

describe("beatOf", () => {
  it.each<[string, number | "odd" | null]>([
    ["*/5 * * * *", 60],
    ["0 */5 * * * *", 60],
    ["*/10 * * * * *", 10],
    ["* * * * * *", 1],
    ["*/7 * * * * *", "odd"],
    ["30 0 9 * * *", "odd"],
    ["@daily", 60],
    ["0 9 * * MON-FRI", 60],
    ["every day at nine", null],
  ])("%s", (text, seconds) => {
    expect(beatOf(text)).toBe(seconds);
  });
});

it.each<[string, string, object]>([
  ["mails every ten seconds", 'cron.schedule("*/10 * * * * *", send);', { repeatsWithinSeconds: 6, settleSeconds: 15 }],
  [
    "mails once a day",
    'cron.schedule("0 9 * * *", send);',
    { cannot: expect.stringContaining("does not turn the clock") },
  ],
  [
    "writes rows alone",
    'cron.schedule("* * * * *", note);',
    { cannot: expect.stringContaining("whose rows the lab does not read") },
  ],
])("a tick of a schedule that %s is driven or not", async (_, schedule, expected) => {
  const files = (wrapped: string): Record<string, string> => ({
    "package.json": manifest({ dependencies: { express: "4", "node-cron": "4", nodemailer: "7", pg: "8" } }),
    "db.js":
      'const { Pool } = require("pg");\nexports.pool = new Pool({ connectionString: process.env.DATABASE_URL });',
    "server.js": `${serve}
const cron = require("node-cron");
const { pool } = require("./db");
const mailer = require("nodemailer").createTransport({});
const send = () => mailer.sendMail({ to: "a@example.com" });
const note = () => pool.query("INSERT INTO notes (text) VALUES ($1)", ["x"]);
const claimTick = async () => true;
const guarded = (run) => async () => { if (await claimTick()) await run(); };
${wrapped}`,
  });
  const modelOf = (text: string) => analyze(memoryRepo(files(text)), { cacheFolder: null });
  const before = await modelOf(schedule);
  const after = await modelOf(schedule.replace(/(send|note)\)/, "guarded($1))"));
  const design = experiments[0]?.design({ before, after, scenarios: [] });
  expect(design).toMatchObject(expected);
});

it.each<[string, Record<string, string>, string, string]>([
  ["nothing", { "server.js": "console.log(1);" }, "absent", "not_applicable"],
  ["a server without a schedule", { "server.js": serve }, "absent", "not_yet"],
  [
    "a timer that tidies memory",
    { "server.js": `${serve}const seen = new Map();\nsetInterval(() => seen.clear(), 1000);` },
    "present",
    "not_yet",
  ],
  [
    "a schedule that nothing is seen to take on",
    {
      "server.js": `${serve}class Jobs { static get all() { return new Jobs(); } constructor() { require("node-cron").schedule("0 3 * * *", () => {}); } }\nJobs.all;`,
    },
    "present",
    "unknown",
  ],
  [
    "the host's cron",
    { "server.js": serve, "vercel.json": '{ "crons": [{ "path": "/api/x", "schedule": "0 0 * * *" }] }' },
    "in_effect",
    "in_place",
  ],
  [
    "a queue that keeps the schedule",
    {
      "server.js": `${serve}const { Queue } = require("bullmq");\nnew Queue("x").upsertJobScheduler("daily", { pattern: "0 3 * * *" });`,
    },
    "in_effect",
    "in_place",
  ],
  [
    "a process of its own",
    {
      "package.json": manifest({ scripts: { start: "node server.js", scheduler: "node clock.js" } }),
      "server.js": serve,
      "clock.js": 'require("node-cron").schedule("0 3 * * *", () => require("fs").writeFileSync("a", "b"));',
    },
    "in_effect",
    "in_place",
  ],
])("%s", async (_, files, status, verdict) => {
  const model = await analyze(memoryRepo({ "package.json": manifest(), ...files }), { cacheFolder: null });
  const [found] = statuses(model, judge(model, [scheduler]), [scheduler]);
  expect(found).toMatchObject({ status, verdict });
});

it.each<[string, string, string]>([
  ["is stored once per copy", "{ removeOnComplete: true }", "medium"],
  ["has an id of its own, and is stored once", "{ jobId: `digest-${day}` }", "low"],
  ["may have one", "options", "low"],
])("a job that a schedule stores %s", async (_, options, confidence) => {
  const server = `${serve}
const { Queue } = require("bullmq");
const { day, options } = require("./settings");
const digests = new Queue("digests");
require("node-cron").schedule("0 3 * * *", async () => { await digests.add("digest", { day }, ${options}); });`;
  const files = { "package.json": manifest(), "server.js": server };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(scheduler.detect(model).map((match) => `${match.rule} ${match.confidence}`)).toEqual([
    `scheduler/unguarded-cron ${confidence}`,
  ]);
});

it.each([
  [
    "scripts that call scripts",
    {
      "package.json": {
        scripts: { start: "npm run ready && node server.js", ready: "npm run tables", tables: "prisma db push" },
      },
    },
    { "server.js": serve },
    ["package.json"],
  ],
  [
    "an image whose Dockerfile lies elsewhere, by the script that it starts",
    { "package.json": { workspaces: ["apps/*"] }, "apps/till/package.json": { scripts: { start: "node server.js" } } },
    {
      "apps/till/server.js": serve,
      "docker/Dockerfile": 'FROM node:22\nCOPY . .\nCMD ["sh", "docker/start.sh"]\n',
      "docker/start.sh": "npx prisma migrate deploy\nexec node apps/till/server.js\n",
    },
    ["docker/start.sh"],
  ],
  [
    "not in a script for developers",
    { "package.json": { scripts: { start: "node server.js" } } },
    {
      "server.js": serve,
      "docker/Dockerfile": 'FROM node:22\nCOPY . .\nCMD ["sh", "docker/start.sh"]\n',
      "docker/start.sh": "npx prisma migrate dev\nnpm run dev\n",
    },
    [],
  ],
])("finds what changes tables at the start: %s", async (_, manifests, files, expected) => {
  const own = Object.entries(manifests).map(([file, more]) => [
    file,
    JSON.stringify({ name: file, dependencies: { express: "5" }, ...more }),
  ]);
  const model = await analyze(memoryRepo({ ...Object.fromEntries(own), ...files }), { cacheFolder: null });
  const found = scheduler.detect(model).filter(({ rule }) => rule === "scheduler/migrate-or-seed-on-boot");
  expect(found.map(({ file }) => file)).toEqual(expected);
});

it("puts the claim around the job and the option behind both", async () => {
  const job = 'cron.schedule("* * * * *", () => notify().catch(console.error));';
  const notify =
    'async function notify() {\n  const { rows } = await pool.query("select id, url from hooks");\n  for (const row of rows) await fetch(row.url, { method: "POST" });\n}\n';
  const files = {
    "package.json": JSON.stringify({
      name: "hooks",
      type: "module",
      scripts: { start: "node server.js" },
      dependencies: { express: "5", pg: "8", "node-cron": "^4.2.1" },
    }),
    "ecosystem.config.cjs": 'module.exports = { apps: [{ script: "server.js", instances: 4 }] };',
    "db.js": 'import pg from "pg";\nexport const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });\n',
    "server.js": `import cron from "node-cron";\nimport express from "express";\nimport { pool } from "./db.js";\n\n${notify}\n${job}\nconst app = express();\napp.get("/", (req, res) => res.end());\napp.listen(3000);\n`,
  };
  const { after } = stepOf(scheduler, "", await analyze(memoryRepo(files), { cacheFolder: null }));
  expect(after?.read("server.js")).toContain(
    'cron.schedule("* * * * *", oncePerTick("notify", 60, () => notify().catch(console.error)), { noOverlap: true });',
  );
});
