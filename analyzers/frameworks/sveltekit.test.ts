import { describe, expect, it } from "vitest";
import { modelFrom, routesOf } from "../link/testing/model-from.ts";

type Files = Record<string, string>;
type Case = [name: string, files: Files, routes: string[]];

const manifest = JSON.stringify({ name: "shop", type: "module", devDependencies: { "@sveltejs/kit": "^2.0.0" } });
const app = (files: Files) =>
  modelFrom({ "package.json": manifest, "svelte.config.js": "export default {};", ...files });
const GET = "export const GET = () => new Response('ok');";
const load = "export const load = async () => ({});";

describe("SvelteKit routes", () => {
  it.each<Case>([
    [
      "every verb of an endpoint",
      {
        "src/routes/api/+server.ts":
          "export const GET = () => {}; export async function POST() {} export const PUT = () => {}; export { del as DELETE }; const del = () => {}; export const fallback = () => {}; export const other = 1;",
      },
      ["ALL /api", "DELETE /api", "GET /api", "POST /api", "PUT /api"],
    ],
    [
      "parameters, groups and matchers",
      {
        "src/routes/(app)/users/[id=integer]/+server.ts": GET,
        "src/routes/[[lang]]/docs/[...path]/+server.js": GET,
        "src/routes/[x+2e]well-known/a/+server.ts": GET,
        "src/routes/embed-[tag]/+server.ts": GET,
      },
      ["GET /.well-known/a", "GET /:lang?/docs/*path", "GET /embed-:tag", "GET /users/:id"],
    ],
    [
      "pages with a load on the server, on both sides, and without one",
      {
        "src/routes/+page.svelte": "<h1>Hi</h1>",
        "src/routes/a/+page.server.ts": load,
        "src/routes/a/+page.svelte": "",
        "src/routes/b/+page.ts": load,
        "src/routes/b/+page@.svelte": "",
        "src/routes/c/helper.ts": load,
        "src/routes/d/+layout.server.ts": load,
        "src/routes/d/+error.svelte": "",
      },
      ["GET /", "GET /a", "GET /b"],
    ],
    [
      "form actions",
      {
        "src/routes/login/+page.server.ts":
          "import { logout } from './logout'; export const actions = { default: async () => {}, 'save-all': () => {}, logout };",
        "src/routes/login/logout.ts": "export async function logout() {}",
        "src/routes/login/+page.svelte": "",
      },
      ["ACTION /login", "ACTION /login?/logout", "ACTION /login?/save-all", "GET /login"],
    ],
    [
      "actions that satisfy a type, and re-exported verbs",
      {
        "src/routes/a/+page.server.ts": "export const actions = { add: async () => {} } satisfies Actions;",
        "src/routes/b/+server.ts": "export { GET, POST } from '../../lib/handlers';",
        "src/lib/handlers.ts": "export const GET = () => {}; export const POST = () => {};",
      },
      ["ACTION /a?/add", "GET /a", "GET /b", "POST /b"],
    ],
    [
      "what the build makes",
      {
        "src/routes/+layout.ts": "export const prerender = true;",
        "src/routes/+page.svelte": "",
        "src/routes/about/+page.svelte": "",
        "src/routes/live/+page.ts": `export const prerender = false; ${load}`,
        "src/routes/feed.xml/+server.ts": `export const prerender = true; ${GET}`,
      },
      ["GET /live"],
    ],
    [
      "a base path",
      {
        "svelte.config.js": "export default { kit: { paths: { base: '/app' } } };",
        "src/routes/+page.svelte": "",
        "src/routes/x/+server.ts": GET,
      },
      ["GET /app", "GET /app/x"],
    ],
    [
      "an app of files alone",
      { "svelte.config.js": "import adapter from '@sveltejs/adapter-static';", "src/routes/+page.ts": load },
      [],
    ],
    [
      "remote functions",
      {
        "src/lib/posts.remote.ts":
          "import { query, form, command, prerender } from '$app/server'; export const list = query(async () => []); export const one = query(schema, async (id) => id); export const add = form(schema, async (d) => d); export const like = command('unchecked', async () => {}); export const about = prerender(async () => 1); export const batch = query.batch(schema, async () => []);",
      },
      ["ACTION add", "ACTION like", "QUERY batch", "QUERY list", "QUERY one"],
    ],
    ["a test beside a route", { "src/routes/a/+server.test.ts": GET, "src/routes/a/page.server.spec.ts": load }, []],
    [
      "nonsense",
      { "src/routes/a/+server.ts": "export const {", "src/routes/b/+page.server.ts": "export const actions = make();" },
      ["GET /b"],
    ],
  ])("%s", (_, files, routes) => {
    expect(routesOf(app(files))).toEqual(routes);
  });

  it("puts hooks and the loads of layouts before a page, resets included", () => {
    const model = app({
      "src/hooks.server.ts":
        "import { sequence } from '@sveltejs/kit/hooks'; const a = ({ event, resolve }) => resolve(event); const b = async ({ event, resolve }) => resolve(event); export const handle = sequence(a, b);",
      "src/routes/+layout.server.ts": load,
      "src/routes/(app)/+layout.server.ts": load,
      "src/routes/(app)/x/+layout.ts": load,
      "src/routes/(app)/x/+page.server.ts": load,
      "src/routes/(app)/x/+page.ts": load,
      "src/routes/(app)/x/y/+page@(app).svelte": "",
      "src/routes/(app)/z/+page@.svelte": "",
      "src/routes/(app)/x/+server.ts": GET,
    });
    const shown = model.routes.map(({ method, path, via, middleware, handlers }) => [
      `${via} ${method} ${path}`,
      middleware.map(({ place }) => place.file).join(" "),
      handlers.map(({ place }) => place.file).join(" "),
    ]);
    const hooks = "src/hooks.server.ts src/hooks.server.ts";
    const layouts = "src/routes/+layout.server.ts src/routes/(app)/+layout.server.ts";
    expect(shown).toEqual([
      ["http GET /x", hooks, "src/routes/(app)/x/+server.ts"],
      [
        "page GET /x",
        `${hooks} ${layouts} src/routes/(app)/x/+layout.ts`,
        "src/routes/(app)/x/+page.server.ts src/routes/(app)/x/+page.ts",
      ],
      ["page GET /x/y", `${hooks} ${layouts}`, ""],
      ["page GET /z", `${hooks} src/routes/+layout.server.ts`, ""],
    ]);
  });

  it("leads from an action through $lib to what it calls, and names the environment", () => {
    const model = app({
      "src/routes/buy/+page.server.ts":
        "import { pay } from '$lib/server/pay'; export const actions = { default: async () => pay() };",
      "src/lib/server/pay.ts":
        "import Stripe from 'stripe'; import { STRIPE_KEY } from '$env/static/private'; import { env } from '$env/dynamic/private'; const stripe = new Stripe(STRIPE_KEY); export const pay = () => stripe.paymentIntents.create({ a: env.CURRENCY });",
    });
    const [use] = model.usesOf("stripe:().paymentIntents.create");
    expect(use === undefined ? [] : model.reach(use.call).map(({ entry }) => entry.label)).toEqual(["ACTION /buy"]);
    expect(model.services[0]?.env.map(({ name }) => name)).toEqual(["CURRENCY", "STRIPE_KEY"]);
    expect(model.usesOf("stripe:")[0]?.call.args).toEqual([{ kind: "env", name: "STRIPE_KEY", default: null }]);
  });

  it("knows the fetch that a load is given, and the app's own addresses", () => {
    const model = app({
      "src/routes/+page.ts":
        "import { base } from '$app/paths'; export const load = async ({ fetch, url }) => { await fetch('https://api.example.com'); await fetch(`${url.origin}${base}/api/x`); };",
    });
    const calls = model.usesOf("@sveltejs/kit:RequestEvent().fetch");
    expect(calls.map(({ kind, call: { args } }) => [kind, args[0]])).toEqual([
      ["http", { kind: "literal", value: "https://api.example.com" }],
      ["http", { kind: "template", parts: ["", "", "/api/x"] }],
    ]);
  });

  it("starts with the hooks", () => {
    const model = app({
      "src/hooks.server.ts":
        "import { start } from './start'; export const init = async () => start(); export const handleError = () => {};",
      "src/start.ts": "export const start = () => fetch('https://x.example.com');",
    });
    const [use] = model.usesOf("global:fetch");
    expect(use === undefined ? [] : model.reach(use.call).map(({ entry }) => `${entry.kind} ${entry.label}`)).toEqual([
      "process init",
    ]);
  });
});
