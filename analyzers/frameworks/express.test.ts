import { describe, expect, it } from "vitest";
import { modelFrom, routesOf } from "../link/testing/model-from.ts";

type Case = [name: string, files: Record<string, string>, routes: string[]];

const APP = `import express, { Router } from "express"; const app = express();`;
const CJS = `const express = require("express"); const app = express();`;
const ROUTER = `const router = require("express").Router(); router.get("/x", (q, s) => s.end()); module.exports = router;`;
const h = "(q, s) => s.end()";

describe("express routes", () => {
  it.each<Case>([
    [
      "every verb",
      {
        "app.ts": `${APP} app.get("/a", ${h}); app.post("/a", ${h}); app.put("/a", ${h}); app.patch("/a", ${h}); app.delete("/a", ${h}); app.all("/a", ${h}); app.head("/b", ${h}); app.options("/b", ${h});`,
      },
      ["ALL /a", "DELETE /a", "GET /a", "HEAD /b", "OPTIONS /b", "PATCH /a", "POST /a", "PUT /a"],
    ],
    ["CommonJS", { "app.js": `${CJS} app.get("/a", ${h}); app.listen(3000);` }, ["GET /a"]],
    [
      "a namespace import",
      { "app.ts": `import * as express from "express"; const app = express(); app.get("/a", ${h});` },
      ["GET /a"],
    ],
    [
      "settings are no routes",
      { "app.js": `${CJS} app.get("env"); app.set("x", 1); app.get("/a", ${h});` },
      ["GET /a"],
    ],
    [
      "other objects are no apps",
      {
        "app.js": `${CJS} const cache = new Map(); cache.get("/x", ${h}); const axios = require("axios"); axios.get("/y", {}); app.get("/a", ${h});`,
      },
      ["GET /a"],
    ],
    ["chained", { "app.js": `${CJS} app.get("/a", ${h}).post("/b", ${h}).use("/c", ${h});` }, ["GET /a", "POST /b"]],
    ["route()", { "app.js": `${CJS} app.route("/a/:id")\n.get(${h})\n.put(${h});` }, ["GET /a/:id", "PUT /a/:id"]],
    [
      "route() under a name",
      { "app.js": `${CJS} const r = app.route("/a"); r.get(${h}); r.post(${h});` },
      ["GET /a", "POST /a"],
    ],
    ["an array of paths", { "app.js": `${CJS} app.get(["/a", "/b"], ${h});` }, ["GET /a", "GET /b"]],
    [
      "a regular expression",
      { "app.js": `${CJS} app.get(/^\\/a(b)?\\/[^/]+$/i, ${h});` },
      ["GET /^\\/a(b)?\\/[^/]+$/"],
    ],
    [
      "a constant",
      { "app.js": `${CJS} const P = "/api"; app.get(P + "/a", ${h}); app.get(\`\${P}/b\`, ${h});` },
      ["GET /api/a", "GET /api/b"],
    ],
    [
      "an environment's default",
      { "app.js": `${CJS} const P = process.env.PREFIX || "/api"; app.get(\`\${P}/a\`, ${h});` },
      ["GET /api/a"],
    ],
    [
      "an unknown part",
      { "app.js": `${CJS} app.get("/" + process.env.PREFIX + "/a", ${h}); app.get(load(), ${h});` },
      ["GET /*", "GET /*/a"],
    ],
    [
      "a config object",
      {
        "config.js": `module.exports = { api: { prefix: "/v1" } };`,
        "app.js": `${CJS} const config = require("./config"); app.get(config.api.prefix + "/a", ${h});`,
      },
      ["GET /v1/a"],
    ],
    ["a parameter with a pattern", { "app.js": `${CJS} app.get("/a/:id(\\\\d+)/b", ${h});` }, ["GET /a/:id/b"]],
    ["a handler that is not known", { "app.js": `${CJS} app.get("/a", load("x"));` }, ["GET /a"]],
  ])("registered by %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  it.each<Case>([
    ["mounted", { "r.js": ROUTER, "app.js": `${CJS} app.use("/api", require("./r"));` }, ["GET /api/x"]],
    ["mounted without a path", { "r.js": ROUTER, "app.js": `${CJS} app.use(require("./r"));` }, ["GET /x"]],
    [
      "mounted twice",
      { "r.js": ROUTER, "app.js": `${CJS} const r = require("./r"); app.use("/a", r); app.use("/b", r);` },
      ["GET /a/x", "GET /b/x"],
    ],
    ["never mounted", { "r.js": ROUTER, "app.js": `${CJS} require("./r"); app.get("/a", ${h});` }, ["GET /a"]],
    [
      "nested",
      {
        "r.js": ROUTER,
        "v1.js": `const r = require("express").Router(); r.use("/deep", require("./r")); module.exports = r;`,
        "app.js": `${CJS} app.use("/v1", require("./v1"));`,
      },
      ["GET /v1/deep/x"],
    ],
    [
      "mounted in a circle",
      {
        "app.js": `${CJS} const a = express.Router(), b = express.Router(); a.use("/b", b); b.use("/a", a); a.get("/x", ${h}); app.use(a);`,
      },
      ["GET /x"],
    ],
    [
      "re-exported",
      {
        "r.ts": `import { Router } from "express"; const router = Router(); router.get("/x", ${h}); export default router;`,
        "index.ts": `export { default as users } from "./r";`,
        "app.ts": `${APP} import { users } from "./index"; app.use("/users", users);`,
      },
      ["GET /users/x"],
    ],
    [
      "a namespace of routers",
      {
        "r.ts": `import { Router } from "express"; export const users = Router(); users.get("/x", ${h});`,
        "app.ts": `${APP} import * as routes from "./r"; app.use("/u", routes.users);`,
      },
      ["GET /u/x"],
    ],
    [
      "with middleware between",
      { "r.js": ROUTER, "app.js": `${CJS} app.use("/a", (q, s, n) => n(), require("./r"));` },
      ["GET /a/x"],
    ],
    ["an array of routers", { "r.js": ROUTER, "app.js": `${CJS} app.use("/a", [require("./r")]);` }, ["GET /a/x"]],
    [
      "under several paths",
      { "r.js": ROUTER, "app.js": `${CJS} app.use(["/a", "/b"], require("./r"));` },
      ["GET /a/x", "GET /b/x"],
    ],
    [
      "under an unknown prefix",
      { "r.js": ROUTER, "app.js": `${CJS} const { prefix } = require("./gone"); app.use(prefix, require("./r"));` },
      ["GET /*/x"],
    ],
    [
      "a mounted app",
      { "app.js": `${CJS} const sub = express(); sub.get("/x", ${h}); app.use("/sub", sub);` },
      ["GET /sub/x"],
    ],
    [
      "the result of use",
      {
        "r.js": `const router = require("express").Router(); module.exports = router.use((q, s, n) => n()); router.get("/x", ${h});`,
        "app.js": `${CJS} app.use("/a", require("./r"));`,
      },
      ["GET /a/x"],
    ],
    [
      "with trailing slashes",
      {
        "r.js": `const router = require("express").Router(); router.get("/", ${h}); router.get("/x/", ${h}); module.exports = router;`,
        "app.js": `${CJS} app.use("/a/", require("./r"));`,
      },
      ["GET /a", "GET /a/x"],
    ],
  ])("router %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  it.each<Case>([
    [
      "forEach over objects",
      {
        "r.js": ROUTER,
        "app.js": `${CJS} const all = [{ path: "/a", route: require("./r") }, { path: "/b", route: require("./r") }]; all.forEach((r) => { app.use(r.path, r.route); });`,
      },
      ["GET /a/x", "GET /b/x"],
    ],
    [
      "forEach with destructuring",
      {
        "r.js": ROUTER,
        "app.js": `${CJS} const all = [{ path: "/a", route: require("./r") }]; all.forEach(({ path, route }) => app.use(path, route));`,
      },
      ["GET /a/x"],
    ],
    [
      "for of",
      {
        "app.js": `${CJS} const all = [["/a", express.Router()], ["/b", express.Router()]]; for (const [path, router] of all) app.use(path, router); all[0][1].get("/x", ${h}); all[1][1].get("/y", ${h});`,
      },
      ["GET /a/x", "GET /b/y"],
    ],
    [
      "for of over objects",
      {
        "app.js": `${CJS} const all = [{ path: "/a", on: ${h} }, { path: "/b", on: ${h} }]; for (const each of all) app.get(each.path, each.on);`,
      },
      ["GET /a", "GET /b"],
    ],
    [
      "Object.entries",
      {
        "r.js": ROUTER,
        "app.js": `${CJS} const all = { "/a": require("./r"), "/b": require("./r") }; Object.entries(all).forEach(([path, r]) => app.use(path, r));`,
      },
      ["GET /a/x", "GET /b/x"],
    ],
    [
      "pushed items",
      {
        "app.js": `${CJS} const all = []; all.push({ path: "/a", on: ${h} }); all.push({ path: "/b", on: ${h} }); all.forEach((each) => app.get(each.path, each.on));`,
      },
      ["GET /a", "GET /b"],
    ],
    [
      "a folder",
      {
        "routes/a.js": `module.exports = (app) => app.get("/a", ${h});`,
        "routes/b.js": `module.exports = (app) => app.get("/b", ${h});`,
        "app.js": `${CJS} require("fs").readdirSync("./routes").forEach((file) => require("./routes/" + file)(app));`,
      },
      ["GET /a", "GET /b"],
    ],
    [
      "a folder by path.join",
      {
        "routes/a.js": ROUTER,
        "app.js": `${CJS} const path = require("path"); for (const f of require("fs").readdirSync(path.join(__dirname, "routes"))) app.use("/" + f, require(path.join(__dirname, "routes", f)));`,
      },
      ["GET /*/x"],
    ],
    [
      "routers of a list on one that a function makes",
      {
        "app.js": `${CJS} const api = require("./api"); app.use("/api", api.build()); app.listen(3000);`,
        "api.js": `const express = require("express"); const parts = [{ name: "a", router: require("./a") }, { name: "b", router: require("./b") }]; exports.build = () => { const all = express.Router(); for (const { name, router } of parts) all.use("/" + name, router); return all; };`,
        "a.js": ROUTER,
        "b.js": ROUTER,
      },
      ["GET /api/a/x", "GET /api/b/x"],
    ],
  ])("in a loop: %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  it.each<Case>([
    [
      "registerX(app)",
      {
        "r.js": `exports.register = (app) => { app.get("/x", ${h}); };`,
        "app.js": `${CJS} require("./r").register(app);`,
      },
      ["GET /x"],
    ],
    [
      "module.exports = (app) =>",
      { "r.js": `module.exports = (app) => { app.get("/x", ${h}); };`, "app.js": `${CJS} require("./r")(app);` },
      ["GET /x"],
    ],
    [
      "registered on the handed router",
      {
        "r.ts": `import { Router } from "express"; const route = Router(); export default (app: Router) => { app.use("/auth", route); route.post("/in", ${h}); };`,
        "index.ts": `import { Router } from "express"; import auth from "./r"; export default () => { const app = Router(); auth(app); return app; };`,
        "app.ts": `${APP} import routes from "./index"; app.use("/api", routes());`,
      },
      ["POST /api/auth/in"],
    ],
    [
      "a factory of routers",
      {
        "app.js": `${CJS} const make = (path) => { const r = express.Router(); r.get(path, ${h}); return r; }; app.use("/a", make("/x")); app.use("/b", make("/y"));`,
      },
      ["GET /a/x", "GET /b/y"],
    ],
    [
      "a registering function called per resource",
      {
        "app.js": `${CJS} function crud(app, path, c) { app.get(path, c.list); app.post(path, c.add); } crud(app, "/a", { list: ${h}, add: ${h} }); crud(app, "/b", { list: ${h}, add: ${h} });`,
      },
      ["GET /a", "GET /b", "POST /a", "POST /b"],
    ],
    [
      "an async start",
      {
        "app.js": `${CJS} const setup = async (app) => { app.get("/x", ${h}); }; (async () => { await setup(app); })();`,
      },
      ["GET /x"],
    ],
    [
      "after a promise",
      { "app.js": `${CJS} require("mongoose").connect("x").then(() => { app.get("/x", ${h}); });` },
      ["GET /x"],
    ],
    [
      "a typed app that nobody hands in",
      {
        "r.ts": `import type { Express } from "express"; export const register = (app: Express) => { app.get("/x", ${h}); };`,
        "app.ts": `${APP} import "./r"; app.get("/a", ${h});`,
      },
      ["GET /a"],
    ],
  ])("through functions: %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  it.each<Case>([
    [
      "a class with a router",
      {
        "app.ts": `${APP} class Users { router = Router(); constructor() { this.router.get("/x", this.list); } list = ${h} } app.use("/u", new Users().router);`,
      },
      ["GET /u/x"],
    ],
    [
      "a class with an init method",
      {
        "app.ts": `${APP} class Users { path = "/u"; router = Router(); constructor() { this.init(); } private init() { this.router.get(\`\${this.path}/x\`, ${h}); } } app.use("/", new Users().router);`,
      },
      ["GET /u/x"],
    ],
    [
      "an app class with routes handed in",
      {
        "app.ts": `${APP} class Users { path = "/u"; router = Router(); constructor() { this.router.get(this.path, ${h}); } } class Posts { path = "/p"; router = Router(); constructor() { this.router.get(this.path, ${h}); } } class App { app = express(); constructor(routes) { this.init(routes); } init(routes) { routes.forEach((route) => { this.app.use("/api", route.router); }); } } new App([new Users(), new Posts()]);`,
      },
      ["GET /api/p", "GET /api/u"],
    ],
    [
      "a base class",
      {
        "app.ts": `${APP} class Base { router = Router(); constructor(protected path: string) { this.init(); } init() {} } class Users extends Base { constructor() { super("/u"); } init() { this.router.get(this.path, ${h}); } } class Posts extends Base { constructor() { super("/p"); } init() { this.router.get(this.path, ${h}); } } app.use(new Users().router); app.use(new Posts().router);`,
      },
      ["GET /p", "GET /u"],
    ],
    [
      "static routers",
      {
        "app.ts": `${APP} class Users { static router = Router(); static setup() { Users.router.get("/x", ${h}); } } Users.setup(); app.use(Users.router);`,
      },
      ["GET /x"],
    ],
    [
      "a controller made per resource",
      {
        "app.ts": `${APP} class Crud { constructor(private name: string) {} mount(app) { app.get("/" + this.name, ${h}); } } new Crud("a").mount(app); new Crud("b").mount(app);`,
      },
      ["GET /a", "GET /b"],
    ],
  ])("through classes: %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  it("leaves test files out", () => {
    const files = { "app.js": `${CJS} app.get("/a", ${h});`, "app.test.js": `${CJS} app.get("/test", ${h});` };
    expect(routesOf(modelFrom(files))).toEqual(["GET /a"]);
  });

  it("leaves out an old app that nothing runs", () => {
    const files = { "app.js": `${CJS} app.get("/a", ${h}); app.listen(1);`, "old.js": `${CJS} app.get("/old", ${h});` };
    expect(routesOf(modelFrom(files))).toEqual(["GET /a"]);
  });

  it("points at the verb of a chain", () => {
    const model = modelFrom({ "app.js": `${CJS}\napp\n  .route("/a")\n  .get(${h})\n  .post(${h});` });
    expect(model.routes.map(({ method, line }) => `${method} ${line}`)).toEqual(["GET 4", "POST 5"]);
  });
});

describe("express handlers", () => {
  it.each<[string, string, string]>([
    ["a function", `function list() {} app.get("/a", list);`, "list"],
    ["an object's method", `const users = { list() {} }; app.get("/a", users.list);`, "list"],
    ["an instance's method", `class Users { list() {} } const users = new Users(); app.get("/a", users.list);`, "list"],
    [
      "a bound method",
      `class Users { list() {} } const users = new Users(); app.get("/a", users.list.bind(users));`,
      "list",
    ],
    [
      "a method bound in the constructor",
      `class Users { constructor() { this.list = this.list.bind(this); } list() {} } app.get("/a", new Users().list);`,
      "list",
    ],
    ["an arrow field", `class Users { list = () => {}; } app.get("/a", new Users().list);`, "list"],
    ["a static method", `class Users { static list() {} } app.get("/a", Users.list);`, "list"],
    [
      "a package's wrapper",
      `const wrap = require("express-async-handler"); async function list() {} app.get("/a", wrap(list));`,
      "list",
    ],
    [
      "an own wrapper",
      `const wrap = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next); async function list() {} app.get("/a", wrap(list));`,
      "list",
    ],
    [
      "an own wrapper with rest",
      `const wrap = (fn) => (...args) => fn(...args); async function list() {} app.get("/a", wrap(list));`,
      "list",
    ],
    [
      "an async own wrapper",
      `const wrap = (fn) => async (req, res, next) => { try { await fn(req, res, next); } catch (e) { next(e); } }; function list() {} app.get("/a", wrap(list));`,
      "list",
    ],
    [
      "two wrappers",
      `const wrap = (fn) => (req, res, next) => fn(req, res, next); function list() {} app.get("/a", wrap(wrap(list)));`,
      "list",
    ],
    [
      "a factory",
      `const make = (service) => function list(req, res) { service(req); }; app.get("/a", make(() => 1));`,
      "list",
    ],
    [
      "a factory of controllers",
      `const make = (db) => ({ list: function list() { db.x(); } }); app.get("/a", make({}).list);`,
      "list",
    ],
    ["a method given later", `const users = {}; users.list = () => {}; app.get("/a", users.list);`, "list"],
    [
      "the last of several",
      `const auth = () => {}; function list() {} app.get("/a", auth, [auth, auth], list);`,
      "list",
    ],
  ])("finds %s", (_, code, expected) => {
    const model = modelFrom({ "app.js": `${CJS} ${code}` });
    const [route] = model.routes;
    expect(route?.handlers.map((handler) => model.fn(handler.fn ?? "")?.name)).toEqual([expected]);
  });

  it("keeps the order of middleware, and its construction", () => {
    const model = modelFrom({
      "auth.js": `module.exports = function auth(req, res, next) { next(); };`,
      "r.js": `const router = require("express").Router(); router.use(require("./auth"));
        router.get("/x", function own(q, s, n) { n(); }, ${h}); router.use(function late(q, s, n) { n(); }); module.exports = router;`,
      "app.js": `${CJS} const limit = require("express-rate-limit"); const { rateLimit } = limit;
        app.use(express.json({ limit: "1mb" }));
        app.use("/api", limit({ max: 5 }));
        app.use("/other", rateLimit({ max: 9 }));
        app.use("/api", function local(q, s, n) { n(); }, require("./r"));
        app.use(function late(q, s, n) { n(); });
        app.use((error, req, res, next) => next(error));`,
    });
    const [route] = model.routes;
    const names = route?.middleware.map(({ fn, api }) => api ?? model.fn(fn ?? "")?.name);
    expect(names).toEqual(["express:json()", "express-rate-limit:()", "local", "auth", "own"]);
    expect(route?.middleware[1]?.construction?.args).toEqual([
      { kind: "object", open: false, entries: { max: { kind: "literal", value: 5 } } },
    ]);
  });

  it("runs a mounted router's middleware for what comes behind it", () => {
    const model = modelFrom({
      "app.js": `${CJS} const guard = express.Router(); guard.use(function auth(q, s, n) { n(); });
        app.get("/open", ${h}); app.use("/api", guard); app.get("/api/x", ${h}); app.get("/y", ${h});`,
    });
    const guarded = model.routes.map(({ path, middleware }) => `${path} ${middleware.length}`);
    expect(guarded).toEqual(["/open 0", "/api/x 1", "/y 0"]);
  });
});
