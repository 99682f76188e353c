/** Who may call a route of a Next app: by its middleware, its wrappers and what its handler asks first. */
import { describe, expect, it } from "vitest";
import { audienceFinder } from "./audience.ts";
import { modelFrom } from "../link/testing/model-from.ts";

const manifest = JSON.stringify({
  name: "web",
  scripts: { start: "next start" },
  dependencies: { next: "16", "next-auth": "5" },
});
const AUTH =
  'import NextAuth from "next-auth"; export const { handlers, auth } = NextAuth({ providers: [] }); export async function requireUser() { const session = await auth(); if (!session) throw new Error("Unauthorized"); return session.user; } export async function getProfile() { const session = await auth(); if (!session?.user) redirect("/login"); return session.user; }';
const HEAD =
  'import { auth, requireUser, getProfile } from "../../../auth"; import OpenAI from "openai"; const ai = new OpenAI(); const work = () => ai.chat.completions.create({});';

function audienceOf(handler: string, files: Record<string, string> = {}): string {
  const model = modelFrom({
    "package.json": manifest,
    "auth.ts": AUTH,
    "app/api/x/route.ts": `${HEAD}\n${handler}`,
    ...files,
  });
  const route = model.routes.find(({ path }) => path === "/api/x");
  return route === undefined ? "no route" : audienceFinder(model)(route);
}

describe("who may call a handler", () => {
  it.each([
    [
      "users",
      'export async function POST(req) { const { userId } = await auth(); if (!userId) return Response.json({}, { status: 401 }); const last = (await req.json()).messages.at(-1); if (!last || last.role !== "user") return Response.json({}, { status: 400 }); await work(); }',
    ],
    ["anyone", "export async function POST() { await work(); }"],
    [
      "users",
      'export async function POST() { const session = await auth(); if (!session?.user) return new Response("", { status: 401 }); await work(); }',
    ],
    [
      "users",
      "export async function POST() { const session = await auth(); const user = session?.user; if (!user || !user.id) { throw new Error(); } await work(); }",
    ],
    [
      "users",
      "export async function POST() { const { userId } = await auth(); if (userId === null) return Response.json({}); await work(); }",
    ],
    [
      "users",
      "export async function POST() { if (!(await auth())) { return Response.json({}, { status: 401 }); } await work(); }",
    ],
    ["users", "export async function POST() { const user = await requireUser(); await work(); }"],
    ["users", "export async function POST() { const profile = await getProfile(); await work(); }"],
    [
      "staff",
      'export async function POST() { const session = await auth(); if (!session) return Response.json({}); if (session.user.role !== "ADMIN") return Response.json({}); await work(); }',
    ],
    [
      "users",
      "export const POST = auth(async (req) => { if (!req.auth) return Response.json({}, { status: 401 }); await work(); });",
    ],
    // The session is read, but a stranger goes on.
    [
      "anyone",
      "export async function POST() { const session = await auth(); await work(); return Response.json({ name: session?.user.name }); }",
    ],
    // The work is done before anybody asks.
    [
      "anyone",
      "export async function POST() { await work(); const session = await auth(); if (!session) return Response.json({}); }",
    ],
    // Looks an account up: the caller may be anybody.
    [
      "anyone",
      "export async function POST(request) { const { email } = await request.json(); const user = await getUser({ email }); if (!user) return Response.json({}, { status: 401 }); await work(); }",
    ],
    [
      "anyone",
      "export async function POST(request) { const ok = await comparePasswords(request); if (!ok) return Response.json({}, { status: 401 }); await work(); }",
    ],
  ])("%s: %s", (audience, handler) => {
    expect(audienceOf(handler)).toBe(audience);
  });

  it("takes wrappers and middleware into account, where they hold for the path", () => {
    const open = "export async function POST() { await work(); }";
    const wrapper =
      'export function withAuth(handler) { return async (request) => { if (!request.headers.get("x")) return new Response("Unauthorized", { status: 401 }); return handler(request); }; }';
    const proxy = (path: string) =>
      `import { auth } from "./auth"; export default async function proxy(request) { const session = await auth(); if (request.nextUrl.pathname.startsWith("${path}") && !session) return NextResponse.redirect(new URL("/login", request.url)); }`;
    expect(
      audienceOf(
        'import { withAuth } from "../../../with-auth"; export const POST = withAuth(async () => { await work(); });',
        {
          "with-auth.ts": wrapper,
        },
      ),
    ).toBe("users");
    expect(audienceOf(open, { "proxy.ts": proxy("/api") })).toBe("users");
    expect(audienceOf(open, { "proxy.ts": proxy("/dashboard") })).toBe("anyone");
    const wrapped = (path: string) =>
      `import { withAuth } from "next-auth/middleware"; const origins = ["https://a.example.com"]; export default withAuth(function middleware(req) { if (!origins.includes(req.headers.get("origin"))) return new Response(null, { status: 400 }); if (req.nextUrl.pathname.startsWith("${path}") && req.nextauth.token?.role !== "ADMIN") return NextResponse.redirect(req.nextUrl.origin); }); export const config = { matcher: ["/api/:path*"] };`;
    expect(audienceOf(open, { "middleware.ts": wrapped("/api") })).toBe("staff");
    expect(audienceOf(open, { "middleware.ts": wrapped("/api/admin") })).not.toBe("staff");
  });
});
