/** The queue component over its fixtures, and the edge cases of how a worker is started. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import type { Service } from "../../analyzers/model.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { judge } from "../findings.ts";
import { stepOf } from "../plan.ts";
import { testComponent } from "../testing/test-component.ts";
import { queue } from "./index.ts";
import { workerScript } from "./worker-process.ts";

testComponent(queue);

const plain: Service = {
  name: "app",
  root: ".",
  language: "typescript",
  modules: "esm",
  frameworks: [],
  packageManager: "npm",
  lockfile: null,
  entry: ["src/index.ts"],
  scripts: {},
  start: "node dist/index.js",
  build: "tsc",
  outDir: "dist",
  port: { value: null, source: "", place: null },
  nodeVersion: null,
  dependencies: {},
  devDependencies: {},
  env: [],
  backing: [],
  processes: [],
};

const repo = memoryRepo({
  "ecosystem.config.js": "module.exports = { apps: [{ name: 'api', script: './dist/index.js' }] };",
});

describe("workerScript", () => {
  it.each<[string, Partial<Service>, { command: string; build?: string }]>([
    ["compiled", {}, { command: "node dist/queue/worker.js" }],
    [
      "compiled with the source folder inside",
      { start: "node ./dist/src/index.js" },
      { command: "node ./dist/src/queue/worker.js" },
    ],
    ["run as it is", { start: "tsx src/index.ts", build: null }, { command: "tsx src/queue/worker.ts" }],
    [
      "with options",
      { start: "node --env-file=.env --enable-source-maps dist/index.js" },
      { command: "node --env-file=.env --enable-source-maps dist/queue/worker.js" },
    ],
    ["after a migration", { start: "npm run migrate && node dist/index.js" }, { command: "node dist/queue/worker.js" }],
    [
      "plain JavaScript at the root",
      { entry: ["server.js"], start: "node server.js", build: null },
      { command: "node queue/worker.js" },
    ],
    [
      "started from bin",
      { entry: ["bin/www.js"], start: "node ./bin/www", build: null },
      { command: "node ./queue/worker" },
    ],
    [
      "kept by pm2",
      { start: "npm run build && pm2 start ecosystem.config.js" },
      { command: "node ./dist/queue/worker.js" },
    ],
    ["started by pm2", { start: "pm2-runtime dist/index.js" }, { command: "node dist/queue/worker.js" }],
    ["without a start script", { entry: ["app.js"], start: null, build: null }, { command: "node queue/worker.js" }],
    [
      "bundled by esbuild into a folder",
      { entry: ["server/index.ts"], build: "vite build && esbuild server/index.ts --bundle --outdir=dist" },
      {
        command: "node dist/queue/worker.js",
        build: "vite build && esbuild server/index.ts server/queue/worker.ts --bundle --outdir=dist",
      },
    ],
  ])("%s", (_, own, expected) => {
    const { command, build } = { command: "", build: null, ...workerScript({ ...plain, ...own }, repo) };
    expect({ command, build }).toEqual({ build: null, ...expected });
  });

  it.each<[string, Partial<Service>, RegExp]>([
    ["the name is taken", { scripts: { worker: "node x.js" } }, /taken/],
    ["one bundle", { build: "esbuild src/index.ts --bundle --outfile=dist/index.js" }, /esbuild bundles/],
    ["a framework's own start", { start: "nest start" }, /does not name/],
    ["no entry", { entry: [] }, /no file is known/],
  ])("says why not: %s", (_, own, reason) => {
    expect(workerScript({ ...plain, ...own }, repo)).toMatchObject({ obstacle: expect.stringMatching(reason) });
  });
});

describe("one matter", () => {
  const serve = (body: string): string =>
    `const express = require("express");\nconst app = express();\n${body}\napp.listen(3000);\n`;
  const manifestOf = (dependencies: Record<string, string>): string =>
    JSON.stringify({ name: "a", scripts: { start: "node app.js" }, dependencies: { express: "5", ...dependencies } });

  it("is what several requests let go of in the same way", async () => {
    const app = serve(`async function purge() { await fetch("https://cdn.example.com/purge", { method: "POST" }); }
app.post("/a", (req, res) => { purge(); res.json({}); });
app.post("/b", (req, res) => { purge(); res.json({}); });`);
    const model = await analyze(memoryRepo({ "package.json": manifestOf({}), "app.js": app }), { cacheFolder: null });
    const found = queue.detect(model).filter(({ rule }) => rule === "queue/detached-background-work");
    expect(found.map(({ line, also, routes }) => ({ line, also: also.map((at) => at.line), routes }))).toEqual([
      { line: 4, also: [5, 3], routes: ["POST /a", "POST /b"] },
    ]);
  });

  it.each([
    ["is let go", "return Response.json({})", 1],
    ["is written into the answer's stream", "return new Response(stream.readable)", 0],
  ])("%s", async (_, answer, count) => {
    const route = `export async function POST(request) {
  ${count === 0 ? "const stream = new TransformStream(); const writer = stream.writable.getWriter();" : ""}
  fetch("https://builds.example.com/start", { method: "POST" }).then(${count === 0 ? "() => writer.close()" : "console.log"});
  ${answer};
}`;
    const files = { "package.json": manifestOf({ next: "16" }), "app/api/builds/route.ts": route };
    const model = await analyze(memoryRepo(files), { cacheFolder: null });
    expect(queue.detect(model).filter(({ rule }) => rule === "queue/detached-background-work")).toHaveLength(count);
  });

  it("is a drawing, however many functions of a file take part in it", async () => {
    const app = serve(`const { createCanvas, loadImage } = require("canvas");
async function head(url) { return loadImage(url); }
async function card(url) { const canvas = createCanvas(9, 9); await head(url); return canvas; }
app.get("/card", async (req, res) => { res.json(await card(req.query.url)); });`);
    const files = { "package.json": manifestOf({ canvas: "3" }), "app.js": app };
    const model = await analyze(memoryRepo(files), { cacheFolder: null });
    expect(queue.detect(model).filter(({ rule }) => rule === "queue/image-processing-in-request")).toHaveLength(1);
  });
});

describe("what is let go", () => {
  const head =
    'const express = require("express");\nconst nodemailer = require("nodemailer");\nconst app = express();\nconst mails = nodemailer.createTransport({ host: "mail" });\n';
  const manifest = JSON.stringify({
    name: "a",
    scripts: { start: "node app.js" },
    dependencies: { express: "5", nodemailer: "7" },
  });
  const mail = 'mails.sendMail({ to: req.body.to, text: "Hello" })';

  it.each([
    ["a mail", `${mail};`, ["warning high"]],
    [
      "a mail, as a comment says on purpose",
      `// Fire and forget: the order must not wait\n  if (req.body.to) {\n    ${mail}.catch(console.error);\n  }`,
      ["note high"],
    ],
    ["a mail, under a comment about something else", `// The buyer gets a receipt\n  ${mail};`, ["warning high"]],
    [
      "a call of a statistics service",
      'fetch("https://eu.posthog.com/capture", { method: "POST", body: req.body.name });',
      ["warning low"],
    ],
    [
      "a call of a partner",
      'fetch("https://partner.example.com/orders", { method: "POST", body: req.body.name });',
      ["warning high"],
    ],
  ])("%s", async (_, work, expected) => {
    const app = `${head}app.post("/orders", (req, res) => {\n  ${work}\n  res.json({});\n});\napp.listen(3000);\n`;
    const model = await analyze(memoryRepo({ "package.json": manifest, "app.js": app }), { cacheFolder: null });
    const { findings, hidden } = judge(model, [queue]);
    const found = [...findings, ...hidden].filter(({ rule }) => rule === "queue/detached-background-work");
    expect(found.map(({ severity, confidence }) => `${severity} ${confidence}`)).toEqual(expected);
  });

  it.each([
    ["1000", 0],
    ["210000", 1],
  ])("a hash of %s rounds stops others: %s", async (rounds, count) => {
    const app = `${head}const { pbkdf2Sync } = require("crypto");\napp.post("/login", (req, res) => {\n  res.json(pbkdf2Sync(req.body.password, "salt", ${rounds}, 64, "sha512"));\n});\napp.listen(3000);\n`;
    const model = await analyze(memoryRepo({ "package.json": manifest, "app.js": app }), { cacheFolder: null });
    expect(queue.detect(model).filter(({ rule }) => rule === "queue/heavy-cpu-in-request")).toHaveLength(count);
  });
});

it("moves what a handler loads on its way further in, or nothing at all", async () => {
  const files = {
    "package.json": JSON.stringify({
      name: "contracts",
      scripts: { start: "node server.js" },
      dependencies: { express: "5", pg: "8", nodemailer: "7" },
    }),
    "notify.js":
      'const transport = require("nodemailer").createTransport({ host: process.env.SMTP_HOST });\nexports.notify = async (to) => {\n  await transport.sendMail({ to, subject: "Signed" });\n};\n',
    "server.js":
      'const express = require("express");\nconst { Pool } = require("pg");\nconst pool = new Pool({ connectionString: process.env.DATABASE_URL });\nconst app = express();\napp.post("/contracts", async (req, res) => {\n  await pool.query("insert into contracts (email) values ($1)", [req.body.email]);\n  setImmediate(async () => {\n    try {\n      const { notify } = require("./notify");\n      await notify(req.body.email);\n    } catch (error) {\n      console.error(error);\n    }\n  });\n  res.status(201).end();\n});\napp.listen(3000);\n',
  };
  const { step } = stepOf(queue, "", await analyze(memoryRepo(files), { cacheFolder: null }));
  expect(step.findings.map(({ rule }) => rule)).toContain("queue/detached-background-work");
  const jobs = step.outcome.kind === "patch" ? step.outcome.patch.diff : "const jobs = {\n+  notify";
  expect(jobs).toMatch(/const jobs.* = \{\n\+ {2}["\w]/);
});
