import { describe, expect, it } from "vitest";
import { audienceFinder } from "./audience.ts";
import { modelFrom } from "../link/testing/model-from.ts";

type Files = Record<string, string>;

function audiences(manifest: Record<string, unknown>, files: Files): Record<string, string> {
  const model = modelFrom({ "package.json": JSON.stringify({ name: "app", ...manifest }), ...files });
  const audienceOf = audienceFinder(model);
  return Object.fromEntries(model.routes.map((route) => [`${route.method} ${route.path}`, audienceOf(route)]));
}

const kit = { devDependencies: { "@sveltejs/kit": "2" } };
const nuxt = { dependencies: { nuxt: "4" } };
const remix = { devDependencies: { "@react-router/dev": "7" } };

describe("who can call a route that is a file", () => {
  it.each([
    ["a session on locals", "if (!locals.user) redirect(302, '/login'); return save();", "users"],
    ["an error", "if (!event.locals.session?.user) { throw error(401, 'no'); }", "users"],
    ["a name for it", "const user = event.locals.user; if (!user) return fail(403, {});", "users"],
    [
      "destructured",
      "const { session } = await locals.safeGetSession(); if (!session) { return redirect(303, '/'); }",
      "users",
    ],
    ["a role", "if (locals.user?.role !== 'admin') throw error(403);", "staff"],
    ["a helper that turns away", "await currentMember(event); return save();", "users"],
    ["a helper by its name", "const id = await requireUserId(request);", "users"],
    ["a helper that makes sure of a row", "await ensureSuperAdmin(prisma); return save();", "anyone"],
    ["for staff by its name", "await requireUserWithRole(request, 'admin');", "staff"],
    [
      "a key",
      "if (request.headers.get('authorization') !== `Bearer ${KEY}`) return new Response('', { status: 401 });",
      "users",
    ],
    [
      "a login",
      "const user = await getUserByEmail(email); if (!user) return fail(401, {}); if (!verify(password)) return fail(401);",
      "anyone",
    ],
    [
      "what is asked for, not who asks",
      "const isAdmin = locals.user?.admin; if (show.date > now && !isAdmin) throw error(401);",
      "anyone",
    ],
    ["nobody must be logged in", "await requireAnonymous(request); if (locals.user) redirect(302, '/');", "anyone"],
    [
      "an answer in another language, with a status behind it",
      "const { user } = locals; if (!user) return json({ ok: false, error: 'Bitte anmelden.' }, { status: 401 });",
      "users",
    ],
    [
      "words for the log before the answer",
      "const userId = locals.user?.id; if (!userId) { console.error('no user'); return new Response(JSON.stringify({ ok: false }), { status: 401 }); }",
      "users",
    ],
    [
      "a check behind another one",
      "const id = locals.user?.id; if (!body) return fail(400, {}); if (!id) return fail(401, {});",
      "users",
    ],
    ["another error", "if (!locals.user) return fail(404);", "anyone"],
    ["nothing", "return save();", "anyone"],
  ])("%s", (_, body, audience) => {
    const found = audiences(kit, {
      "vite.config.ts": "import { sveltekit } from '@sveltejs/kit/vite';",
      "src/routes/a/+page.server.ts": `import { currentMember } from '$lib/member'; export const actions = { default: async (event) => { const { locals, request } = event; ${body} } };`,
      "src/lib/member.ts":
        "export async function currentMember(event) { const found = await lookUp(event.cookies.get('sid')); if (!found) throw error(401); return found; }",
    });
    expect(found["ACTION /a"]).toBe(audience);
  });

  it("believes hooks for the paths they ask about", () => {
    const found = audiences(kit, {
      "src/hooks.server.ts": `import { sequence } from '@sveltejs/kit/hooks';
        const API = '/api/';
        function isApi(pathname) { return pathname.startsWith(API_PREFIX); }
        const API_PREFIX = '/api/';
        const app = async ({ event, resolve }) => { if (event.route.id?.startsWith('/(app)') && !event.locals.user) redirect(302, '/login'); return resolve(event); };
        const api = async ({ event, resolve }) => { const { pathname } = event.url; if (isApi(pathname) && !pathname.startsWith('/api/open')) { if (!event.locals.token) return json({}, { status: 401 }); } return resolve(event); };
        const admin = async ({ event, resolve }) => { if (event.url.pathname.startsWith('/admin') && !event.locals.user?.isAdmin) throw error(403); return resolve(event); };
        const csrf = async ({ event, resolve }) => { if (event.request.headers.get('origin') !== event.url.origin) return new Response('', { status: 403 }); return resolve(event); };
        export const handle = sequence(csrf, app, api, admin);`,
      "src/routes/+page.ts": "export const load = () => {};",
      "src/routes/(app)/home/+page.ts": "export const load = () => {};",
      "src/routes/api/x/+server.ts": "export const GET = () => {};",
      "src/routes/api/open/+server.ts": "export const GET = () => {};",
      "src/routes/admin/+page.server.ts": "export const actions = { default: () => {} };",
    });
    expect(found).toEqual({
      "GET /": "anyone",
      "GET /home": "users",
      "GET /api/x": "users",
      "GET /api/open": "anyone",
      "GET /admin": "staff",
      "ACTION /admin": "staff",
    });
  });

  it("guesses by the path where the hook asks in a way that is not understood", () => {
    const found = audiences(kit, {
      "src/hooks.server.ts":
        "import { isOpen } from './open'; export const handle = async ({ event, resolve }) => { if (!isOpen(event.url.pathname) && !event.locals.user) redirect(302, '/login'); return resolve(event); };",
      "src/open.ts": "const list = new Set(); export const isOpen = (pathname) => list.has(pathname);",
      "src/routes/login/+page.svelte": "",
      "src/routes/home/+page.svelte": "",
    });
    expect(found).toEqual({ "GET /login": "anyone", "GET /home": "users" });
  });

  it("knows that a layout guards its pages, not their actions", () => {
    const found = audiences(kit, {
      "src/routes/(app)/+layout.server.ts":
        "export const load = ({ locals }) => { if (!locals.user) redirect(302, '/login'); };",
      "src/routes/(app)/a/+page.server.ts": "export const actions = { default: () => {} };",
      "src/routes/(app)/b/+server.ts": "export const GET = () => {};",
    });
    expect(found).toEqual({ "GET /a": "users", "ACTION /a": "anyone", "GET /b": "anyone" });
  });

  it("reads Nuxt's sessions and middleware", () => {
    const found = audiences(nuxt, {
      "nuxt.config.ts": "",
      "server/middleware/auth.ts":
        "export default defineEventHandler((event) => { if (!event.path.startsWith('/api/admin')) return; if (!event.context.user) throw createError({ statusCode: 401 }); });",
      "server/api/admin/a.get.ts": "export default defineEventHandler(() => 1);",
      "server/api/b.get.ts":
        "export default defineEventHandler(async (event) => { const { user } = await requireUserSession(event); return user; });",
      "server/api/c.get.ts": "export default defineEventHandler(() => 1);",
    });
    expect(found).toEqual({ "GET /api/admin/a": "users", "GET /api/b": "users", "GET /api/c": "anyone" });
  });

  it("reads middleware without semicolons that lets some paths pass first", () => {
    const found = audiences(nuxt, {
      "nuxt.config.ts": "",
      "server/middleware/auth.ts": `export default defineEventHandler(async (event) => {
  const path = event.path || ''
  if (!path.startsWith('/api/')) {
    return
  }
  if (path.startsWith('/api/auth/')) {
    return
  }
  const user = await resolveActiveUser(event)
  if (!user) {
    throw createError({ statusCode: 401 })
  }
})`,
      "server/api/auth/start.post.ts": "export default defineEventHandler(() => 1);",
      "server/api/b.get.ts": "export default defineEventHandler(() => 1);",
    });
    expect(found).toEqual({ "POST /api/auth/start": "anyone", "GET /api/b": "users" });
  });

  it("reads loaders, and what loads around them", () => {
    const page = "export default function Page() { return <p/>; }";
    const found = audiences(remix, {
      "app/root.tsx": page,
      "app/routes/app.tsx": `${page} export const loader = async ({ request }) => { await requireUserId(request); };`,
      "app/routes/app.a.tsx": `${page} export const action = async () => {};`,
      "app/routes/b.tsx": `${page} export const action = async ({ request }) => { const user = await getUser(request); if (!user) throw redirect('/login'); };`,
      "app/routes/c.ts":
        "export const loader = async ({ context }) => { const { userId } = context.getSession(); return userId; };",
    });
    expect(found).toEqual({
      "GET /app": "users",
      "GET /app/a": "users",
      "POST /app/a": "anyone",
      "GET /b": "anyone",
      "POST /b": "users",
      "GET /c": "users",
    });
  });
});
