/** What modules make once and export, and which hosts run no process. */
import { describe, expect, it } from "vitest";
import { analyze } from "../index.ts";
import { isServerless } from "../deployment/hosting.ts";
import { instancesOf } from "./instances.ts";
import type { Model } from "../model.ts";
import { memoryRepo } from "../repo/memory.ts";

const manifest = (name: string): string =>
  JSON.stringify({ name, scripts: { start: "node app.js" }, dependencies: { express: "^5.0.0", pg: "^8.0.0" } });
const app = 'const express = require("express");\nrequire("./db");\nexpress().get("/", () => {}).listen(3000);\n';

async function modelOf(files: Record<string, string>): Promise<Model> {
  return analyze(memoryRepo(files), { cacheFolder: null });
}

describe("an instance", () => {
  it.each([
    ["const { Pool } = require('pg');\nmodule.exports = new Pool();", "null *"],
    ["const { Pool } = require('pg');\nconst pool = new Pool();\nmodule.exports = pool;", "pool *"],
    ["const { Pool } = require('pg');\nconst pool = new Pool();\nmodule.exports = { db: pool };", "pool db"],
    ["const { Pool } = require('pg');\nexports.pool = new Pool();", "null pool"],
    [
      "const { Pool } = require('pg');\nconst pool = new Pool().on('error', () => {});\nexports.pool = pool;",
      "pool pool",
    ],
    ["const { Pool } = require('pg');\nconst pool = global.pool || new Pool();\nexports.pool = pool;", "pool pool"],
    ["const { Pool } = require('pg');\nconst pool = new Pool();\nexports.ask = (q) => pool.query(q);", "pool null"],
    ["const { Pool } = require('pg');\nexports.make = () => new Pool();", ""],
  ])("%s", async (db, expected) => {
    const model = await modelOf({ "package.json": manifest("a"), "app.js": app, "db.js": db });
    expect(
      instancesOf(model, ["pg:Pool"])
        .map(({ local, exported }) => `${local} ${exported}`)
        .join(),
    ).toBe(expected);
  });
});

describe("a host", () => {
  it.each<[string, Record<string, string>, Record<string, boolean>]>([
    ["nothing says", {}, { ".": false }],
    ["functions", { "vercel.json": "{}" }, { ".": true }],
    ["functions and a container", { "vercel.json": "{}", "fly.toml": "" }, { ".": false }],
    [
      "functions for another service",
      { "web/vercel.json": "{}", "web/package.json": manifest("web"), "web/app.js": app },
      { ".": false, web: true },
    ],
  ])("%s", async (_name, files, expected) => {
    const model = await modelOf({ "package.json": manifest("a"), "app.js": app, "db.js": "", ...files });
    const found = model.services.map((service) => [service.root, isServerless(model, service)] as const);
    expect(Object.fromEntries(found)).toEqual(expected);
  });
});
