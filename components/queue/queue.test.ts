/** The queue component over its fixtures, and the edge cases of how a worker is started. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import type { Service } from "../../analyzers/model.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
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
