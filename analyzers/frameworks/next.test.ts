/** Routes of small Next apps, one form at a time. */
import { describe, expect, it } from "vitest";
import { modelFrom, routesOf, waysTo } from "../link/testing/model-from.ts";
import type { Model } from "../model.ts";

type Case = [name: string, files: Record<string, string>, routes: string[]];

const manifest = (next = "16.0.0", more: Record<string, string> = {}) =>
  JSON.stringify({ name: "web", scripts: { start: "next start" }, dependencies: { next, react: "19", ...more } });

function nextApp(files: Record<string, string>): Model {
  return modelFrom({ "package.json": manifest(), ...files });
}

/** `GET /a: outer, inner > handler` */
function chains(model: Model): string[] {
  const nameOf = (id: string | null, api: string | null) => (id === null ? (api ?? "?") : (model.fn(id)?.name ?? "()"));
  return model.routes.map(
    ({ method, path, middleware, handlers }) =>
      `${method} ${path}: ${middleware.map(({ fn, api }) => nameOf(fn, api)).join(", ")} > ${handlers.map(({ fn, api }) => nameOf(fn, api)).join(", ")}`,
  );
}

const GET = "export async function GET() { return Response.json({}); }";
const PAGE = "export default async function Page() { return <p/>; }";

describe("route handlers", () => {
  it.each<Case>([
    [
      "functions and constants",
      {
        "app/api/a/route.ts": `${GET}\nexport const POST = async (request: Request) => Response.json({});\nexport const maxDuration = 60;`,
        "app/api/a/helper.ts": GET,
      },
      ["GET /api/a", "POST /api/a"],
    ],
    [
      "the folder below src, and JavaScript",
      { "src/app/api/users/[id]/route.js": "export async function DELETE() {}" },
      ["DELETE /api/users/:id"],
    ],
    [
      "groups, catch-alls and private folders",
      {
        "app/(shop)/api/files/[...path]/route.ts": GET,
        "app/api/docs/[[...slug]]/route.ts": GET,
        "app/api/_lib/route.ts": GET,
      },
      ["GET /api/docs/*slug", "GET /api/files/*path"],
    ],
    [
      "lists of exports, renamed and destructured",
      {
        "app/a/route.ts": "const handler = async () => {}; export { handler as GET, handler as POST };",
        "app/b/route.ts": 'import { handlers } from "../../auth"; export const { GET, POST } = handlers;',
        "auth.ts": 'import NextAuth from "next-auth"; export const { handlers, auth } = NextAuth({ providers: [] });',
        "app/c/route.ts": 'export { GET } from "../a/route";',
        "app/d/route.ts": 'export * from "../a/route";',
      },
      ["GET /a", "GET /b", "GET /c", "GET /d", "POST /a", "POST /b", "POST /d"],
    ],
    [
      "what a package makes",
      {
        "app/api/auth/[...all]/route.ts":
          'import { toNextJsHandler } from "better-auth/next-js"; import { auth } from "../../../../auth"; export const { GET, POST } = toNextJsHandler(auth);',
        "auth.ts": 'import { betterAuth } from "better-auth"; export const auth = betterAuth({});',
        "app/api/inngest/route.ts":
          'import { serve } from "inngest/next"; export const { GET, POST, PUT } = serve({ functions: [] });',
        "app/api/[[...route]]/route.ts":
          'import { handle } from "hono/vercel"; import { Hono } from "hono"; const app = new Hono(); export const GET = handle(app);',
      },
      [
        "GET /api/*route",
        "GET /api/auth/*all",
        "GET /api/inngest",
        "POST /api/auth/*all",
        "POST /api/inngest",
        "PUT /api/inngest",
      ],
    ],
    [
      "other file endings and a base path",
      {
        "next.config.js": 'module.exports = {\n  basePath: "/docs",\n  pageExtensions: ["page.tsx", "api.ts"],\n};',
        "app/a/route.api.ts": GET,
        "app/a/route.ts": GET,
        "app/b/page.page.tsx": PAGE,
        "app/page.page.tsx": PAGE,
      },
      ["GET /docs", "GET /docs/a", "GET /docs/b"],
    ],
    ["what is no Next app", { "package.json": manifest().replaceAll("next", "vite"), "app/a/route.ts": GET }, []],
    ["what cannot be read", { "app/a/route.ts": "export const GET = ((", "app/b/route.ts": "" }, []],
  ])("%s", (_, files, routes) => {
    expect(routesOf(nextApp(files))).toEqual(routes);
  });

  it("opens wrappers: what they run is the handler, they stand before it", () => {
    const model = nextApp({
      "lib/with-auth.ts":
        "export function withAuth(handler) { return async (request, context) => { return handler({ request, user: 1 }); }; }\nexport const withOptions = ({ handler, limit }) => async (request) => handler(request);",
      "app/a/route.ts":
        'import { withAuth } from "../../lib/with-auth";\nexport const POST = withAuth(async function pay({ user }) {});',
      "app/b/route.ts":
        'import { withOptions } from "../../lib/with-auth";\nasync function list() {}\nexport const GET = withOptions({ limit: 1, handler: list });',
      "app/c/route.ts":
        'import { withAxiom } from "next-axiom";\nimport { withAuth } from "../../lib/with-auth";\nexport const GET = withAxiom(withAuth(async function read() {}));',
      "app/d/route.ts":
        'import { withLost } from "@lost/package/nowhere";\nexport const GET = withLost(async function kept() {});',
    });
    expect(chains(model)).toEqual([
      "POST /a: () > pay",
      "GET /b: () > list",
      "GET /c: next-axiom:withAxiom(), () > read",
      "GET /d: @lost/package/nowhere:withLost() > kept",
    ]);
  });

  it("says where and how: line, service, settings", () => {
    const model = nextApp({
      "app/api/ai/route.ts":
        '// GET is elsewhere\nexport const runtime = "edge";\nexport const maxDuration = 5 * 60;\nexport const dynamic = "force-dynamic";\nexport const revalidate = false;\n\nexport const POST = async () => {};',
    });
    expect(model.routes[0]).toMatchObject({
      file: "app/api/ai/route.ts",
      line: 7,
      service: "web",
      framework: "next",
      via: "http",
      settings: { runtime: "edge", maxDuration: 300, dynamic: "force-dynamic", revalidate: false },
    });
  });
});

describe("pages", () => {
  it.each<Case>([
    [
      "server components; what the browser renders is none",
      {
        "app/page.tsx": PAGE,
        "app/blog/[slug]/page.tsx": PAGE,
        "app/login/page.tsx": `"use client";\n${PAGE}`,
        "app/login/loading.tsx": PAGE,
      },
      ["GET /", "GET /blog/:slug"],
    ],
    [
      "one route for a path, whatever slots and interceptions show there",
      {
        "app/feed/page.tsx": PAGE,
        "app/@modal/feed/page.tsx": PAGE,
        "app/feed/(.)photo/[id]/page.tsx": PAGE,
        "app/feed/photo/[id]/page.tsx": PAGE,
      },
      ["GET /feed", "GET /feed/photo/:id"],
    ],
    [
      "the older router: loaded at a request, not by the build",
      {
        "pages/index.tsx": "export const getServerSideProps = async () => ({ props: {} }); export default () => <p/>;",
        "pages/about.tsx":
          "export async function getStaticProps() { return { props: {} }; } export default () => <p/>;",
        "pages/news/[id].tsx":
          "export async function getStaticProps() { return { props: {}, revalidate: 60 }; } export default () => <p/>;",
        "pages/plain.tsx": "export default () => <p/>;",
        "pages/_app.tsx": "export default () => <p/>;",
      },
      ["GET /", "GET /news/:id"],
    ],
  ])("%s", (_, files, routes) => {
    const model = nextApp(files);
    expect(routesOf(model)).toEqual(routes);
    expect(model.routes.every(({ via }) => via === "page")).toBe(true);
  });

  it("run within their layouts, with their metadata", () => {
    const model = nextApp({
      "app/layout.tsx": "export default function Root({ children }) { return children; }",
      "app/shop/layout.tsx": '"use client"; export default function Shop({ children }) { return children; }',
      "app/shop/cart/template.tsx": "export default function Frame({ children }) { return children; }",
      "app/shop/cart/page.tsx":
        "export async function generateMetadata() { return {}; }\nexport default async function Cart() { return <p/>; }",
    });
    expect(chains(model)).toEqual(["GET /shop/cart: Root, Frame > Cart"]);
    expect(model.routes[0]?.handlers[0]?.also).toEqual(["app/shop/cart/page.tsx#1"]);
  });

  it("lead to the components they render, as far as the browser", () => {
    const model = nextApp({
      "app/page.tsx":
        'import { headers } from "next/headers"; import { Stars } from "../components/stars"; import { Form } from "../components/form"; export default async function Page() { await headers(); return <main><Stars/><Form/></main>; }',
      "components/stars.tsx":
        'import Stripe from "stripe"; const stripe = new Stripe("k"); export async function Stars() { await stripe.charges.create({}); return <b/>; }',
      "components/form.tsx":
        '"use client"; import { Resend } from "resend"; export function Form() { new Resend("k").emails.send({}); return <b/>; }',
    });
    expect(waysTo(model, "stripe:().charges.create")).toEqual(["GET /: Page > Stars > stripe:().charges.create"]);
    expect(waysTo(model, "resend:Resend().emails.send")).toEqual(["not found"]);
  });

  it.each([
    ["nothing asks for the request", "", "export default async function Page() { await pay(); return <p/>; }", 0],
    [
      "cookies",
      "",
      'import { cookies } from "next/headers"; export default async function Page() { await cookies(); await pay(); }',
      1,
    ],
    [
      "cookies in a layout",
      'import { cookies } from "next/headers"; export default async function Root({ children }) { await cookies(); return children; }',
      "export default async function Page() { await pay(); }",
      1,
    ],
    ["search parameters", "", "export default async function Page({ searchParams }) { await pay(); }", 1],
    [
      "its own word",
      "",
      'export const dynamic = "force-dynamic"; export default async function Page() { await pay(); }',
      1,
    ],
    [
      "data fetched anew",
      "",
      'export default async function Page() { await fetch("https://a.example", { cache: "no-store" }); await pay(); }',
      1,
    ],
  ])("that the build renders are not waited for: %s", (_, layout, page, ways) => {
    const model = nextApp({
      "app/layout.tsx": layout,
      "app/page.tsx": `import { pay } from "../pay";\n${page}`,
      "pay.ts":
        'import Stripe from "stripe"; const stripe = new Stripe("k"); export async function pay() { await stripe.charges.create({}); }',
    });
    expect(waysTo(model, "stripe:().charges.create")).toHaveLength(ways);
  });
});

describe("pages/api", () => {
  it.each<Case>([
    [
      "a handler for every method",
      { "pages/api/index.ts": "export default function handler(req, res) { res.end(); }" },
      ["ALL /api"],
    ],
    [
      "methods it tells apart",
      {
        "pages/api/users/[id].ts":
          'export default async function handler(req, res) { switch (req.method) { case "GET": return res.json({}); case "PUT": case "PATCH": return res.end(); default: res.status(405).end(); } }',
      },
      ["GET /api/users/:id", "PATCH /api/users/:id", "PUT /api/users/:id"],
    ],
    [
      "methods that its wrapper is told",
      {
        "lib/endpoint.ts": "export const endpoint = (handler, allowed) => async (req, res) => handler(req, res);",
        "pages/api/a.ts":
          'import { endpoint } from "../../lib/endpoint"; export default endpoint(async (req, res) => res.end(), ["GET", "POST"]);',
      },
      ["GET /api/a", "POST /api/a"],
    ],
    [
      "a chain of next-connect",
      {
        "pages/api/a.ts":
          'import { createRouter } from "next-connect"; const router = createRouter(); router.use(async (req, res, next) => next()).get(async (req, res) => res.end()); router.post(async (req, res) => res.end()); export default router.handler();',
      },
      ["GET /api/a", "POST /api/a"],
    ],
    ["modules without a handler", { "pages/api/lib.ts": "export const a = 1;" }, []],
  ])("%s", (_, files, routes) => {
    expect(routesOf(nextApp(files))).toEqual(routes);
  });

  it("knows which branch runs for which method, and the parser's setting", () => {
    const model = nextApp({
      "pages/api/a.ts":
        'import { Resend } from "resend"; const mail = new Resend("k");\nexport const config = { api: { bodyParser: { sizeLimit: "4mb" } } };\nexport default async function handler(req, res) {\n  if (req.method === "POST") { await mail.emails.send({}); return res.end(); }\n  if (req.method === "GET") return res.json({});\n  res.status(405).end();\n}',
    });
    expect(waysTo(model, "resend:Resend().emails.send")).toEqual([
      "POST /api/a: handler > resend:Resend().emails.send",
    ]);
    expect(model.routes[0]?.settings).toEqual({ bodyParser: "4mb" });
  });
});

describe("server actions", () => {
  const form =
    '"use client"; import { save, rename } from "../actions"; export function Form() { return <form action={save} onSubmit={rename}/>; }';

  it.each<Case>([
    [
      "a marked file: what the browser refers to",
      {
        "actions.ts":
          '"use server";\nexport async function save() {}\nexport const rename = async () => {};\nexport async function internal() {}',
        "components/form.tsx": form,
      },
      ["ACTION rename", "ACTION save"],
    ],
    [
      "before Next 15 everything that a marked file exports",
      {
        "package.json": manifest("14.2.0"),
        "actions.ts": '"use server";\nexport async function save() {}\nexport async function internal() {}',
      },
      ["ACTION internal", "ACTION save"],
    ],
    [
      "a form of the server's own",
      {
        "actions.ts": '"use server";\nexport async function save() {}\nexport async function read() {}',
        "app/page.tsx":
          'import { save, read } from "../actions"; export default async function Page() { await read(); return <form action={save}/>; }',
      },
      ["ACTION save", "GET /"],
    ],
    [
      "functions marked in their body",
      {
        "app/page.tsx":
          'export default async function Page() { async function leave() { "use server"; } return <form action={leave}><button formAction={async () => { "use server"; }}/></form>; }',
      },
      ["ACTION Page", "ACTION leave", "GET /"],
    ],
  ])("%s", (_, files, routes) => {
    expect(routesOf(nextApp(files))).toEqual(routes);
  });

  it("of a builder: what its client uses stands before the function", () => {
    const model = nextApp({
      "client.ts":
        'import { createSafeActionClient } from "next-safe-action"; export const client = createSafeActionClient().use(async function loggedIn({ next }) { return next({}); });',
      "actions.ts":
        '"use server";\nimport { client } from "./client";\nexport const save = client.schema({}).action(async function work() {});\nexport const rename = checked(async function change() {});\nfunction checked(action) { return async (data) => action(data); }',
      "components/form.tsx": form,
    });
    expect(chains(model)).toEqual(["ACTION save: loggedIn > work", "ACTION rename: () > change"]);
  });
});

describe("beside other servers", () => {
  it("keeps the routes of a custom server, and its own", () => {
    const model = nextApp({
      "package.json": JSON.stringify({
        name: "web",
        scripts: { start: "node server.js" },
        dependencies: { next: "16", express: "5" },
      }),
      "server.js":
        'const express = require("express"); const next = require("next"); const handle = next({}).getRequestHandler(); const app = express(); app.get("/health", (q, s) => s.end()); app.all("*", (q, s) => handle(q, s)); app.listen(3000);',
      "app/api/a/route.ts": GET,
    });
    expect(routesOf(model)).toEqual(["ALL /*", "GET /api/a", "GET /health"]);
  });

  it("finds TanStack's server functions", () => {
    const model = modelFrom({
      "package.json": JSON.stringify({
        name: "start",
        scripts: { dev: "vite" },
        dependencies: { "@tanstack/react-start": "1" },
      }),
      "src/orders.ts":
        'import { createServerFn } from "@tanstack/react-start"; const logged = async function logged() {}; export const placeOrder = createServerFn({ method: "POST" }).validator((data) => data).handler(async function place() {});',
    });
    expect(chains(model)).toEqual(["ACTION placeOrder:  > place"]);
  });
});

describe("middleware, crons and functions", () => {
  it("stands before the paths of its matcher", () => {
    const model = nextApp({
      "proxy.ts": 'export function proxy() {}\nexport const config = { matcher: ["/api/:path*"] };',
      "app/api/a/route.ts": GET,
      "app/a/page.tsx": PAGE,
    });
    expect(chains(model)).toEqual(["GET /api/a: proxy > GET", "GET /a:  > Page"]);
  });

  it("knows which routes a schedule calls, and what runs at the start", () => {
    const model = nextApp({
      "vercel.json": '{ "crons": [{ "path": "/api/cron/daily", "schedule": "0 3 * * *" }] }',
      "app/api/cron/daily/route.ts": GET,
      "app/api/cron/other/route.ts": GET,
      "instrumentation.ts": "export async function register() {}",
    });
    expect(model.entries.map(({ kind, label }) => `${kind}: ${label}`)).toEqual([
      "schedule: cron 0 3 * * * /api/cron/daily",
      "route: GET /api/cron/other",
      "process: next start",
    ]);
  });

  it.each<Case>([
    [
      "Vercel's",
      {
        "package.json": JSON.stringify({ name: "spa", scripts: { dev: "vite" }, dependencies: { vite: "7" } }),
        "vercel.json": "{}",
        "api/pay.ts":
          'export default async function handler(req, res) { if (req.method !== "POST") return res.status(405).end(); res.end(); }',
        "api/users/[id].ts": "export const GET = () => new Response(); export function DELETE() {}",
        "api/_lib/db.ts": "export default function handler(req, res) {}",
        "api/helper.ts": "export default function format(text) {}",
      },
      ["DELETE /api/users/:id", "GET /api/users/:id", "POST /api/pay"],
    ],
    [
      "Netlify's",
      {
        "package.json": JSON.stringify({ name: "spa", scripts: { dev: "vite" }, dependencies: { vite: "7" } }),
        "netlify.toml": "",
        "netlify/functions/send.ts":
          'export const handler = async (event) => { if (event.httpMethod === "POST") { return { statusCode: 200 }; } return { statusCode: 405 }; };',
        "netlify/functions/report.ts":
          'export default async (request) => new Response(); export const config = { path: "/report", schedule: "@daily" };',
      },
      ["ALL /report", "POST /.netlify/functions/send"],
    ],
  ])("%s functions", (_, files, routes) => {
    expect(routesOf(modelFrom(files))).toEqual(routes);
  });
});
