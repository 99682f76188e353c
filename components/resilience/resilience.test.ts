/** The resilience component over its fixtures, and the table of HTTP clients. */
import { describe, expect, it } from "vitest";
import { analyze } from "../../analyzers/index.ts";
import { memoryRepo } from "../../analyzers/repo/memory.ts";
import type { CallSite, Known, Use } from "../../analyzers/model.ts";
import { testComponent } from "../testing/test-component.ts";
import { judge } from "../findings.ts";
import { editsFor } from "./call-edits.ts";
import { clientOf } from "./http-clients.ts";
import { httpTimeouts } from "./http-timeouts.ts";
import { resilience } from "./index.ts";

testComponent(resilience);

const span = { start: 0, end: 0, line: 1, endLine: 1, column: 0 };

function use(api: string, args: Known[] = [{ kind: "unknown" }]): Use {
  const call: CallSite = {
    id: "a.ts#0",
    file: "a.ts",
    line: 1,
    fn: "a.ts#0",
    args,
    isNew: false,
    use: "awaited",
    awaited: true,
    inLoop: false,
    guarded: false,
    span,
    statement: span,
  };
  return { api, package: api.split(":")[0] ?? "", kind: "http", call, construction: null, certainty: "proven" };
}

const config: Known = { kind: "object", entries: {}, open: false };

describe("clientOf", () => {
  it.each<[string, Known[], number | null, Record<string, string>]>([
    ["global:fetch", [], 1, { signal: "AbortSignal.timeout(1)" }],
    ["undici:request", [], 1, { signal: "AbortSignal.timeout(1)" }],
    ["node-fetch:", [], 1, { signal: "AbortSignal.timeout(1)" }],
    ["axios:get", [], 1, { timeout: "1" }],
    ["axios:default.post", [], 2, { timeout: "1" }],
    ["axios:create().put", [], 2, { timeout: "1" }],
    ["axios:", [config], 0, { timeout: "1" }],
    ["axios:", [{ kind: "literal", value: "https://a.example" }], 1, { timeout: "1" }],
    ["got:post", [], 1, { timeout: "{ request: 1 }" }],
    ["node:https:request", [], null, { signal: "AbortSignal.timeout(1)" }],
  ])("%s", (api, args, index, option) => {
    const client = clientOf(use(api, args));
    expect(client?.index).toBe(index);
    expect(client?.option("1")).toEqual(option);
  });

  it.each([
    "ky:get",
    "axios:create",
    "axios:isAxiosError",
    "global:setTimeout",
    "undici:Agent",
    "node:http:createServer",
  ])("leaves %s alone", (api) => {
    expect(clientOf(use(api))).toBeNull();
  });
});

describe("addresses", () => {
  it.each([
    ["of another service", 'const API = "https://api.example.com";', "`${API}/rates`", 1],
    ["that a setting fills in later", "const API = settings.url; settings.url = process.env.API;", "`${API}/rates`", 1],
    ["of this machine", 'const API = "http://localhost:4000";', "`${API}/rates`", 0],
    ["of the app itself", "", "`/rates/${req.params.id}`", 0],
  ])("%s", async (_, before, address, count) => {
    const model = await analyze(
      memoryRepo({
        "package.json": JSON.stringify({
          name: "a",
          scripts: { start: "node app.js" },
          dependencies: { express: "5" },
        }),
        "app.js": `const express = require("express"); const app = express(); const settings = { url: "" }; ${before} app.get("/rates", async (req, res) => { res.json(await fetch(${address})); }); app.listen(3000);`,
      }),
      { cacheFolder: null },
    );
    expect(httpTimeouts(model)).toHaveLength(count);
  });
});

describe("timers", () => {
  it.each([
    [3_600_000, "the timer that comes every hour"],
    [90_000, "the timer that comes every 90 seconds"],
    [300_000, "the timer that comes every 5 minutes"],
    [1500, "the timer that comes every 1500 ms"],
  ])("%s ms: %s", async (time, expected) => {
    const model = await analyze(
      memoryRepo({
        "package.json": JSON.stringify({
          name: "a",
          scripts: { start: "node app.js" },
          dependencies: { express: "5" },
        }),
        "app.js": `const express = require("express"); const app = express(); setInterval(async () => { await fetch("https://api.example.com/rates"); }, ${time}); app.listen(3000);`,
      }),
      { cacheFolder: null },
    );
    expect(httpTimeouts(model).map(({ message }) => message)).toEqual([expect.stringContaining(expected)]);
  });
});

it("counts no test among the calls that wait on a client", async () => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node app.js" },
      dependencies: { express: "5", stripe: "18" },
    }),
    "stripe.js": 'const Stripe = require("stripe");\nexports.stripe = new Stripe(process.env.STRIPE_KEY);\n',
    "app.js":
      'const { stripe } = require("./stripe");\nconst app = require("express")();\napp.post("/pay", async (req, res) => res.json(await stripe.charges.create({ amount: 1 })));\napp.listen(3000);\n',
    "app.test.js": 'const { stripe } = require("./stripe");\nit("pays", () => stripe.charges.create({ amount: 2 }));\n',
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const found = resilience.detect(model).filter(({ rule }) => rule === "resilience/sdk-default-timeout");
  expect(found.map(({ also }) => also)).toEqual([[{ file: "app.js", line: 3 }]]);
});

it.each([
  ["supabase.auth.signUp({ email: req.body.email, password: req.body.password })", 0],
  ['fetch("https://rates.example.com/today", { signal: AbortSignal.timeout(1000) })', 1],
])("%s is tried once", async (call, count) => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node app.js" },
      dependencies: { express: "5", "@supabase/supabase-js": "2" },
    }),
    "app.js": `const { createClient } = require("@supabase/supabase-js");\nconst supabase = createClient(process.env.URL, process.env.KEY);\nconst app = require("express")();\napp.post("/webhooks/a", async (req, res) => { const found = await ${call}; res.json(found); });\napp.listen(3000);\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(resilience.detect(model).filter(({ rule }) => rule === "resilience/no-retry-on-external")).toHaveLength(count);
});

describe("what an empty catch loses", () => {
  const appWith = (body: string) =>
    memoryRepo({
      "package.json": JSON.stringify({
        scripts: { start: "node app.js" },
        dependencies: { express: "5", "@prisma/client": "6", mongoose: "8" },
      }),
      "app.js": `import express from "express"; import { PrismaClient } from "@prisma/client";
import mongoose from "mongoose";
const prisma = new PrismaClient(); const app = express(); const Plan = mongoose.model("Plan", new mongoose.Schema({ name: String }));
async function partOf(id) {
  try { return (await fetch("https://mail.example.com/parts/" + id)).text(); }
  catch (error) { await prisma.connection.delete({ where: { id } }); throw error; }
}
app.get("/mails/:id", async (req, res) => { let part = ""; ${body} res.json({ part }); });
app.listen(3000);`,
    });

  it.each([
    ["a write", "try { await prisma.mail.update({ where: { id: 1 }, data: { opened: true } }); } catch {}", 1],
    ["what is done after a failure", "try { part = await partOf(req.params.id); } catch {}", 0],
    ["rows", "try { await Plan.insertMany([{ name: part }]); } catch {}", 1],
    ["rows that may be there", "try { await Plan.insertMany([{ name: part }], { ordered: false }); } catch {}", 0],
  ])("%s", async (_, body, count) => {
    const model = await analyze(appWith(body), { cacheFolder: null });
    expect(resilience.detect(model).filter(({ rule }) => rule === "resilience/swallow-error")).toHaveLength(count);
  });
});

it.each([
  ["await openai.withOptions({ timeout: 15_000 }).chat.completions.create({ model: 'm' })", 0],
  ["await openai.withOptions(options).chat.completions.create({ model: 'm' })", 0],
  ["await openai.withOptions({ maxRetries: 1 }).chat.completions.create({ model: 'm' })", 1],
])("a copy of the client with options of its own: %s", async (call, count) => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node app.js" },
      dependencies: { express: "5", openai: "5" },
    }),
    "app.js": `const OpenAI = require("openai");\nconst { options } = require("./options.json");\nconst openai = new OpenAI();\nconst app = require("express")();\napp.post("/ask", async (req, res) => res.json(${call}));\napp.listen(3000);\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(resilience.detect(model).filter(({ rule }) => rule === "resilience/sdk-default-timeout")).toHaveLength(count);
});

it.each([
  ["new GraphQLClient(process.env.SETS_URL, { headers: {} })", 1],
  ["new GraphQLClient(process.env.SETS_URL, { fetch: patient })", 0],
])("a GraphQL client of another service: %s", async (made, count) => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node app.js" },
      dependencies: { express: "5", "graphql-request": "7" },
    }),
    "app.js": `const { GraphQLClient } = require("graphql-request");\nconst { patient } = require("./patient.json");\nconst client = ${made};\nconst app = require("express")();\napp.get("/sets/:id", async (req, res) => { const { set } = await client.request("query { set { name } }", { id: req.params.id }); res.json(set.name.trim()); });\napp.listen(3000);\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const found = resilience.detect(model).filter(({ rule }) => rule === "resilience/external-http-no-timeout");
  expect(found).toHaveLength(count);
});

it("says once that the clients of one SDK wait too long, and bounds them all", async () => {
  const asks = (name: string) =>
    `import OpenAI from "openai";\nconst ${name} = new OpenAI();\nexport const ask = (input) => ${name}.responses.create({ model: "m", input });\n`;
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      type: "module",
      scripts: { start: "node app.js" },
      dependencies: { express: "5", openai: "6" },
    }),
    "titles.js": asks("titles"),
    "summaries.js": asks("summaries"),
    "app.js": `import express from "express";\nimport { ask as title } from "./titles.js";\nimport { ask as summary } from "./summaries.js";\nconst app = express();\napp.post("/titles", async (req, res) => res.json(await title(req.body.text)));\napp.post("/summaries", async (req, res) => res.json(await summary(req.body.text)));\napp.listen(3000);\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const [found, ...others] = judge(model, [resilience]).findings.filter(
    ({ rule }) => rule === "resilience/sdk-default-timeout",
  );
  expect(others).toEqual([]);
  expect(found).toMatchObject({ file: "summaries.js", line: 2, routes: ["POST /summaries", "POST /titles"] });
  expect(found?.message).toContain("1 more of its clients");
  expect(found?.also).toContainEqual({ file: "titles.js", line: 2 });
  const edits = found === undefined ? null : editsFor(found, model);
  expect(edits?.map(({ file }) => file)).toEqual(["summaries.js", "titles.js"]);
});

it.each([
  ['google.calendar({ version: "v3", auth })', "", 1],
  ['google.calendar({ version: "v3", auth, timeout: 10_000 })', "", 0],
  ['google.calendar({ version: "v3", auth })', "google.options({ timeout: 10_000 });", 0],
])("a client of Google's: %s %s", async (made, settings, count) => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node app.js" },
      dependencies: { express: "5", googleapis: "144" },
    }),
    "app.js": `const { google } = require("googleapis");\nconst { auth } = require("./auth.json");\n${settings}\nconst calendar = ${made};\nconst app = require("express")();\napp.post("/visits", async (req, res) => { const { data } = await calendar.events.insert({ calendarId: "primary", requestBody: req.body }); res.json({ id: data.id }); });\napp.listen(3000);\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  expect(resilience.detect(model).filter(({ rule }) => rule === "resilience/sdk-default-timeout")).toHaveLength(count);
});

it.each([
  ["get", "low"],
  ["post", "high"],
])("a write that is only logged when it fails, on the way of a %s", async (method, confidence) => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      scripts: { start: "node app.js" },
      dependencies: { express: "5", "@prisma/client": "6" },
    }),
    "app.js": `const { PrismaClient } = require("@prisma/client");\nconst prisma = new PrismaClient();\nconst app = require("express")();\napp.${method}("/letters/:id", async (req, res) => {\n  try {\n    await prisma.letter.update({ where: { id: req.params.id }, data: { state: "READ" } });\n  } catch (error) {\n    console.error("not noted", error);\n  }\n  res.json({ ok: true });\n});\napp.listen(3000);\n`,
  };
  const model = await analyze(memoryRepo(files), { cacheFolder: null });
  const found = resilience.detect(model).filter(({ rule }) => rule === "resilience/swallow-error");
  expect(found.map((each) => each.confidence)).toEqual([confidence]);
});

it("leaves the answer of a helper to the handler that called it", async () => {
  const files = {
    "package.json": JSON.stringify({
      name: "a",
      type: "module",
      scripts: { start: "node a.js" },
      dependencies: { express: "5" },
    }),
    "a.js": `import express from "express";
const app = express();
async function draft(res, text) {
  try {
    const answer = await fetch("https://drafts.example.com", { method: "POST", body: text, signal: AbortSignal.timeout(5000) });
    if (answer.ok) return res.json(await answer.json());
  } catch (error) {
    console.error("no draft", error);
  }
  return null;
}
app.post("/drafts", async (req, res) => {
  const made = await draft(res, req.query.text);
  if (!made) res.redirect("/compose");
});
app.listen(3000);
`,
  };
  const { findings } = judge(await analyze(memoryRepo(files), { cacheFolder: null }), [resilience]);
  expect(findings.filter(({ rule }) => rule === "resilience/swallow-error")).toEqual([]);
});
