import { describe, expect, it } from "vitest";
import { modelFrom, routesOf } from "../link/testing/model-from.ts";

type Files = Record<string, string>;
type Case = [name: string, files: Files, routes: string[]];

const manifest = JSON.stringify({ name: "shop", dependencies: { nuxt: "^4.0.0" } });
const app = (files: Files) =>
  modelFrom({ "package.json": manifest, "nuxt.config.ts": "export default defineNuxtConfig({});", ...files });
const handler = "export default defineEventHandler(async (event) => ({}));";

describe("Nuxt and Nitro routes", () => {
  it.each<Case>([
    [
      "methods and parameters by file name",
      {
        "server/api/users/index.get.ts": handler,
        "server/api/users/[id].put.ts": handler,
        "server/api/users/[id]/[...rest].ts": handler,
        "server/api/files/[...].delete.ts": handler,
        "server/routes/sitemap.xml.ts": handler,
        "server/routes/index.head.js": handler,
      },
      [
        "ALL /api/users/:id/*rest",
        "ALL /sitemap.xml",
        "DELETE /api/files/*",
        "GET /api/users",
        "HEAD /",
        "PUT /api/users/:id",
      ],
    ],
    [
      "groups, and what is no route",
      {
        "server/api/(admin)/stats.get.ts": handler,
        "server/api/seed.dev.ts": handler,
        "server/api/types.d.ts": "export default {};",
        "server/api/-draft.ts": handler,
        "server/api/a.test.ts": handler,
        "server/api/helper.ts": "export const help = 1;",
      },
      ["GET /api/stats"],
    ],
    [
      "pages",
      {
        "app/pages/index.vue": "",
        "app/pages/users/[id].vue": "",
        "app/pages/users.vue": "",
        "app/pages/docs/[...slug].vue": "",
        "app/pages/(auth)/login.vue": "",
        "app/pages/map.client.vue": "",
        "app/components/page.vue": "",
      },
      ["GET /", "GET /docs/*slug", "GET /login", "GET /users", "GET /users/:id"],
    ],
    [
      "pages of the browser alone",
      { "nuxt.config.ts": "export default defineNuxtConfig({ ssr: false });", "pages/index.vue": "" },
      [],
    ],
    [
      "a layer below and one beside",
      {
        "nuxt.config.ts": "export default defineNuxtConfig({ extends: ['./base'] });",
        "base/nuxt.config.ts": "export default defineNuxtConfig({});",
        "base/server/api/hello.ts": handler,
        "layers/shop/nuxt.config.ts": "export default defineNuxtConfig({});",
        "layers/shop/server/api/cart.post.ts": handler,
        "server/api/a.get.ts": handler,
      },
      ["ALL /api/hello", "GET /api/a", "POST /api/cart"],
    ],
    [
      "a folder of its own",
      {
        "nuxt.config.ts": "export default defineNuxtConfig({ serverDir: 'backend' });",
        "backend/api/a.get.ts": handler,
      },
      ["GET /api/a"],
    ],
    [
      "Nitro alone",
      {
        "package.json": JSON.stringify({ name: "api", dependencies: { nitropack: "^2" } }),
        "nuxt.config.ts": "",
        "nitro.config.ts": "export default defineNitroConfig({ srcDir: 'server' });",
        "server/api/a.post.ts": handler,
        "server/routes/b.get.ts": "import { eventHandler } from 'h3'; export default eventHandler(() => 1);",
      },
      ["GET /b", "POST /api/a"],
    ],
    ["a broken handler", { "server/api/a.get.ts": "export default defineEventHandler(" }, []],
    ["a handler that nobody knows", { "server/api/a.get.ts": "export default makeHandler();" }, ["GET /api/a"]],
  ])("%s", (_, files, routes) => {
    expect(routesOf(app(files))).toEqual(routes);
  });

  it("follows wrappers, options and what is imported by itself", () => {
    const model = app({
      "server/api/a.post.ts":
        "export default defineEventHandler(async (event) => { const body = await readBody(event); await notify(body); });",
      "server/api/b.get.ts": "export default defineCachedEventHandler(async () => notify(1), { maxAge: 60 });",
      "server/api/c.get.ts": "export default defineEventHandler({ onRequest: [], handler: async () => notify(2) });",
      "server/api/d.get.ts": "export default definePermitted('x', async () => notify(3));",
      "server/api/e.get.ts":
        "import { defineEventHandler } from '#imports'; export default defineEventHandler(() => sendMail());",
      "server/utils/notify.ts": "export async function notify(x) { await $fetch('https://hooks.example.com'); }",
      "server/utils/handlers.ts":
        "export const definePermitted = (name, fn) => defineEventHandler(async (event) => { await requireUserSession(event); return fn(event); });",
      "server/utils/send-mail.ts": "export default () => $fetch('https://mail.example.com');",
      "app/components/a.ts": "notify(1); $fetch('/x');",
    });
    const reached = model.usesOf("ofetch:$fetch").map(({ call }) =>
      model
        .reach(call)
        .map(({ entry }) => entry.label)
        .toSorted(),
    );
    expect(reached).toEqual([["GET /api/b", "GET /api/c", "GET /api/d", "POST /api/a"], ["GET /api/e"]]);
    expect(model.usesOfKind("cache").map(({ api }) => api)).toEqual(["nitropack/runtime:defineCachedEventHandler"]);
    expect(model.context("server/utils/notify.ts")).toBe("server");
    expect(model.context("app/components/a.ts")).toBe("browser");
  });

  it.each([
    ["by itself", ""],
    ["by name", "import { db } from 'hub:db'; "],
  ])("knows the database that NuxtHub imports %s", (_, head) => {
    const model = app({
      "server/api/a.get.ts": `${head}export default eventHandler(() => db.select().from(schema.todos));`,
    });
    const [use] = model.usesOfKind("database-read");
    expect(use === undefined ? [] : model.reach(use.call).map(({ entry }) => entry.label)).toEqual(["GET /api/a"]);
  });

  it("looks into folders that the configuration names", () => {
    const model = app({
      "nuxt.config.ts": "export default defineNuxtConfig({ nitro: { imports: { dirs: ['./server/services'] } } });",
      "server/api/a.get.ts": "export default eventHandler(() => new Mailer().send());",
      "server/services/mailer.ts":
        "import nodemailer from 'nodemailer'; export class Mailer { send() { return nodemailer.createTransport({}).sendMail({}); } }",
    });
    const [use] = model.usesOf("nodemailer:createTransport().sendMail");
    expect(use === undefined ? [] : model.reach(use.call).map(({ entry }) => entry.label)).toEqual(["GET /api/a"]);
  });

  it("runs middleware first, plugins at the start, and tasks by their schedule", () => {
    const model = app({
      "nuxt.config.ts":
        "export default defineNuxtConfig({ nitro: { scheduledTasks: { '0 3 * * *': ['db:clean'] } } });",
      "server/middleware/auth.ts": "export default defineEventHandler((event) => {});",
      "server/plugins/a.ts": "export default defineNitroPlugin(() => {});",
      "server/tasks/db/clean.ts": "export default defineTask({ meta: {}, run() {} });",
      "server/tasks/reindex.ts": "export default defineTask({ run: async () => {} });",
      "server/api/a.get.ts": handler,
    });
    expect(model.routes[0]?.middleware.map(({ place }) => place.file)).toEqual(["server/middleware/auth.ts"]);
    const others = model.entries.filter(({ kind }) => kind !== "route").map(({ kind, label }) => `${kind} ${label}`);
    expect(others.toSorted()).toEqual([
      "event task reindex",
      "process plugin",
      "process server/plugins/a.ts",
      "schedule cron 0 3 * * *",
    ]);
  });
});
