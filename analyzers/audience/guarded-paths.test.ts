/** Middleware that looks at the path, as starters write it. */
import { describe, expect, it } from "vitest";
import { guardsPath } from "./guarded-paths.ts";

const clerkPublic =
  'const isPublicRoute = createRouteMatcher(["/", "/sign-in(.*)", "/api/webhooks(.*)"]); export default clerkMiddleware(async (auth, req) => { if (!isPublicRoute(req)) await auth.protect(); });';
const clerkProtected =
  'const isProtectedRoute = createRouteMatcher(["/dashboard(.*)"]); export default clerkMiddleware(async (auth, req) => { if (isProtectedRoute(req)) await auth.protect(); });';
const startsWith =
  'if (request.nextUrl.pathname.startsWith("/admin") && !user) return NextResponse.redirect(new URL("/login", request.url));';
const supabase =
  'if (!user && !request.nextUrl.pathname.startsWith("/login") && !request.nextUrl.pathname.startsWith("/auth")) { url.pathname = "/login"; return NextResponse.redirect(url); }';
const list =
  'const openRoutes = ["/login", "/api/health"]; if (!openRoutes.some((each) => path === each) && !session) redirect("/login");';

describe("paths that middleware guards", () => {
  it.each([
    ['if (!session) return NextResponse.redirect(new URL("/login", request.url));', "/api/pay", true],
    [clerkPublic, "/dashboard", true],
    [clerkPublic, "/api/webhooks/stripe", false],
    [clerkPublic, "/", false],
    [clerkProtected, "/dashboard/:id", true],
    [clerkProtected, "/api/pay", false],
    [startsWith, "/admin/users", true],
    [startsWith, "/api/pay", false],
    [supabase, "/api/pay", true],
    [supabase, "/login", false],
    [list, "/api/health", false],
    [list, "/api/pay", true],
    [`${startsWith}\nexport const config = {\n  matcher: ["/api/:path*"],\n};`, "/api/pay", false],
  ])("%s: %s", (text, path, guards) => {
    expect(guardsPath(text, path)).toBe(guards);
  });
});
