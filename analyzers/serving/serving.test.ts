import { expect, it } from "vitest";
import { modelFrom } from "../link/testing/model-from.ts";
import { servingOf } from "./serving.ts";

it.each([
  [
    "a plain Node server",
    `require("node:http").createServer((req, res) => { if (req.url === "/a") res.end(); }).listen(3000);`,
    "unread",
  ],
  [
    "Fastify",
    `const app = require("fastify")(); app.register(require("./gone")); app.listen({ port: 3000 });`,
    "unread",
  ],
  [
    "Koa",
    `const Koa = require("koa"); const app = new Koa(); app.use((ctx) => { ctx.body = 1; }); app.listen(3000);`,
    "unread",
  ],
  [
    "Hono",
    `const { Hono } = require("hono"); const app = new Hono(); app.mount("/", (request) => new Response()); module.exports = app;`,
    "unread",
  ],
  [
    "Hono with routes",
    `const { Hono } = require("hono"); const app = new Hono(); app.get("/", (c) => c.text("")); module.exports = app;`,
    "routes",
  ],
  ["no server", `console.log("done");`, "none"],
])("tells how %s serves", (_, code, kind) => {
  const model = modelFrom({ "app.js": code });
  const [service] = model.services;
  expect(service === undefined ? null : servingOf(model, service).kind).toBe(kind);
});
