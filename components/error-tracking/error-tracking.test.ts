/** Error tracking: its fixtures, and what speaks of a tracker around the app. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { testComponent } from "../testing/test-component.ts";
import { errorTracking } from "./index.ts";
import { keptToItself } from "./kept-to-itself.ts";

testComponent(errorTracking);

it.each([
  ["a scrollbar", { ".env.example": "" }, { "tailwind-scrollbar": "^4.0.0" }, true],
  ["a setting that is commented out", { ".env.example": "PORT=3000\n# SENTRY_DSN=\n" }, {}, true],
  ["a setting", { ".env.example": "PORT=3000\nSENTRY_DSN=\n" }, {}, false],
])("%s around the app: nobody is told: %s", async (_, files, devDependencies, isUntold) => {
  const manifest = {
    name: "a",
    scripts: { start: "node app.js" },
    dependencies: { express: "^5.0.0" },
    devDependencies,
  };
  const app =
    'const express = require("express");\nconst app = express();\napp.get("/", (q, r) => r.json({}));\napp.listen(3000);\n';
  const repo = memoryRepo({ "package.json": JSON.stringify(manifest), "app.js": app, ...files });
  const model = await analyze(repo, { cacheFolder: null });
  const rules = errorTracking.detect(model).map(({ rule }) => rule);
  expect(rules.includes("error-tracking/no-error-tracking")).toBe(isUntold);
});

it.each([
  ["a server of its own", { start: "node server.js" }, { next: "15" }, 1],
  ["Next's own server", { start: "next start" }, { next: "15" }, 0],
])("a promise that nobody waits for in an app with %s", async (_, scripts, dependencies, count) => {
  const files = {
    "package.json": JSON.stringify({ name: "a", scripts, dependencies }),
    "server.js": 'require("next")({}).prepare();\n',
    "app/api/orders/route.ts":
      'export async function POST() {\n  notify();\n  return Response.json({});\n}\nasync function notify() {\n  await fetch("https://chat.example.com/post", { method: "POST" });\n}\n',
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const rules = errorTracking.detect(model).map(({ rule }) => rule);
  expect(rules.filter((rule) => rule === "error-tracking/no-unhandled-rejection-handler")).toHaveLength(count);
});

it.each([
  ["answers and says nothing", "res.status(500).json({});", 1],
  ["prints it", "console.error(error);\n    res.status(500).json({});", 0],
  ["hands it on", "next(error);", 0],
  ["blames the asker", "res.status(400).json({});", 0],
])("an error that a handler catches: %s", async (_, body, count) => {
  const files = {
    "package.json": JSON.stringify({ name: "a", scripts: { start: "node a.js" }, dependencies: { express: "5" } }),
    "a.js": `const app = require("express")();\napp.get("/", async (req, res, next) => {\n  try {\n    res.json(await load());\n  } catch (error) {\n    ${body}\n  }\n});\napp.listen(3000);\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const [service] = model.services;
  expect(service === undefined ? null : keptToItself(model, service)).toHaveLength(count);
});
