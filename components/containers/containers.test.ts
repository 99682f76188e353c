/** Containers: its fixtures, start commands, and what a Dockerfile is taken for. */
import { expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { testComponent } from "../testing/test-component.ts";
import { misnamedEntry } from "./compiled-entry.ts";
import { shippedImage } from "../../analyzers/deployment/dockerfile.ts";
import { containers } from "./index.ts";
import { startCommand } from "./start-command.ts";

testComponent(containers);

it.each([
  ["node dist/index.js", ["node", "dist/index.js"], true],
  [
    "NODE_ENV=production node --enable-source-maps dist/main.js",
    ["node", "--enable-source-maps", "dist/main.js"],
    true,
  ],
  ["cross-env NODE_ENV=production node server.js", ["node", "server.js"], true],
  ["tsx src/index.ts", ["node", "--import", "tsx", "src/index.ts"], false],
  ["node -r ts-node/register src/index.ts", ["node", "-r", "ts-node/register", "src/index.ts"], false],
  ["npm run serve", ["node", "server.js"], true],
  ["node migrate.js && node server.js", null, null],
  ["nodemon server.js", null, null],
  ["pm2-runtime start ecosystem.config.js", null, null],
  ["node server.js $ARGS", null, null],
  ["DEBUG=1 node server.js", null, null],
])("start %s", async (start, argv, prunable) => {
  const scripts = { start, serve: "node server.js" };
  const repo = memoryRepo({ "package.json": JSON.stringify({ name: "a", scripts }), "server.js": "" });
  const [service] = (await analyze(repo, { cacheFolder: null })).services;
  const command = service ? startCommand(service) : null;
  expect(command?.argv ?? null).toEqual(argv);
  expect(command?.prunable ?? null).toBe(prunable);
});

it("leaves a start alone that npm wraps in more steps", async () => {
  const scripts = { prestart: "node check.js", start: "node server.js" };
  const repo = memoryRepo({ "package.json": JSON.stringify({ name: "a", scripts }), "server.js": "" });
  const [service] = (await analyze(repo, { cacheFolder: null })).services;
  expect(service && startCommand(service)).toBeNull();
});

it.each([
  ["nothing outside the source folder", {}, {}, null],
  ["a module beside it", { "config/cors.ts": "" }, {}, "dist/src/index.js"],
  [
    "JSON beside it",
    { "src/index.ts": `import pkg from "../package.json";\nconsole.log(pkg);` },
    {},
    "dist/src/index.js",
  ],
  ["a module beside it, and rootDir says so", { "config/cors.ts": "" }, { rootDir: "." }, "dist/src/index.js"],
])("knows where the entry is compiled to with %s", async (_, files, options, written) => {
  const scripts = { build: "tsc", start: "node dist/index.js" };
  const source = `import "./routes";\n${"config/cors.ts" in files ? 'import "../config/cors";' : ""}`;
  const repo = memoryRepo({
    "package.json": JSON.stringify({ name: "a", scripts }),
    "tsconfig.json": JSON.stringify({ compilerOptions: { outDir: "./dist", ...options } }),
    "src/index.ts": source,
    "src/routes.ts": "",
    ...files,
  });
  const model = await analyze(repo, { cacheFolder: null });
  const [service] = model.services;
  const misnamed = service && misnamedEntry(service, model, ["node", "dist/index.js"]);
  expect(misnamed?.written ?? null).toBe(written);
});

it.each([
  [
    "a stage inherits user and command",
    'FROM node:24 AS a\nUSER node\nCMD ["node", "x"]\nFROM a\n',
    { user: "node", argv: ["node", "x"] },
  ],
  [
    "a copied stage does not",
    "FROM node:24 AS a\nUSER node\nFROM node:24-slim\nCOPY --from=a /x /x\n",
    { user: null, argv: null },
  ],
  [
    "lines joined by a backslash are one",
    'FROM node:24\nCMD [ \\\n  "node", \\\n  "x" ]\n',
    { user: null, argv: ["node", "x"] },
  ],
  ["keywords in lower case count", "from node:24\nuser 1000:1000\ncmd node x\n", { user: "1000:1000", argv: null }],
])("%s", (_name, text, expected) => {
  const image = shippedImage(text);
  expect({ user: image?.user?.name ?? null, argv: image?.cmd?.argv ?? null }).toEqual(expected);
});

it.each(["", "\0\0", "FROM", "CMD", "RUN <<EOF\nnever closed", 'FROM a\nCMD ["x"', "# escape=`\nFROM x\nRUN a `\n b"])(
  "takes any text: %j",
  (text) => {
    expect(() => shippedImage(text)).not.toThrow();
  },
);

it.each([
  ["a script gives itself", "scripts/docs.js", 0],
  ["the server gives itself", "config.js", 1],
])("a secret that %s", async (_, file, count) => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node app.js" },
      dependencies: { express: "5", jsonwebtoken: "9" },
    }),
    "app.js":
      'require("./config");\nconst jwt = require("jsonwebtoken");\nconst app = require("express")();\napp.post("/login", (req, res) => res.json(jwt.sign({ id: 1 }, process.env.JWT_SECRET)));\napp.listen(3000);\n',
    "config.js": "",
    [file]: 'process.env.JWT_SECRET = process.env.JWT_SECRET || "only-for-the-pages-of-the-docs";\n',
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(containers.detect(model).filter(({ rule }) => rule === "containers/secrets-in-image-or-repo")).toHaveLength(
    count,
  );
});

it("says once that a folder with two Dockerfiles has no .dockerignore", async () => {
  const image = "FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\n";
  const files = {
    "package.json": JSON.stringify({ name: "a", scripts: { start: "node app.js" }, dependencies: { express: "5" } }),
    "app.js": 'require("express")().listen(process.env.PORT);\n',
    "work.js": "setInterval(() => {}, 1000);\n",
    Dockerfile: `${image}CMD ["node", "app.js"]\n`,
    "Dockerfile.worker": `${image}CMD ["node", "work.js"]\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const found = containers.detect(model).filter(({ rule }) => rule === "containers/no-dockerignore");
  expect(found.map(({ file, also }) => [file, also.map((place) => place.file)])).toEqual([
    ["Dockerfile", ["Dockerfile.worker"]],
  ]);
});

it.each([
  ["pnpm prune", 1],
  ["pnpm prune --prod", 0],
  ["npm prune", 1],
  ["NODE_ENV=production npm prune", 0],
])("what `%s` leaves in the image", async (prune, count) => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node server.js" },
      dependencies: { express: "5" },
      devDependencies: { vitest: "4" },
    }),
    "server.js": 'require("express")().listen(3000);\n',
    Dockerfile: `FROM node:24\nWORKDIR /app\nCOPY . .\nRUN corepack enable && pnpm install --frozen-lockfile\nRUN ${prune}\nCMD ["node", "server.js"]\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const rules = containers.detect(model).map(({ rule }) => rule);
  expect(rules.filter((rule) => rule === "containers/dockerfile-dev-deps")).toHaveLength(count);
});

it.each([
  ["npx prisma migrate deploy\npnpm exec react-router-serve ./build/server/index.js", 1],
  ["npx prisma migrate deploy\nexec node server.js", 0],
  ["npx prisma migrate deploy", 0],
  ["node server.js &\ntrap 'kill $!' TERM\nwait", 0],
])("an entry script that ends in %j", async (script, count) => {
  const files = {
    "package.json": JSON.stringify({ name: "a", scripts: { start: "node server.js" }, dependencies: { express: "5" } }),
    "server.js": 'require("express")().listen(3000);\n',
    "start.sh": `#!/bin/sh -ex\n# brings the tables up to date\n${script}\n`,
    Dockerfile: 'FROM node:24\nWORKDIR /app\nCOPY . .\nUSER node\nENTRYPOINT ["./start.sh"]\n',
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const rules = containers.detect(model).map(({ rule }) => rule);
  expect(rules.filter((rule) => rule === "containers/dockerfile-signal-not-forwarded")).toHaveLength(count);
});
