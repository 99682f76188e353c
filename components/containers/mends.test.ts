/** Mends in the app's own files: what becomes of a port, an install, a developers' command, and where nothing is touched. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import { stepOf } from "../plan.ts";
import { containers } from "./index.ts";

/** The files that the component's patch changes, by name. */
async function mended(files: Record<string, string>): Promise<Record<string, string | null>> {
  const { step } = stepOf(containers, "", await analyze(memoryRepo(files), { cacheFolder: null }));
  if (step.outcome.kind !== "patch") return {};
  return Object.fromEntries(step.outcome.patch.files.map(({ path, after }) => [path, after]));
}

describe("a port of its own", () => {
  it.each([
    ["a literal", "index.js", "app.listen(3000);", "app.listen(process.env.PORT || 3000);"],
    [
      "a constant",
      "index.js",
      "const PORT = 3000;\napp.listen(PORT, () => console.log(PORT));",
      "const PORT = process.env.PORT || 3000;\napp.listen(PORT, () => console.log(PORT));",
    ],
    ["a number in TypeScript", "index.ts", "app.listen(3000);", "app.listen(Number(process.env.PORT) || 3000);"],
    [
      "a server on all addresses",
      "index.ts",
      'app.listen(3000, "0.0.0.0");',
      'app.listen(Number(process.env.PORT) || 3000, "0.0.0.0");',
    ],
    ["a server on this machine alone", "index.js", 'app.listen(3000, "localhost");', null],
    ["one of two constants", "index.js", "{ const PORT = 1; }\nconst PORT = 3000;\napp.listen(PORT);", null],
  ])("Express: %s", async (_name, file, listen, expected) => {
    const head =
      'import express from "express";\nconst app = express();\napp.get("/", (_req, res) => res.send("a"));\n';
    const files = { ...hosted("express", file), [file]: `${head}${listen}\n` };
    expect((await mended(files))[file] ?? null).toBe(expected === null ? null : `${head}${expected}\n`);
  });

  it.each([
    [
      "Fastify, on all addresses from now on",
      "fastify",
      'import Fastify from "fastify";\nconst app = Fastify();\napp.get("/", async () => "a");\n',
      "app.listen({ port: 3000 });",
      'app.listen({ port: Number(process.env.PORT) || 3000, host: "0.0.0.0" });',
    ],
    [
      "Koa",
      "koa",
      'import Koa from "koa";\nconst app = new Koa();\napp.use((ctx) => { ctx.body = "a"; });\n',
      "app.listen(3000);",
      "app.listen(Number(process.env.PORT) || 3000);",
    ],
    [
      "Hono",
      "hono",
      'import { serve } from "@hono/node-server";\nimport { Hono } from "hono";\nconst app = new Hono();\napp.get("/", (c) => c.text("a"));\n',
      "serve({ fetch: app.fetch, port: 3000 });",
      "serve({ fetch: app.fetch, port: Number(process.env.PORT) || 3000 });",
    ],
    [
      "NestJS",
      "@nestjs/core",
      'import { NestFactory } from "@nestjs/core";\nimport { Controller, Get, Module } from "@nestjs/common";\n@Controller()\nclass A { @Get() a() { return "a"; } }\n@Module({ controllers: [A] })\nclass AppModule {}\nconst app = await NestFactory.create(AppModule);\n',
      "await app.listen(3000);",
      "await app.listen(Number(process.env.PORT) || 3000);",
    ],
  ])("%s", async (_name, framework, head, listen, expected) => {
    const files = { ...hosted(framework, "index.ts"), "index.ts": `${head}${listen}\n` };
    expect((await mended(files))["index.ts"]).toBe(`${head}${expected}\n`);
  });

  function hosted(framework: string, file: string): Record<string, string> {
    const scripts = { start: file.endsWith(".ts") ? `node ${file}` : `node ${file}` };
    return {
      "package.json": JSON.stringify({ name: "a", type: "module", scripts, dependencies: { [framework]: "*" } }),
      Procfile: `web: node ${file}\n`,
    };
  }
});

describe("development dependencies in an image", () => {
  const base = {
    "package.json": {
      name: "a",
      scripts: { start: "node server.js" },
      dependencies: { express: "^5.0.0" },
      devDependencies: { vitest: "^4.0.0" },
    },
    server: 'const express = require("express");\nexpress().listen(process.env.PORT || 3000);\n',
    image: [
      "WORKDIR /app",
      "COPY package*.json ./",
      "RUN npm ci",
      "COPY . .",
      "USER node",
      'CMD ["node", "server.js"]',
    ],
  };

  async function install(
    change: { manifest?: object; lines?: readonly string[]; from?: string; files?: Record<string, string> } = {},
  ): Promise<string | null> {
    const lines = [change.from ?? "FROM node:22-slim", ...(change.lines ?? base.image)];
    const files = {
      "package.json": JSON.stringify({ ...base["package.json"], ...change.manifest }),
      "package-lock.json": '{ "lockfileVersion": 3 }',
      "server.js": base.server,
      ".dockerignore": "node_modules\n",
      Dockerfile: `${lines.join("\n")}\n`,
      ...change.files,
    };
    return (await mended(files))["Dockerfile"] ?? null;
  }

  const scripts = base["package.json"].scripts;
  const { devDependencies } = base["package.json"];

  it.each([
    ["npm ci", "RUN npm ci", {}, "RUN npm ci --omit=dev"],
    ["npm install with flags", "RUN npm install --no-audit", {}, "RUN npm install --omit=dev --no-audit"],
    [
      "a cache mount",
      "RUN --mount=type=cache,target=/root/.npm npm ci",
      {},
      "RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev",
    ],
    [
      "a hook for git",
      "RUN npm ci",
      { scripts: { ...scripts, prepare: "husky" }, devDependencies: { ...devDependencies, husky: "^9.0.0" } },
      "RUN npm pkg delete scripts.prepare && npm ci --omit=dev",
    ],
    [
      "a hook that may fail",
      "RUN npm ci",
      { scripts: { ...scripts, prepare: "husky || true" } },
      "RUN npm ci --omit=dev",
    ],
    ["a hook that compiles", "RUN npm ci", { scripts: { ...scripts, prepare: "tsc" } }, null],
    [
      "a hook of node's own",
      "RUN npm ci",
      { scripts: { ...scripts, postinstall: "node a.js" } },
      "RUN npm ci --omit=dev",
    ],
    [
      "a client that its hook makes",
      "RUN npm ci",
      { dependencies: { express: "5", "@prisma/client": "6" }, devDependencies: { prisma: "6" } },
      null,
    ],
    ["an install with more to it", "RUN npm ci && ./prepare.sh", {}, null],
    ["yarn in an app of npm", "RUN yarn install", {}, null],
  ])("%s", async (_name, run, manifest, expected) => {
    const lines = base.image.map((line) => (line === "RUN npm ci" ? run : line));
    const text = await install({ manifest, lines });
    expect(text?.split("\n").find((line) => /^RUN.*(npm|yarn)/.test(line)) ?? null).toBe(expected);
  });

  it.each([
    ["an old Node", { from: "FROM node:14" }],
    ["a base of somebody's own", { from: "FROM acme/node:22" }],
    ["code that loads one of them", { files: { "server.js": `require("vitest");\n${base.server}` } }],
    ["a host that runs one of them", { files: { "fly.toml": '[deploy]\n  release_command = "npx vitest"\n' } }],
    [
      "a README that runs one of them in the container",
      { files: { "README.md": "```\ndocker compose exec app npx vitest\n```\n" } },
    ],
    [
      "a build with settings of its own",
      { lines: [...base.image.slice(0, 3), "ENV A=1", "RUN npm run build", ...base.image.slice(3)] },
    ],
    [
      "a build with system packages",
      { lines: ["RUN apt-get update", ...base.image.slice(0, 4), "RUN npm run build", ...base.image.slice(4)] },
    ],
    ["a stage that others take packages from", { lines: shared() }],
  ])("are left to somebody who knows: %s", async (_name, change) => {
    expect(await install(change)).toBeNull();
  });

  function shared(): string[] {
    return `WORKDIR /app
COPY package*.json ./
RUN npm ci

FROM node:22-slim AS build
WORKDIR /app
COPY --from=0 /app/node_modules ./node_modules
COPY . .
RUN npm run build

FROM node:22-slim
WORKDIR /app
COPY --from=0 /app/node_modules ./node_modules
COPY --from=build /app/server.js ./
USER node
CMD ["node", "server.js"]`.split("\n");
  }
});
