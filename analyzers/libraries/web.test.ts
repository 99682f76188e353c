import { describe, expect, it } from "vitest";
import { providedBy, runsPlugins, webCallOf } from "./web.ts";

describe("webCallOf", () => {
  it.each([
    ["fastify:().register", true, false],
    ["fastify:().register().get", true, true],
    ["fastify:fastify().withTypeProvider", true, false],
    ["fastify:FastifyRequest().server.get", true, true],
    ["fastify:().redis.get", false, false],
    ["fastify:().listen", false, false],
    ["koa:().use", true, true],
    ["@koa/router:Router().routes", true, false],
    ["koa-router:().get", true, true],
    ["koa-router:().url", false, false],
    ["hono:Hono().get", true, true],
    ["@hono/zod-openapi:OpenAPIHono().openapi", true, true],
    ["hono:Hono().basePath", false, false],
    ["hono:Hono().basePath().route", true, false],
    ["hono:Context().json", false, false],
    ["express:().use", false, false],
    ["fastify:", false, false],
    ["koa-compose:", false, true],
    ["hono/factory:createMiddleware", false, true],
  ])("%s gives itself: %s, keeps functions: %s", (api, givesItself, keepsFunctions) => {
    expect(webCallOf(api)).toMatchObject({ givesItself, keepsFunctions });
  });

  it.each([
    ["fastify:().post", ["fastify:FastifyRequest()", "fastify:FastifyReply()"]],
    ["fastify:().setErrorHandler", [null, "fastify:FastifyRequest()", "fastify:FastifyReply()"]],
    ["@koa/router:().use", ["koa:Context()"]],
    ["hono:Hono().onError", [null, "hono:Context()"]],
    ["hono:Hono().route", []],
  ])("%s hands on %j", (api, hands) => {
    expect(webCallOf(api).hands).toEqual(hands);
  });
});

it.each([
  ["fastify:().register", true],
  ["fastify:().register().register", true],
  ["fastify:().pg.register", false],
  ["commander:program.register", false],
])("%s runs plugins: %s", (api, expected) => {
  expect(runsPlugins(api)).toBe(expected);
});

it.each([
  ["fastify:()", "pg", "pg:Pool()"],
  ["fastify:().register().mongo", "db", "mongodb:MongoClient().db()"],
  ["fastify:()", "constructor", null],
  ["express:()", "pg", null],
])("%s has %s: %s", (api, property, expected) => {
  expect(providedBy(api, property)).toBe(expected);
});
