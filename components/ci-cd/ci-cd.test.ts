/** CI/CD: its fixtures, and which checks are found in an app. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { testComponent } from "../testing/test-component.ts";
import { detect, presence } from "./detect.ts";
import { ciCd } from "./index.ts";
import { stepsOf } from "./steps.ts";
import { unitsOf } from "./units.ts";

testComponent(ciCd);

const server = 'require("express")().listen(3000);\n';

it.each([
  [
    "a watcher is not a test",
    { test: "jest --watch" },
    {},
    ["npm install", "git ls-files '*.js' '*.mjs' '*.cjs' | xargs -n 1 node --check"],
  ],
  ["a runner told not to watch is one", { test: "jest --watch=false" }, {}, ["npm install", "npm test"]],
  [
    "a build by tsc checks the types",
    { build: "tsc -p ." },
    { typescript: "^5.0.0" },
    ["npm install", "npm run build"],
  ],
  [
    "a type check that no script runs today is none",
    { build: "esbuild x" },
    { typescript: "^5.0.0" },
    ["npm install", "npm run build"],
  ],
  [
    "a types script comes first",
    { "type-check": "tsc --noEmit", test: "vitest" },
    {},
    ["npm install", "npm run type-check", "npm test"],
  ],
  [
    "Prisma's client is generated",
    { test: "vitest" },
    { prisma: "^6.0.0" },
    ["npm install", "npx prisma generate", "npm test"],
  ],
])("%s", async (_name, scripts, devDependencies, expected) => {
  const manifest = { name: "a", scripts: { start: "node index.js", ...scripts }, devDependencies };
  const model = await analyze(
    memoryRepo({ "package.json": JSON.stringify(manifest), "tsconfig.json": "{}", "index.js": server }),
    { cacheFolder: null },
  );
  const [unit] = unitsOf(model);
  expect(unit && stepsOf(unit, model).map(({ run }) => run)).toEqual(expected);
});

it.each([
  ["in_effect", "- run: npm test"],
  ["in_effect", "- run: pnpm -r test"],
  ["in_effect", "- run: npx vitest run"],
  ["present", "- run: npm ci && ./deploy.sh"],
  ["present", "# - run: npm test"],
])("%s: %s", async (status, step) => {
  const model = await analyze(
    memoryRepo({
      "package.json": '{"name":"a"}',
      ".github/workflows/x.yml": `jobs:\n  a:\n    steps:\n      ${step}\n`,
    }),
    { cacheFolder: null },
  );
  expect(presence(model).status).toBe(status);
});

it.each([
  ["on: workflow_dispatch", "present"],
  ["on: [workflow_dispatch]", "present"],
  ["on:\n  workflow_dispatch:\n    inputs: {}", "present"],
  ["on:\n  workflow_dispatch:\n  push:\n    branches: [main]", "in_effect"],
  ["on: [pull_request, workflow_dispatch]", "in_effect"],
])("a workflow with %j is %s", async (on, status) => {
  const files = {
    "package.json": JSON.stringify({ name: "a", scripts: { start: "node index.js", test: "vitest run" } }),
    "index.js": server,
    ".github/workflows/ci.yml": `${on}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n`,
  };
  expect(presence(await analyze(memoryRepo(files), { cacheFolder: null })).status).toBe(status);
});

it.each([
  ["on: workflow_dispatch", ["ci-cd/no-ci"]],
  ["on:\n  schedule:\n    - cron: '0 3 * * *'\n  workflow_dispatch:", ["ci-cd/no-ci"]],
  ["on:\n  issues:\n    types: [opened]", ["ci-cd/no-ci"]],
  ["on:\n  schedule:\n    - cron: '0 3 * * *'\n  push:", []],
  ["on: pull_request_target", []],
])("a workflow with %j as the only one: %j", async (on, rules) => {
  const files = {
    "package.json": JSON.stringify({ name: "a", scripts: { start: "node index.js" }, dependencies: { express: "5" } }),
    "package-lock.json": JSON.stringify({ name: "a", lockfileVersion: 3, packages: {} }),
    "index.js": server,
    ".github/workflows/ci.yml": `${on}\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./ship.sh\n`,
  };
  const found = detect(await analyze(memoryRepo(files), { cacheFolder: null }));
  expect(found.map(({ rule }) => rule).filter((rule) => /ci$|test$/.test(rule))).toEqual(rules);
});
