import { describe, expect, it } from "vitest";
import { modelFrom, routesOf, waysTo } from "../link/testing/model-from.ts";
import type { Handler } from "../model.ts";

type Case = [name: string, files: Record<string, string>, routes: string[]];

const APP = `import { Hono } from "hono"; const app = new Hono();`;
const h = "(c) => c.json({})";

describe("hono routes", () => {
  it.each<Case>([
    [
      "every verb",
      {
        "app.ts": `${APP} app.get("/a", ${h}); app.post("/a", ${h}); app.put("/a", ${h}); app.patch("/a", ${h}); app.delete("/a", ${h}); app.options("/b", ${h}); app.all("/c/*", ${h});`,
      },
      ["ALL /c/*", "DELETE /a", "GET /a", "OPTIONS /b", "PATCH /a", "POST /a", "PUT /a"],
    ],
    [
      "a chain",
      { "app.ts": `import { Hono } from "hono"; export default new Hono().get("/a", ${h}).post("/b", ${h});` },
      ["GET /a", "POST /b"],
    ],
    [
      "no path of its own",
      { "app.ts": `${APP} app.get("/a", ${h}).post(${h}); const b = new Hono(); b.get(${h}); app.route("/b", b);` },
      ["GET /a", "GET /b", "POST /a"],
    ],
    [
      "on()",
      {
        "app.ts": `${APP} app.on("PURGE", "/a", ${h}); app.on(["GET", "post"], ["/b", "/c"], ${h}); app.on(load(), "/d", ${h});`,
      },
      ["ALL /d", "GET /b", "GET /c", "POST /b", "POST /c", "PURGE /a"],
    ],
    [
      "parameters with patterns",
      { "app.ts": `${APP} app.get("/a/:id{[0-9]{2}}/:name?", ${h});` },
      ["GET /a/:id/:name?"],
    ],
    [
      "what is not known",
      {
        "app.ts": `${APP} app.get(load(), ${h}); app.get("/a", load()); app.openapi(load(), ${h}); app.route(load(), load()); app.use(load());`,
      },
      ["ALL /*", "GET /*", "GET /a"],
    ],
    [
      "other objects are no apps",
      {
        "app.ts": `${APP} app.get("/a", (c) => { c.get("user"); c.req.header.get("/x", 1); return new Map().get("/y", 2); });`,
      },
      ["GET /a"],
    ],
    [
      "OpenAPI descriptions",
      {
        "app.ts": `import { OpenAPIHono, createRoute } from "@hono/zod-openapi"; const app = new OpenAPIHono(); const one = createRoute({ method: "get", path: "/users/{id}" }); app.openapi(one, ${h}).openapi({ ...one, method: "delete" }, ${h}); app.doc("/doc", {});`,
      },
      ["DELETE /users/:id", "GET /doc", "GET /users/:id"],
    ],
    [
      "descriptions handed through a function",
      {
        "app.ts": `import { OpenAPIHono, createRoute } from "@hono/zod-openapi"; const define = (prefix) => ({ route, handler }) => ({ mount(app) { app.openapi({ ...route, tags: [prefix] }, handler); } }); const users = define("users"); const list = users({ route: createRoute({ method: "get", path: "/a" }), handler: ${h} }); const add = users({ route: createRoute({ method: "post", path: "/b" }), handler: ${h} }); const app = new OpenAPIHono(); list.mount(app); add.mount(app);`,
      },
      ["GET /a", "POST /b"],
    ],
    [
      "the presets",
      { "app.ts": `import { Hono } from "hono/tiny"; const app = new Hono(); app.get("/a", ${h});` },
      ["GET /a"],
    ],
    [
      "apps that a function makes by another one",
      {
        "make.ts": `import { Hono } from "hono"; const plain = () => new Hono(); export const make = () => plain(); export const guarded = () => plain().use(async (c, next) => next());`,
        "users.ts": `import { make, guarded } from "./make"; const me = guarded().get("/", ${h}); export const users = make().route("/me", me);`,
        "app.ts": `import { make } from "./make"; import { users } from "./users"; export default make().route("/users", users);`,
      },
      ["GET /users/me"],
    ],
    [
      "a factory's app",
      {
        "app.ts": `import { createFactory } from "hono/factory"; const factory = createFactory(); const app = factory.createApp(); app.get("/a", ${h});`,
      },
      ["GET /a"],
    ],
  ])("registered by %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  const SUB = `import { Hono } from "hono"; const app = new Hono(); app.get("/", ${h}); app.get("/:id", ${h}); export default app;`;

  it.each<Case>([
    [
      "route()",
      { "r.ts": SUB, "app.ts": `${APP} import r from "./r"; app.route("/users", r); export default app;` },
      ["GET /users", "GET /users/:id"],
    ],
    [
      "chained route()",
      {
        "r.ts": SUB,
        "app.ts": `import { Hono } from "hono"; import r from "./r"; const app = new Hono().basePath("/api").route("/a", r).route("/b", r); export default app;`,
      },
      ["GET /api/a", "GET /api/a/:id", "GET /api/b", "GET /api/b/:id"],
    ],
    [
      "base paths of both",
      {
        "app.ts": `import { Hono } from "hono"; const sub = new Hono().basePath("/v1").basePath("users"); sub.get("/x", ${h}); const app = new Hono().basePath("/api"); app.route("/in", sub); app.get("/y", ${h});`,
      },
      ["GET /api/in/v1/users/x", "GET /api/y"],
    ],
    [
      "a base path beside the app",
      { "app.ts": `${APP} const api = app.basePath("/api"); api.get("/x", ${h}); app.get("/y", ${h});` },
      ["GET /api/x", "GET /y"],
    ],
    [
      "a function that makes it",
      {
        "app.ts": `import { OpenAPIHono } from "@hono/zod-openapi"; const make = () => new OpenAPIHono(); const a = make().get("/x", ${h}); const b = make().get("/y", ${h}); const app = make(); [a, b].forEach((each) => { app.route("/", each); });`,
      },
      ["GET /x", "GET /y"],
    ],
    [
      "a function that fills it",
      {
        "r.ts": `import type app from "./app"; export function users(api: typeof app) { return api.get("/x", ${h}); }`,
        "app.ts": `import { Hono } from "hono"; import { users } from "./r"; const app = new Hono(); const sub = new Hono(); users(sub); app.route("/users", sub); export default app;`,
      },
      ["GET /users/x"],
    ],
    ["itself", { "app.ts": `${APP} app.get("/a", ${h}); app.route("/again", app);` }, []],
  ])("below %s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  it.each<Case>([
    [
      "serve()",
      {
        "app.ts": `${APP} import { serve } from "@hono/node-server"; app.get("/a", ${h}); serve({ fetch: app.fetch, port: 3000 });`,
      },
      ["GET /a"],
    ],
    ["Bun.serve()", { "app.ts": `${APP} app.get("/a", ${h}); Bun.serve({ fetch: app.fetch });` }, ["GET /a"]],
    ["an export of the app", { "app.ts": `${APP} app.get("/a", ${h}); export default app;` }, ["GET /a"]],
    [
      "an export of its fetch",
      { "app.ts": `${APP} app.get("/a", ${h}); export default { port: 3000, fetch: app.fetch };` },
      ["GET /a"],
    ],
    [
      "a host's adapter",
      { "app.ts": `${APP} import { handle } from "hono/vercel"; app.get("/a", ${h}); export const GET = handle(app);` },
      ["GET /a"],
    ],
  ])("served by %s, not those of an app that nobody mounts", (_, files, routes) => {
    const forgotten = `import { Hono } from "hono"; export const old = new Hono().get("/old", ${h});`;
    const app = `import "./old"; ${files["app.ts"]}`;
    expect(routesOf(modelFrom({ "old.ts": forgotten, "app.ts": app }))).toEqual(routes);
  });
});

describe("hono middleware", () => {
  const fn = (name: string) => `async function ${name}(c, next) { await next(); }`;

  it.each<[string, string, string[]]>([
    [
      "in the order of registration",
      `app.use(${fn("all")}); app.use("*", ${fn("star")}); app.get("/a", ${fn("own")}, ${fn("list")}); app.use(${fn("late")}); app.get("/b", ${fn("b")});`,
      ["/a: all star own list", "/b: all star late b"],
    ],
    [
      "at its very path, below it only with a star",
      `app.use("/x", ${fn("exact")}); app.use("/x/*", ${fn("below")}); app.use("/:any/y", ${fn("param")}); app.get("/x", ${fn("a")}); app.get("/x/y", ${fn("b")}); app.get("/z", ${fn("c")});`,
      ["/x: exact below a", "/x/y: below param b", "/z: c"],
    ],
    [
      "of a mounted app only below it",
      `const sub = new Hono(); sub.use("*", ${fn("auth")}); sub.get("/in", ${fn("a")}); app.route("/sub", sub); app.get("/sub/behind", ${fn("b")}); app.get("/out", ${fn("c")});`,
      ["/sub/in: auth a", "/sub/behind: auth b", "/out: c"],
    ],
    [
      "of a description",
      `const api = new OpenAPIHono(); api.openapi(createRoute({ method: "get", path: "/a", middleware: [${fn("one")}, ${fn("two")}] }), ${fn("a")}); api.openapi(createRoute({ method: "get", path: "/b", middleware: ${fn("three")} }), ${fn("b")}); app.route("/", api);`,
      ["/a: one two a", "/b: three b"],
    ],
    [
      "of a factory",
      `const factory = createFactory(); const auth = createMiddleware(${fn("auth")}); const own = factory.createMiddleware(${fn("own")}); const both = factory.createHandlers(own, ${fn("list")}); app.get("/a", auth, ...both);`,
      ["/a: auth own list"],
    ],
    [
      "of packages",
      `app.use(cors()); app.use("/x/*", bearerAuth({ token: "t" })); app.get("/x/a", ${fn("a")});`,
      ["/x/a: hono/cors:cors() hono/bearer-auth:bearerAuth() a"],
    ],
    [
      "of a route of its own in front of the real one",
      `app.post("/a/*", ${fn("guard")}); app.get("/a/:id", async function show(c) {}); app.post("/a/:id", async function change(c) {});`,
      ["/a/:id: show", "/a/:id: guard change"],
    ],
    [
      "spread into its place",
      `const all = [${fn("one")}, ${fn("two")}]; app.use(...all); app.use("/a", ...all); app.get("/a", ${fn("a")});`,
      ["/a: one two one two a"],
    ],
  ])("runs %s", (_, code, expected) => {
    const imports = `import { OpenAPIHono, createRoute } from "@hono/zod-openapi"; import { createFactory, createMiddleware } from "hono/factory"; import { cors } from "hono/cors"; import { bearerAuth } from "hono/bearer-auth";`;
    const model = modelFrom({ "app.ts": `${APP} ${imports} ${code} export default app;` });
    const name = ({ fn: id, api }: Handler) => api ?? model.fn(id ?? "")?.name ?? "?";
    const chains = model.routes.map(
      ({ path, middleware, handlers }) => `${path}: ${[...middleware, ...handlers].map(name).join(" ")}`,
    );
    expect(chains).toEqual(expected);
  });
});

describe("what a Hono context holds", () => {
  it.each([
    ["get()", `c.get("db")`],
    ["var", `c.var.db`],
  ])("is found through %s", (_, read) => {
    const model = modelFrom({
      "app.ts": `${APP} import { Pool } from "pg"; import { createMiddleware } from "hono/factory"; const store = createMiddleware(async (c, next) => { c.set("db", new Pool()); await next(); }); app.use(store); async function list(c) { return c.json(await ${read}.query("select 1")); } app.get("/a", list); export default app;`,
    });
    expect(waysTo(model, "pg:Pool().query")).toEqual(["GET /a: list > pg:Pool().query"]);
  });
});

describe("hono entries", () => {
  it.each([
    [
      "a socket's listeners",
      `app.get("/ws", upgradeWebSocket((c) => ({ onMessage(event) { fetch("https://a.example"); } })));`,
      ["socket socket /ws"],
    ],
    [
      "a worker's schedule",
      `export default { fetch: app.fetch, async scheduled() { await fetch("https://a.example"); } };`,
      ["schedule cron of the worker"],
    ],
    [
      "a worker's queue",
      `export default { fetch: app.fetch, queue: async (batch) => { await fetch("https://a.example"); } };`,
      ["worker-job job of the worker's queue"],
    ],
    [
      "listening",
      `import { serve } from "@hono/node-server"; serve({ fetch: app.fetch }, () => { fetch("https://a.example"); });`,
      ["process listen"],
    ],
  ])("leads from %s", (_, code, expected) => {
    const model = modelFrom({ "app.ts": `${APP} import { upgradeWebSocket } from "hono/cloudflare-workers"; ${code}` });
    const [use] = model.usesOf("global:fetch");
    const entries = use === undefined ? [] : model.reach(use.call).map(({ entry }) => `${entry.kind} ${entry.label}`);
    expect(entries).toEqual(expected);
    expect(routesOf(model)).toEqual([]);
  });
});
