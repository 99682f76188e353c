import { describe, expect, it } from "vitest";
import { modelFrom, routesOf, waysTo } from "../link/testing/model-from.ts";
import type { Handler } from "../model.ts";

type Case = [name: string, files: Record<string, string>, routes: string[]];

const CJS = `const Koa = require("koa"); const Router = require("@koa/router"); const app = new Koa(); const router = new Router();`;
const USED = `app.use(router.routes()).use(router.allowedMethods());`;
const h = "(ctx) => { ctx.body = 1; }";

describe("koa routes", () => {
  it.each<Case>([
    [
      "every verb",
      {
        "app.js": `${CJS} router.get("/a", ${h}).post("/a", ${h}); router.put("/a", ${h}); router.patch("/a", ${h}); router.delete("/a", ${h}); router.del("/b", ${h}); router.all("/c", ${h}); router.head("/d", ${h}); ${USED}`,
      },
      ["ALL /c", "DELETE /a", "DELETE /b", "GET /a", "HEAD /d", "PATCH /a", "POST /a", "PUT /a"],
    ],
    [
      "every module of a folder, handed to a visitor",
      {
        "app.js": `const Koa = require("koa"); const { Loader } = require("./core/loader"); const app = new Koa(); Loader.load(app); app.listen(3000);`,
        "core/loader.js": `const Router = require("koa-router"); const requireDirectory = require("require-directory"); class Loader { static load(app) { Loader.app = app; const folder = \`\${process.cwd()}/api\`; requireDirectory(module, folder, { visit: each }); function each(found) { if (found instanceof Router) Loader.app.use(found.routes()); } } } module.exports = { Loader };`,
        "api/v1/a.js": `const Router = require("koa-router"); const router = new Router({ prefix: "/v1" }); router.get("/a", ${h}); module.exports = router;`,
        "api/v1/b.js": `const Router = require("koa-router"); const router = new Router(); router.post("/b", ${h}); module.exports = router;`,
      },
      ["GET /v1/a", "POST /b"],
    ],
    [
      "ES modules and koa-router",
      {
        "app.ts": `import Koa from "koa"; import Router from "koa-router"; const app = new Koa(); const router = new Router(); router.get("/a", ${h}); app.use(router.middleware());`,
      },
      ["GET /a"],
    ],
    [
      "a named class",
      {
        "app.ts": `import * as Koa from "koa"; import { Router } from "@koa/router"; const app = new Koa(); const router = new Router(); router.get("/a", ${h}); app.use(router.routes());`,
      },
      ["GET /a"],
    ],
    [
      "a name before the path",
      { "app.js": `${CJS} router.get("user", "/users/:id", ${h}); ${USED}` },
      ["GET /users/:id"],
    ],
    ["several paths", { "app.js": `${CJS} router.get(["/a", "/b"], ${h}); ${USED}` }, ["GET /a", "GET /b"]],
    ["a regular expression", { "app.js": `${CJS} router.get(/^\\/a$/, ${h}); ${USED}` }, ["GET /^\\/a$/"]],
    [
      "register()",
      { "app.js": `${CJS} router.register("/a", ["get", "post"], ${h}); router.register("/b", load(), ${h}); ${USED}` },
      ["ALL /b", "GET /a", "POST /a"],
    ],
    ["a path without a slash", { "app.js": `${CJS} router.post("users.list", ${h}); ${USED}` }, ["POST /users.list"]],
    [
      "what is not known",
      {
        "app.js": `${CJS} router.get(load(), ${h}); router.get("/a", load()); router.use(load()); app.use(load()); ${USED}`,
      },
      ["GET /*", "GET /a"],
    ],
    [
      "other objects are no routers",
      { "app.js": `${CJS} new Map().get("/x", ${h}); app.context.get("/y"); router.get("/a", ${h}); ${USED}` },
      ["GET /a"],
    ],
    ["a router that nothing uses", { "app.js": `${CJS} router.get("/a", ${h}); app.use((ctx) => {});` }, []],
  ])("registered by %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  const SUB = `const Router = require("@koa/router"); const router = new Router({ prefix: "/users" }); router.get("/", ${h}); router.get("/:id", ${h}); module.exports = router;`;

  it.each<Case>([
    [
      "its prefix",
      { "r.js": SUB, "app.js": `${CJS} app.use(require("./r").routes());` },
      ["GET /users", "GET /users/:id"],
    ],
    [
      "a prefix from its settings",
      {
        "config.js": `module.exports = { prefix: process.env.PREFIX || "/api" };`,
        "app.js": `const Koa = require("koa"); const Router = require("koa-router"); const config = require("./config"); const app = new Koa(); const router = new Router({ prefix: config.prefix }); router.get("/a", ${h}); app.use(router.routes());`,
      },
      ["GET /api/a"],
    ],
    [
      "a prefix that is not known",
      {
        "app.js": `const Koa = require("koa"); const Router = require("koa-router"); const app = new Koa(); const router = new Router({ prefix: load() }); router.get("/a", ${h}); app.use(router.routes());`,
      },
      ["GET /*/a"],
    ],
    [
      "a prefix given later",
      { "app.js": `${CJS} router.prefix("/v1"); router.get("/a", ${h}); ${USED}` },
      ["GET /v1/a"],
    ],
    [
      "a router around it",
      {
        "r.js": SUB,
        "app.js": `${CJS} const r = require("./r"); router.prefix("/api"); router.use("/v1", r.routes(), r.allowedMethods()); ${USED}`,
      },
      ["GET /api/v1/users", "GET /api/v1/users/:id"],
    ],
    [
      "routers in a list",
      {
        "a.js": `const Router = require("@koa/router"); module.exports = new Router().get("/a", ${h});`,
        "b.js": `const Router = require("@koa/router"); module.exports = new Router().get("/b", ${h});`,
        "app.js": `${CJS} for (const each of [require("./a"), require("./b")]) app.use(each.routes());`,
      },
      ["GET /a", "GET /b"],
    ],
    [
      "a mounted app",
      {
        "app.js": `${CJS} const mount = require("koa-mount"); const api = new Koa(); router.get("/a", ${h}); api.use(router.routes()); app.use(mount("/api", api)); app.listen(1);`,
      },
      ["GET /api/a"],
    ],
    [
      "a composition",
      {
        "r.js": SUB,
        "app.js": `${CJS} const compose = require("koa-compose"); const mount = require("koa-mount"); app.use(compose([async (ctx, next) => next(), mount("/m", compose([require("./r").routes()]))]));`,
      },
      ["GET /m/users", "GET /m/users/:id"],
    ],
    [
      "a function that makes it",
      {
        "app.js": `${CJS} const make = () => { const r = new Router(); return r; }; const a = make(); const b = make(); a.get("/x", ${h}); b.get("/y", ${h}); router.use("/a", a.routes()); router.use("/b", b.routes()); ${USED}`,
      },
      ["GET /a/x", "GET /b/y"],
    ],
    [
      "a function that fills it",
      {
        "r.ts": `export default function users(...[router, tenant]) { router.get("/x", ${h}); }`,
        "app.ts": `import Koa from "koa"; import Router from "koa-router"; import users from "./r"; const all = (...args) => { users(...args); }; const app = new Koa(); const router = new Router(); all(router, {}); app.use(router.routes());`,
      },
      ["GET /x"],
    ],
    [
      "a class of the app's own",
      {
        "app.ts": `import Koa from "koa"; import Router from "koa-router"; class Crud extends Router { constructor(name: string) { super({ prefix: "/" + name }); this.get("/", ${h}); this.post("/", ${h}); } } const app = new Koa(); const router = new Router(); router.use(new Crud("a").routes()); const b = new Crud("b"); b.get("/more", ${h}); router.use(b.routes()); app.use(router.routes());`,
      },
      ["GET /a", "GET /b", "GET /b/more", "POST /a", "POST /b"],
    ],
    [
      "itself",
      { "app.js": `${CJS} router.get("/a", ${h}); router.use("/again", router.routes()); ${USED}` },
      ["GET /a"],
    ],
  ])("below %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });
});

describe("koa middleware", () => {
  const fn = (name: string) => `async function ${name}(ctx, next) { await next(); }`;

  it.each<[string, string, string[]]>([
    [
      "the app's, the router's, then the route's",
      `app.use(${fn("log")}); router.use(${fn("auth")}); router.get("/a", ${fn("check")}, ${fn("list")}); router.use(${fn("late")}); ${USED}`,
      ["/a: log auth check list"],
    ],
    [
      "below its path",
      `router.use("/admin", ${fn("staff")}); router.use(["/x", "/y"], ${fn("both")}); router.use("/roles(/.*)?", ${fn("roles")}); router.get("/a", ${fn("a")}); router.get("/admin/b", ${fn("b")}); router.get("/y/c", ${fn("c")}); router.get("/roles/:id", ${fn("d")}); ${USED}`,
      ["/a: a", "/admin/b: staff b", "/y/c: both c", "/roles/:id: roles d"],
    ],
    [
      "of one router not for another's routes",
      `const other = new Router(); router.use(${fn("auth")}); router.get("/a", ${fn("a")}); other.get("/b", ${fn("b")}); app.use(router.routes()); app.use(other.routes());`,
      ["/a: auth a", "/b: b"],
    ],
    [
      "of a mounted part only below it",
      `const mount = require("koa-mount"); app.use(mount("/api", ${fn("api")})); router.get("/a", ${fn("a")}); router.get("/api/b", ${fn("b")}); ${USED}`,
      ["/a: a", "/api/b: api b"],
    ],
    [
      "through arrays and factories",
      `const guard = (role) => ${fn("guarding")}; const both = [${fn("one")}, guard("x")]; router.get("/a", ...both, ${fn("list")}); ${USED}`,
      ["/a: one guarding list"],
    ],
  ])("runs %s", (_, code, expected) => {
    const model = modelFrom({ "app.js": `${CJS} ${code}` });
    const name = ({ fn: id, api }: Handler) => api ?? model.fn(id ?? "")?.name ?? "?";
    const chains = model.routes.map(
      ({ path, middleware, handlers }) => `${path}: ${[...middleware, ...handlers].map(name).join(" ")}`,
    );
    expect(chains).toEqual(expected);
  });
});

describe("what a Koa context holds", () => {
  it.each([
    ["the app's context", `app.context.db = new Pool();`, `ctx.db.query("select 1")`],
    [
      "a middleware",
      `app.use(async (ctx, next) => { ctx.db = new Pool(); await next(); });`,
      `ctx.db.query("select 1")`,
    ],
    [
      "its state",
      `app.use(async (ctx, next) => { ctx.state.db = new Pool(); await next(); });`,
      `ctx.state.db.query("select 1")`,
    ],
  ])("is found through %s", (_, setting, call) => {
    const model = modelFrom({
      "app.js": `${CJS} const { Pool } = require("pg"); ${setting} async function list(ctx) { ctx.body = await ${call}; } router.get("/a", list); ${USED}`,
    });
    expect(waysTo(model, "pg:Pool().query")).toEqual(["GET /a: list > pg:Pool().query"]);
  });
});

it("counts the modules of a visited folder as the server's", () => {
  const model = modelFrom({
    "package.json": `{"name":"a","scripts":{"start":"node app.js"},"dependencies":{"koa":"2","require-directory":"2"}}`,
    "app.js": `const Koa = require("koa"); const load = require("./core/loader"); const app = new Koa(); load(app); app.listen(3000);`,
    "core/loader.js": `const all = require("require-directory"); module.exports = (app) => all(module, \`\${process.cwd()}/api\`, { visit: (found) => app.use(found.routes()) });`,
    "api/a.js": `const Router = require("koa-router"); const router = new Router(); router.get("/a", ${h}); module.exports = router;`,
  });
  expect(routesOf(model)).toEqual(["GET /a"]);
  expect(model.context("api/a.js")).toBe("server");
});
