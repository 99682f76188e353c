/** Monitoring: its fixtures, and which routes answer a probe. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { statuses } from "../assess.ts";
import { judge } from "../findings.ts";
import { testComponent } from "../testing/test-component.ts";
import { isHealthRoute } from "./health-route.ts";
import { monitoring } from "./index.ts";
import { isMeter } from "./metrics.ts";

testComponent(monitoring);

it.each([
  ["GET", "/livez", true],
  ["GET", "/api/v1/healthz", true],
  ["HEAD", "/health", true],
  ["ALL", "/_health", true],
  ["GET", "/*/health", true],
  ["GET", "/api/health/live", true],
  ["GET", "/health-check", true],
  ["GET", "/internal/healthcheck", true],
  ["GET", "/ping", true],
  ["GET", "/api/status", true],
  ["GET", "/admin/metrics/health", false],
  ["GET", "/api/admin/health", false],
  ["GET", "/metrics/health", false],
  ["POST", "/health", false],
  ["GET", "/orders/:id/status", false],
  ["GET", "/streams/live", false],
  ["GET", "/health/records", false],
  ["GET", "/users/:id/health", false],
  ["GET", "/healthy-recipes", false],
])("%s %s answers a probe: %s", (method, path, expected) => {
  expect(isHealthRoute({ method, path })).toBe(expected);
});

it.each<[name: string, root: string, files: Record<string, string>, expected: string[]]>([
  ["says that it runs", 'res.send("Bakery API is up and running")', {}, ["low"]],
  ["greets", 'res.send("Hello World!")', {}, ["high"]],
  ["runs after a look into the database", "count().then((n) => res.send(`running for ${n} users`))", {}, ["high"]],
  [
    "says that it runs, on Kubernetes",
    'res.send("Bakery API is up and running")',
    {
      "k8s/deployment.yaml":
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: bakery\nspec:\n  template:\n    spec:\n      containers:\n        - name: bakery\n          image: bakery\n",
    },
    ["high"],
  ],
  ["says that all is well", 'res.json({ status: "ok" })', {}, []],
])("a root address that %s", async (_, root, files, expected) => {
  const model = await analyze(
    memoryRepo({
      "package.json":
        '{ "name": "bakery", "scripts": { "start": "node app.js" }, "dependencies": { "express": "^5" } }',
      "app.js": `const express = require("express"); const { count } = require("./db"); const app = express();\napp.get("/", (req, res) => ${root});\napp.get("/cakes", (req, res) => res.json([]));\napp.listen(3000);\n`,
      "db.js":
        'const { Pool } = require("pg"); const pool = new Pool(); exports.count = () => pool.query("SELECT 1");\n',
      ...files,
    }),
    { cacheFolder: null },
  );
  const found = monitoring.detect(model).filter(({ rule }) => rule === "monitoring/no-health-endpoint");
  expect(found.map(({ confidence }) => confidence)).toEqual(expected);
  if (expected[0] !== "low") return;
  const [status] = statuses(model, judge(model, [monitoring]), [monitoring]);
  expect(status).toMatchObject({ verdict: "not_yet", reason: expect.stringContaining("says that it runs") });
});

it.each([
  ["prom-client", true],
  ["@opentelemetry/sdk-node", true],
  ["express-actuator", true],
  ["express", false],
  ["pino", false],
])("%s counts requests: %s", (name, expected) => {
  expect(isMeter(name)).toBe(expected);
});

it("says that it does not know where a server is there but no route could be read", async () => {
  const app = `
const express = require("express");
const { container } = require("./container");
const app = express();
app.use(container.get("router").getRouter());
app.listen(3000);
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
  expect(monitoring.whenQuiet(model)).toMatchObject({
    verdict: "unknown",
    reason: expect.stringContaining("A server is there (app.js:4)"),
  });
});

it.each([
  ["/", '{ service: "shop", status: "ok" }', 0],
  ["/", '{ hello: "world" }', 1],
  ["/orders", '{ status: "ok" }', 1],
])("GET %s with %s", async (path, answer, count) => {
  const files = {
    "package.json": JSON.stringify({ name: "a", scripts: { start: "node app.js" }, dependencies: { express: "5" } }),
    "app.js": `const app = require("express")();\napp.get("${path}", (req, res) => res.json(${answer}));\napp.listen(3000);\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(monitoring.detect(model).filter(({ rule }) => rule === "monitoring/no-health-endpoint")).toHaveLength(count);
});

const ten = [...Array(10).keys()];
const nest = (options: string, extra = "") => ({
  "main.ts": `import { NestFactory } from "@nestjs/core";\nimport { AppModule } from "./app.module";\nasync function start() {\n  const app = await NestFactory.create(AppModule${options});\n  ${extra}await app.listen(3000);\n}\nstart();\n`,
  "app.module.ts": `import { Controller, Get, Logger, Module } from "@nestjs/common";\n@Controller() class Home {\n  private readonly logger = new Logger("Home");\n${ten.map((n) => `  @Get("r${n}") r${n}() { this.logger.log("r${n}"); return []; }`).join("\n")}\n}\n@Module({ controllers: [Home] }) export class AppModule {}\n`,
});
const fastify = (options: string) => ({
  "main.ts": `import Fastify from "fastify";\nimport { options } from "./options";\nconst app = Fastify(${options});\n${ten.map((n) => `app.get("/r${n}", async () => []);`).join("\n")}\nawait app.listen({ port: 3000 });\n`,
  "options.ts": "export const options = JSON.parse(process.env.OPTIONS ?? '{}');\n",
});

it.each<[string, Record<string, string>, Record<string, string>, number]>([
  ["Fastify's is off", fastify(""), { fastify: "5" }, 1],
  ["Fastify's is on", fastify("{ logger: true }"), { fastify: "5" }, 0],
  ["Fastify's may be on", fastify("options"), { fastify: "5" }, 0],
  ["Nest's is for people", nest(""), { "@nestjs/core": "11", "@nestjs/common": "11" }, 1],
  ["Nest's is the app's own", nest(", { logger }"), { "@nestjs/core": "11", "@nestjs/common": "11" }, 0],
  ["Nest's is replaced", nest("", "app.useLogger(logger); "), { "@nestjs/core": "11", "@nestjs/common": "11" }, 0],
  ["Nest is older than what the recipe writes", nest(""), { "@nestjs/core": "10", "@nestjs/common": "10" }, 0],
])("a framework brings a log: %s", async (_, files, dependencies, count) => {
  const manifest = JSON.stringify({ name: "a", type: "module", scripts: { start: "node main.ts" }, dependencies });
  const model = await analyze(memoryRepo({ "package.json": manifest, ...files }), { cacheFolder: null });
  const rules = monitoring.detect(model).map(({ rule }) => rule);
  expect(rules.filter((rule) => rule === "monitoring/no-structured-logs")).toHaveLength(count);
});
