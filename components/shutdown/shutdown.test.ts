/** The shutdown component on its fixtures. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { testComponent } from "../testing/test-component.ts";
import { shutdown } from "./index.ts";
import { listenings } from "./listening.ts";

testComponent(shutdown);

it("says that it does not know where a server is there but no route could be read", async () => {
  const app = `
const express = require("express");
const { container } = require("./container");
const app = express();
app.use(container.get("router").getRouter());
module.exports = app;
`;
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node app.js" },
      dependencies: { express: "^5.0.0" },
    }),
    "app.js": app,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(shutdown.whenQuiet(model)).toMatchObject({
    verdict: "unknown",
    reason: expect.stringContaining("A server is there (app.js:4)"),
  });
});

it.each<[name: string, files: Record<string, string>, found: boolean]>([
  [
    "only implements Nest's interface",
    {
      "cache.ts":
        'import { Injectable, OnApplicationShutdown } from "@nestjs/common";\n@Injectable() export class Cache implements OnApplicationShutdown { onApplicationShutdown() {} }\n',
    },
    true,
  ],
  [
    "hears the signal only to close a browser",
    {
      "cache.ts":
        'import puppeteer from "puppeteer";\nexport class Cache { private browser: puppeteer.Browser | null = null; async open() { this.browser = await puppeteer.launch(); process.on("SIGTERM", () => void this.browser?.close()); } }\n',
    },
    true,
  ],
  [
    "hears it and ends the process",
    {
      "cache.ts":
        'export class Cache {}\nprocess.on("SIGTERM", () => { console.log("bye"); setTimeout(() => process.exit(0), 5000); });\n',
    },
    false,
  ],
])("an app that %s", async (_, files, found) => {
  const dependencies = { "@nestjs/core": "11", "@nestjs/common": "11", puppeteer: "24" };
  const main =
    'import { NestFactory } from "@nestjs/core";\nimport { Controller, Get } from "@nestjs/common";\nimport { Cache } from "./cache";\n@Controller() class Home { @Get() home() { return new Cache(); } }\nNestFactory.create(Home).then((app) => app.listen(3000));\n';
  const manifest = JSON.stringify({ name: "a", scripts: { start: "node main.ts" }, dependencies });
  const model = await analyze(memoryRepo({ "package.json": manifest, "main.ts": main, ...files }), {
    cacheFolder: null,
  });
  expect(shutdown.detect(model).some(({ rule }) => rule === "shutdown/no-graceful-shutdown")).toBe(found);
});

const hono =
  'import { serve } from "@hono/node-server";\nimport { Hono } from "hono";\nconst app = new Hono();\napp.get("/hours", (c) => c.text("9 to 5"));\nserve({ fetch: app.fetch, port: 3001 });\n';
const page = "export default function Page() { return null; }\n";

it.each<[name: string, files: Record<string, string>, found: string[]]>([
  [
    "an API that is served beside Next's pages",
    {
      "package.json": JSON.stringify({
        name: "a",
        scripts: { start: "next start" },
        dependencies: { next: "15", hono: "4", "@hono/node-server": "1" },
      }),
      "app/page.tsx": page,
      "instrumentation.ts": 'export async function register() { await import("./src/live"); }\n',
      "src/live.ts": hono,
    },
    ["src/live.ts"],
  ],
  [
    "an API in a package that the root's script starts",
    {
      "package.json": JSON.stringify({
        name: "root",
        private: true,
        workspaces: ["apps/*", "packages/*"],
        scripts: { start: "bun run packages/api/src/serve.ts" },
        dependencies: { next: "15" },
      }),
      "packages/api/package.json": JSON.stringify({
        name: "api",
        dependencies: { hono: "4", "@hono/node-server": "1" },
      }),
      "packages/api/src/serve.ts": hono,
      "apps/web/package.json": JSON.stringify({
        name: "web",
        scripts: { start: "next start" },
        dependencies: { next: "15" },
      }),
      "apps/web/app/page.tsx": page,
    },
    ["packages/api/src/serve.ts"],
  ],
])("sees %s", async (_name, files, found) => {
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(shutdown.detect(model).map(({ file }) => file)).toEqual(found);
});

it("takes words in colour for words: a handler that prints them and leaves is gone at once", async () => {
  const files = {
    "package.json": JSON.stringify({ name: "a", scripts: { start: "node a.js" }, dependencies: { express: "5" } }),
    "a.js":
      'import express from "express";\nimport { say } from "./say.js";\nconst app = express();\napp.get("/", (req, res) => res.json([]));\napp.listen(3000);\nprocess.on("SIGTERM", () => {\n  say("stopping");\n  process.exit(0);\n});\n',
    "say.js":
      'import { color } from "console-log-colors";\nexport const say = (text) => console.log(color.yellow.bold(text));\n',
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(shutdown.detect(model).map(({ rule, line }) => `${rule}:${line}`)).toEqual(["shutdown/incomplete-shutdown:6"]);
});

it("leaves a server out that holds no process open", async () => {
  const files = {
    "package.json": JSON.stringify({ name: "a", scripts: { start: "node a.js" }, dependencies: { express: "5" } }),
    "a.js":
      'require("./metrics");\nconst app = require("express")();\napp.get("/", (req, res) => res.json({}));\napp.listen(3000);\n',
    "metrics.js": 'require("node:http").createServer((req, res) => res.end("up 1")).listen(9464).unref();\n',
  };
  const [listening] = listenings(await analyze(memoryRepo(files), { cacheFolder: null }));
  expect(listening).toMatchObject({ listen: { call: { file: "a.js" } }, others: [] });
});
