import { describe, expect, it } from "vitest";
import { modelFrom, routesOf } from "../link/testing/model-from.ts";
import type { Model } from "../model.ts";

type Case = [name: string, files: Record<string, string>, routes: string[]];

const TS = `import Fastify from "fastify"; const app = Fastify();`;
const CJS = `const app = require("fastify")();`;
const h = "async () => ({})";

describe("fastify routes", () => {
  it.each<Case>([
    [
      "every verb",
      {
        "app.ts": `${TS} app.get("/a", ${h}); app.post("/a", ${h}); app.put("/a", ${h}); app.patch("/a", ${h}); app.delete("/a", ${h}); app.head("/b", ${h}); app.options("/b", ${h}); app.all("/c", ${h});`,
      },
      ["ALL /c", "DELETE /a", "GET /a", "HEAD /b", "OPTIONS /b", "PATCH /a", "POST /a", "PUT /a"],
    ],
    ["CommonJS", { "app.js": `${CJS} app.get("/a", ${h});` }, ["GET /a"]],
    ["a named import", { "app.ts": `import { fastify } from "fastify"; fastify().get("/a", ${h});` }, ["GET /a"]],
    ["options and a handler", { "app.js": `${CJS} app.get("/a", { schema: {} }, ${h});` }, ["GET /a"]],
    ["options that hold the handler", { "app.js": `${CJS} app.get("/a", { handler: ${h} });` }, ["GET /a"]],
    ["route()", { "app.js": `${CJS} app.route({ method: "POST", url: "/a", handler: ${h} });` }, ["POST /a"]],
    [
      "route() with several methods and path",
      { "app.js": `${CJS} app.route({ method: ["GET", "post"], path: "/a", handler: ${h} });` },
      ["GET /a", "POST /a"],
    ],
    [
      "a route of spread parts",
      { "app.js": `${CJS} const base = { url: "/a", handler: ${h} }; app.route({ ...base, method: "PUT" });` },
      ["PUT /a"],
    ],
    [
      "routes in a list",
      {
        "app.js": `${CJS} const all = [{ method: "GET", url: "/a", handler: ${h} }, { method: "POST", url: "/b", handler: ${h} }]; all.forEach((each) => app.route(each)); for (const each of all) app.route({ ...each, url: "/v2" + each.url });`,
      },
      ["GET /a", "GET /v2/a", "POST /b", "POST /v2/b"],
    ],
    ["a chain", { "app.js": `${CJS} app.get("/a", ${h}).post("/b", ${h});` }, ["GET /a", "POST /b"]],
    [
      "a type provider",
      {
        "app.ts": `${TS} app.withTypeProvider<Z>().route({ method: "GET", url: "/a", handler: ${h} }); const typed = app.withTypeProvider<Z>(); typed.get("/b", ${h});`,
      },
      ["GET /a", "GET /b"],
    ],
    [
      "parameters with patterns",
      { "app.js": `${CJS} app.get("/a/:id(^\\\\d+)/b", ${h}); app.get("/c/*", ${h});` },
      ["GET /a/:id/b", "GET /c/*"],
    ],
    [
      "what is not known",
      {
        "app.js": `${CJS} app.get(load(), ${h}); app.route(load()); app.get("/a", load()); app.get("/b", load(), load());`,
      },
      ["ALL /*", "GET /*", "GET /a", "GET /b"],
    ],
    [
      "settings are no routes",
      { "app.js": `${CJS} app.get("x"); app.route(); app.register(); app.addHook("onRequest");` },
      [],
    ],
    [
      "other objects are no instances",
      {
        "app.js": `${CJS} const cache = new Map(); cache.get("/x", ${h}); app.redis.get("/y", ${h}); app.get("/a", ${h});`,
      },
      ["GET /a"],
    ],
  ])("registered by %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  const PLUGIN = `export default async function (fastify) { fastify.get("/x", ${h}); }`;

  it.each<Case>([
    [
      "with a prefix",
      { "p.ts": PLUGIN, "app.ts": `${TS} import p from "./p"; app.register(p, { prefix: "/v1" });` },
      ["GET /v1/x"],
    ],
    [
      "that nobody typed, under a name of its own",
      {
        "p.js": `module.exports = async (instance, options) => { instance.get("/x", ${h}); };`,
        "app.js": `${CJS} app.register(require("./p"), { prefix: "/v1" });`,
      },
      ["GET /v1/x"],
    ],
    [
      "with a callback",
      {
        "app.js": `${CJS} app.register(function (sub, options, done) { sub.get("/x", ${h}); done(); }, { prefix: "/v1" });`,
      },
      ["GET /v1/x"],
    ],
    [
      "imported when it is needed",
      { "p.ts": PLUGIN, "app.ts": `${TS} app.register(import("./p"), { prefix: "/v1" });` },
      ["GET /v1/x"],
    ],
    [
      "nested to any depth",
      {
        "app.js": `${CJS} app.register(async (a) => { a.register(b, { prefix: "/b" }); }, { prefix: "/a" });
          async function b(sub) { sub.register(c, { prefix: "/c" }); }
          async function c(sub) { sub.register(d, { prefix: "d" }); }
          async function d(sub) { sub.register(e, { prefix: "/e" }); }
          async function e(sub) { sub.get("/x", ${h}); }`,
      },
      ["GET /a/b/c/d/e/x"],
    ],
    [
      "registered twice",
      {
        "p.ts": PLUGIN,
        "app.ts": `${TS} import p from "./p"; app.register(p, { prefix: "/a" }); app.register(p, { prefix: "/b" });`,
      },
      ["GET /a/x", "GET /b/x"],
    ],
    [
      "one after the other",
      {
        "p.ts": PLUGIN,
        "app.ts": `${TS} import p from "./p"; app.register(p, { prefix: "/a" }).register(p, { prefix: "/b" });`,
      },
      ["GET /a/x", "GET /b/x"],
    ],
    [
      "of a list",
      {
        "p.ts": PLUGIN,
        "q.ts": `export default async function (fastify) { fastify.get("/y", ${h}); }`,
        "app.ts": `${TS} import p from "./p"; import q from "./q"; for (const [plugin, prefix] of [[p, "/a"], [q, "/b"]]) app.register(plugin, { prefix });`,
      },
      ["GET /a/x", "GET /b/y"],
    ],
    [
      "of fastify-plugin, which has no prefix",
      {
        "p.ts": `import fp from "fastify-plugin"; export default fp(async (fastify) => { fastify.get("/x", ${h}); }, { name: "p" });`,
        "app.ts": `${TS} import p from "./p"; app.register(p, { prefix: "/v1" });`,
      },
      ["GET /x"],
    ],
    [
      "under a prefix that is not known",
      { "p.ts": PLUGIN, "app.ts": `${TS} import p from "./p"; app.register(p, { prefix: load() });` },
      ["GET /*/x"],
    ],
    [
      "that registers itself",
      {
        "app.js": `${CJS} async function p(sub) { sub.get("/x", ${h}); sub.register(p, { prefix: "/again" }); } app.register(p);`,
      },
      ["GET /x"],
    ],
    [
      "in a function that builds the app",
      {
        "p.ts": PLUGIN,
        "build.ts": `import Fastify from "fastify"; import p from "./p"; export async function build(options) { const app = Fastify(options); await app.register(p, { prefix: "/v1" }); return app; }`,
        "app.ts": `import { build } from "./build"; const server = await build({ logger: true }); server.get("/y", ${h}); await server.listen({ port: 3000 });`,
      },
      ["GET /v1/x", "GET /y"],
    ],
    [
      "in a class",
      {
        "app.ts": `import Fastify from "fastify"; class Server { app = Fastify(); constructor() { this.app.register(this.routes, { prefix: "/v1" }); } routes = async (sub) => { sub.get("/x", ${h}); }; } new Server();`,
      },
      ["GET /v1/x"],
    ],
    [
      "handed the instance",
      {
        "p.ts": `import type { FastifyInstance } from "fastify"; export function users(app: FastifyInstance) { app.get("/x", ${h}); }`,
        "app.ts": `${TS} import { users } from "./p"; app.register(async (sub) => { users(sub); }, { prefix: "/v1" });`,
      },
      ["GET /v1/x"],
    ],
    [
      "that no other registers, of a typed instance",
      {
        "p.ts": `import type { FastifyInstance } from "fastify"; export default async (app: FastifyInstance) => { app.get("/x", ${h}); };`,
        "app.ts": `${TS} import "./p"; app.get("/a", ${h});`,
      },
      ["GET /a"],
    ],
  ])("plugin %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  it("takes what fastify-cli starts for the root plugin", () => {
    const manifest = { name: "a", scripts: { start: "fastify start app.js" }, dependencies: { fastify: "5" } };
    const files = {
      "package.json": JSON.stringify(manifest),
      "app.js": `module.exports = async function (fastify, opts) { fastify.register(require("./p"), { prefix: "/v1" }); };`,
      "p.js": `module.exports = async function (fastify) { fastify.get("/x", ${h}); };`,
      "test/app.test.js": `const app = require("fastify")(); app.register(require("../app"));`,
    };
    expect(routesOf(modelFrom(files))).toEqual(["GET /v1/x"]);
  });

  it("leaves test files and apps that nothing runs out", () => {
    const files = {
      "app.js": `${CJS} app.get("/a", ${h}); app.listen({ port: 1 });`,
      "app.test.js": `${CJS} app.get("/test", ${h});`,
      "old.js": `${CJS} app.get("/old", ${h});`,
    };
    expect(routesOf(modelFrom(files))).toEqual(["GET /a"]);
  });
});

describe("autoload", () => {
  const route = `export default async function (fastify) { fastify.get("/", ${h}); }`;
  const load = (options: string) =>
    `${TS} import autoload from "@fastify/autoload"; import { join } from "node:path"; app.register(autoload, { dir: join(import.meta.dirname, "routes")${options} });`;
  const tree = {
    "routes/root.ts": route,
    "routes/users/index.ts": route,
    "routes/users/helper.ts": route,
    "routes/users/_id/posts.ts": route,
  };

  it.each<Case>([
    ["folders as prefixes", { ...tree, "app.ts": load("") }, ["GET /", "GET /users", "GET /users/_id"]],
    [
      "folders as parameters",
      { ...tree, "app.ts": load(", routeParams: true") },
      ["GET /", "GET /users", "GET /users/:id"],
    ],
    [
      "a prefix of its own",
      { ...tree, "app.ts": load(`, options: { prefix: "/api/" }`) },
      ["GET /api", "GET /api/users", "GET /api/users/_id"],
    ],
    ["no folders", { ...tree, "app.ts": load(", dirNameRoutePrefix: false") }, ["GET /", "GET /", "GET /"]],
    ["only so deep", { ...tree, "app.ts": load(", maxDepth: 1") }, ["GET /", "GET /users"]],
    [
      "names that a function makes",
      { ...tree, "app.ts": load(", dirNameRoutePrefix: (a, b) => b.slice(1)") },
      ["GET /", "GET /*", "GET /*/*"],
    ],
    [
      "prefixes that a plugin brings",
      {
        "routes/a/one.ts": `export const autoPrefix = "/_app"; ${route}`,
        "routes/a/two.js": `module.exports = async (f) => { f.get("/two", ${h}); }; module.exports.prefixOverride = "/over";`,
        "app.ts": load(`, options: { prefix: "/api" }`),
      },
      ["GET /api/_app", "GET /over/two"],
    ],
    [
      "plugins that share the instance",
      {
        "routes/a/one.ts": `import fp from "fastify-plugin"; export default fp(async (f) => { f.get("/one", ${h}); });`,
        "app.ts": load(""),
      },
      ["GET /one"],
    ],
    [
      "a folder by the module's address",
      {
        ...tree,
        "app.ts": `${TS} import autoload from "@fastify/autoload"; import path from "node:path"; import { fileURLToPath } from "node:url"; const here = path.dirname(fileURLToPath(import.meta.url)); app.register(autoload, { dir: path.join(here, "routes") });`,
      },
      ["GET /", "GET /users", "GET /users/_id"],
    ],
    [
      "a folder that is not known",
      {
        ...tree,
        "app.ts": `${TS} import autoload from "@fastify/autoload"; app.register(autoload, { dir: folder() }); app.register(autoload);`,
      },
      [],
    ],
  ])("reads %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  it("runs the hooks of the folders above", () => {
    const hook = (name: string) =>
      `export default async function (f) { f.addHook("onRequest", async function ${name}() {}); }`;
    const model = modelFrom({
      "routes/autohooks.ts": hook("all"),
      "routes/users/autohooks.ts": hook("users"),
      "routes/root.ts": route,
      "routes/users/root.ts": route,
      "app.ts": load(", autoHooks: true, cascadeHooks: true"),
    });
    expect(chains(model)).toEqual(["GET /: all > ?", "GET /users: all users > ?"]);
  });
});

/** `GET /x: middleware > handlers` by name, `?` for what has none. */
function chains(model: Model): string[] {
  const name = ({ fn, api }: Model["routes"][number]["middleware"][number]) => api ?? model.fn(fn ?? "")?.name ?? "?";
  return model.routes
    .map(
      ({ method, path, middleware, handlers }) =>
        `${method} ${path}: ${[...middleware.map(name), ">", ...handlers.map(name)].join(" ")}`,
    )
    .toSorted();
}

describe("fastify hooks", () => {
  const fn = (name: string) => `async function ${name}() {}`;

  it.each<[string, string, string[]]>([
    [
      "by phase, the instance's before the route's",
      `app.addHook("preHandler", ${fn("late")}); app.addHook("onRequest", ${fn("early")}); app.get("/a", { preHandler: [${fn("one")}, ${fn("two")}], onRequest: ${fn("own")} }, ${fn("list")});`,
      ["GET /a: early own late one two > list"],
    ],
    [
      "whichever came first",
      `app.get("/a", ${fn("list")}); app.addHook("onRequest", ${fn("after")});`,
      ["GET /a: after > list"],
    ],
    [
      "of the plugin alone",
      `app.register(async (sub) => { sub.addHook("onRequest", ${fn("auth")}); sub.get("/in", ${fn("inside")}); }); app.get("/out", ${fn("outside")});`,
      ["GET /in: auth > inside", "GET /out: > outside"],
    ],
    [
      "of the instance above, also when registered behind the plugin",
      `app.register(async (sub) => { sub.get("/in", ${fn("inside")}); }); app.addHook("onRequest", ${fn("auth")});`,
      ["GET /in: auth > inside"],
    ],
    [
      "not when the plugin was waited for",
      `await app.register(async (sub) => { sub.get("/in", ${fn("inside")}); }); app.addHook("onRequest", ${fn("auth")}); app.get("/out", ${fn("outside")});`,
      ["GET /in: > inside", "GET /out: auth > outside"],
    ],
    [
      "that fastify-plugin brings, for what is registered behind it",
      `const fp = require("fastify-plugin"); app.register(async (sub) => { sub.get("/before", ${fn("a")}); }); app.register(fp(async (same) => { same.addHook("onRequest", ${fn("auth")}); })); app.register(async (sub) => { sub.get("/behind", ${fn("b")}); }); app.get("/own", ${fn("c")});`,
      ["GET /before: > a", "GET /behind: auth > b", "GET /own: auth > c"],
    ],
    [
      "that run after the handler are no middleware",
      `app.addHook("onResponse", ${fn("log")}); app.addHook("onSend", ${fn("sign")}); app.get("/a", ${fn("list")});`,
      ["GET /a: > list"],
    ],
    [
      "of @fastify/auth",
      `app.get("/a", { preHandler: app.auth([${fn("token")}, ${fn("session")}]) }, ${fn("list")});`,
      ["GET /a: token session > list"],
    ],
    [
      "put on the instance",
      `app.decorate("authenticate", ${fn("authenticate")}); app.get("/a", { onRequest: [app.authenticate] }, ${fn("list")});`,
      ["GET /a: authenticate > list"],
    ],
    [
      "of packages' plugins",
      `app.register(require("@fastify/helmet")); app.register(require("@fastify/swagger")); app.register(require("@fastify/rate-limit"), { max: 5 }); app.get("/a", ${fn("a")}); app.get("/b", { config: { rateLimit: false } }, ${fn("b")}); app.get("/c", { config: { rateLimit: { max: 1 } } }, ${fn("c")});`,
      [
        "GET /a: @fastify/helmet: @fastify/rate-limit: > a",
        "GET /b: @fastify/helmet: > b",
        "GET /c: @fastify/helmet: @fastify/rate-limit: > c",
      ],
    ],
    [
      "of a rate limit that routes have to ask for",
      `app.register(require("@fastify/rate-limit"), { global: false }); app.get("/a", ${fn("a")}); app.get("/b", { config: { rateLimit: { max: 1 } } }, ${fn("b")}); app.get("/c", { preHandler: app.rateLimit({ max: 1 }) }, ${fn("c")});`,
      ["GET /a: > a", "GET /b: @fastify/rate-limit: > b", "GET /c: fastify:().rateLimit() > c"],
    ],
  ])("run %s", (_, code, expected) => {
    expect(chains(modelFrom({ "app.js": `${CJS} ${code}` }))).toEqual(expected);
  });

  it("keeps what runs after the answer as an entry", () => {
    const model = modelFrom({
      "app.js": `${CJS} app.addHook("onResponse", async () => { await fetch("https://a.example"); });`,
    });
    const [use] = model.usesOf("global:fetch");
    expect(use === undefined ? [] : model.reach(use.call).map(({ entry }) => `${entry.kind} ${entry.label}`)).toEqual([
      "event hook onResponse",
    ]);
  });
});

describe("what hangs on a Fastify instance", () => {
  const prisma = `import { PrismaClient } from "@prisma/client"; export const prisma = new PrismaClient();`;
  const decorating = `import fp from "fastify-plugin"; import { prisma } from "./prisma"; export default fp(async (app) => { app.decorate("prisma", prisma); });`;
  const API = "@prisma/client:PrismaClient().user.findMany";

  it.each<[string, string]>([
    [
      "the plugin's instance",
      `export default async function (app) { app.get("/a", async () => app.prisma.user.findMany()); }`,
    ],
    [
      "the request's server",
      `export default async function (app) { app.get("/a", async (request) => request.server.prisma.user.findMany()); }`,
    ],
    [
      "a controller that gets the request",
      `const list = async (req, reply) => reply.send(await req.server.prisma.user.findMany()); export default async function (app) { app.get("/a", { handler: list }); }`,
    ],
    [
      "a part that is taken out",
      `export default async function (app) { const { prisma } = app; app.get("/a", async () => prisma.user.findMany()); }`,
    ],
    [
      "a typed controller",
      `import type { FastifyRequest } from "fastify"; export class Users { async list(request: FastifyRequest) { return request.server.prisma.user.findMany(); } } const users = new Users(); export default async function (app) { app.get("/a", users.list); }`,
    ],
  ])("is found through %s", (_, routes) => {
    const model = modelFrom({
      "prisma.ts": prisma,
      "plugin.ts": decorating,
      "routes.ts": routes,
      "app.ts": `${TS} import plugin from "./plugin"; import routes from "./routes"; app.register(plugin); app.register(routes);`,
    });
    const [use] = model.usesOf(API);
    expect(use?.kind).toBe("database-read");
    expect(use === undefined ? [] : model.reach(use.call).map(({ entry }) => entry.label)).toEqual(["GET /a"]);
  });

  it.each([
    [
      "a getter",
      `app.decorate("db", { getter() { return require("pg-promise")(); } });`,
      "app.db.any()",
      "pg-promise:().any",
    ],
    [
      "the request",
      `app.decorateRequest("mailer", require("nodemailer").createTransport());`,
      "r.mailer.sendMail()",
      "nodemailer:createTransport().sendMail",
    ],
    ["a plugin's pool", `app.register(require("@fastify/postgres"));`, `app.pg.query("x")`, "pg:Pool().query"],
    [
      "a plugin's store",
      `app.register(require("@fastify/mongodb"));`,
      `app.mongo.db.collection("x")`,
      "mongodb:MongoClient().db().collection",
    ],
  ])("is found through %s", (_, decorate, call, api) => {
    const model = modelFrom({ "app.js": `${CJS} ${decorate} app.get("/a", async (r) => ${call});` });
    expect(model.usesOf(api)).toHaveLength(1);
  });
});

describe("fastify entries", () => {
  it.each<[string, string, string[]]>([
    [
      "a socket",
      `app.get("/ws", { websocket: true }, (socket) => { fetch("https://a.example"); });`,
      ["socket socket /ws"],
    ],
    [
      "a socket beside a page",
      `app.route({ method: "GET", url: "/ws", handler: ${h}, wsHandler: () => { fetch("https://a.example"); } });`,
      ["socket socket /ws"],
    ],
    ["a handler", `app.get("/a", () => fetch("https://a.example"));`, ["route GET /a"]],
    ["a plugin", `app.register(async () => { await fetch("https://a.example"); });`, ["process node app.js"]],
    [
      "listening",
      `app.listen({ port: 3000 }, () => { fetch("https://a.example"); });`,
      ["process listen", "process node app.js"],
    ],
  ])("leads from %s", (_, code, expected) => {
    const model = modelFrom({ "app.js": `${CJS} ${code}` });
    const [use] = model.usesOf("global:fetch");
    const entries = use === undefined ? [] : model.reach(use.call).map(({ entry }) => `${entry.kind} ${entry.label}`);
    expect(expected).toContain(entries[0]);
  });
});
