/** Who can call a route: anyone, whoever is logged in, or staff. */
import { ownCheckFinder } from "./own-checks.ts";
import { pathGuardFinder } from "./path-guards.ts";
import type { CallSite, Fn, Handler, Model, Route } from "./model.ts";

export type Audience = "anyone" | "users" | "staff";

const staffOnly =
  /admin|staff|moderator|\brole|require_?role|has_?role|check_?role|permission|authorize_?roles|restrict/i;
const loginNeeded =
  /auth(?!or)|protect(?!ed)|logged_?in|login_?required|require_?(user|login|session|token|jwt)|verify_?(token|jwt|user|session)|check_?(token|jwt|user|session)|ensure_?(user|session)|is_?(user|member)|validate_?(token|jwt|session)|guard|jwt|session_?required/i;
const packages =
  /^(passport:authenticate|express-jwt:|express-oauth2-jwt-bearer:|@clerk\/express:requireAuth|express-basic-auth:|@auth0\/|express-openid-connect:requiresAuth)/;

/** What a middleware says to somebody who is not logged in. */
const turnsAway =
  /(?<![\w.])40[13](?![\w.])|\bunauthori[sz]ed\b|\bforbidden\b|\.redirect\(\s*["'`]\/(auth\/)?(log-?in|sign-?in)/i;

/** By what stands before the handler: packages that check a login, functions that turn somebody away, names that say so. */
export function audienceFinder(model: Model): (route: Route) => Audience {
  const refuses = refuserFinder(model);
  const ownCheck = ownCheckFinder(model);
  const guard = pathGuardFinder(model, ownCheck);
  const checksLogin = (handler: Handler): boolean => {
    if (isPasswordCheck(handler.construction)) return false;
    const name = nameOf(handler, model);
    if (handler.api === null && /optional|limit/i.test(name)) return false;
    return loginNeeded.test(name) || refuses(handler);
  };
  return (route) => {
    const { middleware, handlers } = route;
    if (byPlace.has(route.framework)) {
      const checks = [...handlers.map((each) => ownCheck(each)), ...middleware.map((each) => guard(each, route))];
      if (checks.includes("staff")) return "staff";
      return checks.some((check) => check !== null) ? "users" : "anyone";
    }
    const before = [...middleware, ...handlers.slice(0, -1)];
    if (before.some((handler) => isForStaff(handler, model))) return "staff";
    return before.some(checksLogin) ? "users" : "anyone";
  };
}

/** Frameworks that find their routes by place, and whose handlers check for themselves who asks. */
const byPlace: ReadonlySet<string> = new Set([
  "sveltekit",
  "react-router",
  "remix",
  "nuxt",
  "nitro",
  "tanstack-start",
  "astro",
]);

/** Whether a middleware refuses strangers for certain: a package's check, or code that says 401 or 403 or sends to a login. */
export function refuserFinder(model: Model): (handler: Handler) => boolean {
  return ({ fn: id, api }) => {
    const fn = id === null ? null : model.fn(id);
    return packages.test(api ?? "") || (fn !== null && fn.params.length <= 3 && turnsAway.test(textOf(fn, model)));
  };
}

/** `passport.authenticate("local")` is the login itself, not a check that somebody is logged in. */
export function isPasswordCheck(call: CallSite | null): boolean {
  const [strategy] = call?.args ?? [];
  return strategy?.kind === "literal" && /^(local|ldap)/.test(String(strategy.value));
}

/** By its name, or by what it was made with: `role.check(ROLES.Admin)`. */
function isForStaff(handler: Handler, model: Model): boolean {
  const { construction } = handler;
  const made = construction === null || handler.api !== null ? "" : textOf(construction, model);
  return staffOnly.test(nameOf(handler, model)) || (made.length < 200 && staffOnly.test(made));
}

function textOf({ file, span }: Pick<Fn, "file" | "span">, { repo }: Model): string {
  return (repo.read(file) ?? "").slice(span.start, span.end);
}

/** Name of a middleware: its own, or that of the function that made it (`requireRole("admin")`). */
function nameOf({ fn: id }: Handler, model: Model): string {
  const fn = id === null ? null : model.fn(id);
  if (fn === null) return "";
  if (fn.name !== null) return fn.name;
  const parent = fn.parent === null ? null : model.fn(fn.parent);
  return parent === null || parent.isModule ? "" : (parent.name ?? "");
}
