import { describe, expect, it } from "vitest";
import { asksForItself, audienceFinder } from "./audience.ts";
import { modelFrom } from "../link/testing/model-from.ts";

const HEAD = `import { NestFactory, APP_GUARD } from "@nestjs/core"; import { Controller, ForbiddenException, Get, Module, SetMetadata, UnauthorizedException, UseGuards } from "@nestjs/common"; import { AuthGuard } from "@nestjs/passport"; import { ThrottlerGuard } from "@nestjs/throttler";`;
const MARKS = `enum Role { Admin = 1, User = 2 } const Roles = (...roles: Role[]) => SetMetadata("roles", roles); const Public = () => SetMetadata("public", true);`;
const GUARDS = `class JwtGuard extends AuthGuard("jwt") {} class RolesGuard { canActivate() { return false; } } class AdminGuard { canActivate() { return false; } } class SeatGuard { canActivate() { throw new UnauthorizedException(); } } class WriteGuard { canActivate() { throw new ForbiddenException(); } } class LimitGuard extends ThrottlerGuard {} class OptionalJwtGuard { canActivate() { return true; } }`;

function audience(decorators: string, providers = ""): string {
  const text = `${HEAD} ${MARKS} ${GUARDS} @Controller("a") class A { ${decorators} @Get() a() {} } @Module({ controllers: [A], providers: [${providers}] }) class M {} NestFactory.create(M).then((app) => app.listen(3000));`;
  const model = modelFrom({ "app.ts": text });
  const [route] = model.routes;
  return route === undefined ? "no route" : audienceFinder(model)(route);
}

describe("who may call a route behind guards", () => {
  it.each<[decorators: string, providers: string, audience: string]>([
    ["", "", "anyone"],
    [`@UseGuards(AuthGuard("jwt"))`, "", "users"],
    [`@UseGuards(AuthGuard("local"))`, "", "anyone"],
    ["@UseGuards(JwtGuard)", "", "users"],
    ["@UseGuards(SeatGuard)", "", "users"],
    ["@UseGuards(WriteGuard)", "", "anyone"],
    ["@UseGuards(LimitGuard, ThrottlerGuard)", "", "anyone"],
    ["@UseGuards(OptionalJwtGuard)", "", "anyone"],
    ["@UseGuards(AdminGuard)", "", "staff"],
    ["@UseGuards(RolesGuard)", "", "anyone"],
    ["@Roles(Role.User) @UseGuards(JwtGuard, RolesGuard)", "", "users"],
    ["@Roles(Role.Admin) @UseGuards(JwtGuard, RolesGuard)", "", "staff"],
    ["@Roles(Role.Admin, Role.User) @UseGuards(JwtGuard, RolesGuard)", "", "users"],
    ["", "{ provide: APP_GUARD, useClass: JwtGuard }", "users"],
    ["@Public()", "{ provide: APP_GUARD, useClass: JwtGuard }", "anyone"],
    ["", "{ provide: APP_GUARD, useClass: RolesGuard }", "anyone"],
  ])("%s %s: %s", (decorators, providers, expected) => {
    expect(audience(decorators, providers)).toBe(expected);
  });
});

const EXPRESS = `const app = require("express")(); const h = (q, s) => s.json({});`;
const FASTIFY = `const app = require("fastify")(); const h = async () => ({});`;
const KOA = `const Koa = require("koa"); const Router = require("@koa/router"); const app = new Koa(); const router = new Router(); const h = (ctx) => {};`;
const HONO = `const { Hono } = require("hono"); const app = new Hono(); const h = (c) => c.json({});`;

it.each([
  ["nothing", `${FASTIFY} app.get("/a", h);`, "anyone"],
  [
    "a check of the page that sends the request",
    `${EXPRESS} const csrfProtection = (q, s, next) => q.method === "GET" || q.get("x-csrf-token") === q.cookies.csrf ? next() : s.status(403).end(); app.use(csrfProtection); app.post("/a", h); app.listen(1);`,
    "anyone",
  ],
  [
    "a check behind an arrow",
    `${EXPRESS} async function check(q, s, next, db) { if (!(await db.find(q.cookies.id))) return s.status(401).end(); next(); } app.post("/a", (q, s, next) => check(q, s, next, app), h); app.listen(1);`,
    "users",
  ],
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
    "Passport's session, which only looks who it is",
    `const app = require("express")(); const passport = require("passport"); app.use(passport.authenticate("session")); app.post("/login", h); app.listen(1);`,
    "anyone",
  ],
  [
    "Passport's tokens",
    `const app = require("express")(); const passport = require("passport"); app.use(passport.authenticate("jwt", { session: false })); app.post("/a", h); app.listen(1);`,
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
