import { expect, it } from "vitest";
import { asksForItself, audienceFinder } from "./audience.ts";
import { modelFrom } from "./link/testing/model-from.ts";

const FASTIFY = `const app = require("fastify")(); const h = async () => ({});`;
const KOA = `const Koa = require("koa"); const Router = require("@koa/router"); const app = new Koa(); const router = new Router(); const h = (ctx) => {};`;
const HONO = `const { Hono } = require("hono"); const app = new Hono(); const h = (c) => c.json({});`;

it.each([
  ["nothing", `${FASTIFY} app.get("/a", h);`, "anyone"],
  ["jwtVerify", `${FASTIFY} app.get("/a", { onRequest: async (r) => { await r.jwtVerify(); } }, h);`, "users"],
  [
    "a function put on the instance",
    `${FASTIFY} app.decorate("authenticate", async (r) => check(r)); app.get("/a", { preHandler: app.authenticate }, h);`,
    "users",
  ],
  ["a function that a package put there", `${FASTIFY} app.get("/a", { preHandler: [app.verifyToken] }, h);`, "users"],
  [
    "a check for staff",
    `${FASTIFY} app.decorate("requireAdmin", async (r) => check(r)); app.get("/a", { preHandler: app.requireAdmin }, h);`,
    "staff",
  ],
  [
    "a plugin's bearer tokens",
    `${FASTIFY} app.register(require("@fastify/bearer-auth"), { keys: [] }); app.get("/a", h);`,
    "users",
  ],
  [
    "koa-jwt",
    `${KOA} app.use(require("koa-jwt")({ secret: "s" })); router.get("/a", h); app.use(router.routes());`,
    "users",
  ],
  [
    "koa-jwt that lets pass",
    `${KOA} app.use(require("koa-jwt")({ secret: "s", passthrough: true })); router.get("/a", h); app.use(router.routes());`,
    "anyone",
  ],
  [
    "a Koa middleware that throws",
    `${KOA} router.get("/a", (ctx, next) => ctx.state.user ? next() : ctx.throw(401), h); app.use(router.routes());`,
    "users",
  ],
  [
    "Hono's bearer tokens",
    `${HONO} const { bearerAuth } = require("hono/bearer-auth"); app.use("/a/*", bearerAuth({ token: "t" })); app.get("/a/b", h); module.exports = app;`,
    "users",
  ],
  [
    "a Hono middleware elsewhere",
    `${HONO} app.use("/b/*", (c) => c.text("", 401)); app.get("/a", h); module.exports = app;`,
    "anyone",
  ],
])("%s: the audience is known", (_, code, expected) => {
  const model = modelFrom({ "app.js": code });
  expect(model.routes.map(audienceFinder(model))).toEqual([expected]);
});

it.each([
  [
    `(c) => { if (c.req.header("Authorization") !== env.CRON_SECRET) return c.text("Unauthorized", 401); return c.json({}); }`,
    true,
  ],
  [
    `async (c) => { const { password } = await c.req.json(); return password === "x" ? c.json({}) : c.json({}, 401); }`,
    false,
  ],
])("%s asks for a secret itself: %s", (handler, expected) => {
  const model = modelFrom({ "app.js": `${HONO} app.post("/a", ${handler}); module.exports = app;` });
  expect(model.routes.map((route) => asksForItself(route, model))).toEqual([expected]);
});
