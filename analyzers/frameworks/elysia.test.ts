import { describe, expect, it } from "vitest";
import { modelFrom, routesOf } from "../link/testing/model-from.ts";

type Case = [name: string, files: Record<string, string>, routes: string[]];

const APP = `import { Elysia } from "elysia"; const app = new Elysia();`;
const h = "() => ({})";

describe("elysia routes", () => {
  it.each<Case>([
    [
      "a chain",
      {
        "app.ts": `import { Elysia } from "elysia"; new Elysia({ prefix: "/api" }).get("/a", ${h}).post("/b", "made").route("purge", "/c", ${h}).listen(3000);`,
      },
      ["GET /api/a", "POST /api/b", "PURGE /api/c"],
    ],
    [
      "instances that use each other",
      {
        "app.ts": `${APP} import { boats } from "./boats"; app.use(boats); app.use(load()); app.listen(3000);`,
        "boats.ts": `import { Elysia } from "elysia"; export const boats = new Elysia({ prefix: "boats" }).get("/", ${h}).use(new Elysia().delete("/:id", ${h}));`,
      },
      ["DELETE /boats/:id", "GET /boats"],
    ],
    [
      "groups, guards and functions",
      {
        "app.ts": `${APP} const admin = (own) => own.get("/admin", ${h}); app.group("/v1", (own) => own.get("/a", ${h}).group("/v2", (inner) => inner.put("/b", ${h}))).guard({ auth: true }, (own) => own.patch("/c", ${h})).use(admin).listen(3000);`,
      },
      ["GET /admin", "GET /v1/a", "PATCH /c", "PUT /v1/v2/b"],
    ],
    [
      "other objects are no instances",
      { "app.ts": `${APP} app.get("/a", ({ set }) => { set.get("/x", 1); return new Map().get("/y"); }).listen(1);` },
      ["GET /a"],
    ],
  ])("%s", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });

  it("run the hooks that stand before them", () => {
    const model = modelFrom({
      "app.ts": `${APP} const signedIn = () => { throw new Error("401"); }; const own = () => ({}); app.get("/open", ${h}).guard({ beforeHandle: signedIn }, (inner) => inner.get("/kept", ${h})).get("/both", ${h}, { beforeHandle: [signedIn, own], isStaff: true, detail: {} }).onBeforeHandle(own).get("/last", ${h}).listen(1);`,
    });
    const before = (path: string): string[] =>
      (model.routes.find((route) => route.path === path)?.middleware ?? []).map(({ fn, api }) =>
        fn === null ? (api ?? "?") : (model.fn(fn)?.name ?? "?"),
      );
    expect(before("/open")).toEqual([]);
    expect(before("/kept")).toEqual(["signedIn"]);
    expect(before("/both")).toEqual(["signedIn", "own", "elysia:macro.isStaff"]);
    expect(before("/last")).toEqual(["own"]);
  });

  it("hear sockets", () => {
    const model = modelFrom({
      "app.ts": `${APP} app.ws("/chat", { body: schema, message: (ws, text) => ws.send(text), open: (ws) => ws.subscribe("all") }).listen(1);`,
    });
    expect(model.routes).toEqual([]);
    expect(model.entries.filter(({ kind }) => kind === "socket").map(({ label }) => label)).toEqual([
      "socket /chat",
      "socket /chat",
    ]);
  });
});
