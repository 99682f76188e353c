/** Who can call a route: anyone, whoever is logged in, or staff. */
import { guardAudience, isGuard, isPassport, isPasswordCheck } from "./guards.ts";
import type { CallSite, Fn, Handler, Model, Route } from "./model.ts";

export type Audience = "anyone" | "users" | "staff";

const staffOnly =
  /admin|staff|moderator|\brole|require_?role|has_?role|check_?role|permission|authorize_?roles|restrict/i;

const loginNeeded =
  /auth(?!or)|protect(?!ed)|logged_?in|login_?required|require_?(user|login|session|token|jwt)|verify_?(token|jwt|user|session)|check_?(token|jwt|user|session)|ensure_?(user|session)|is_?(user|member)|validate_?(token|jwt|session)|guard|jwt|session_?required/i;

const packages =
  /^(type-graphql:Authorized|express-jwt:|express-oauth2-jwt-bearer:|@clerk\/express:requireAuth|express-basic-auth:|@auth0\/|express-openid-connect:requiresAuth|@fastify\/bearer-auth:|koa-jwt:|koa-basic-auth:|hono\/(jwt|jwk|bearer-auth|basic-auth):)/;

/** What a middleware says to somebody who is not logged in. */
const turnsAway =
  /(?<![\w.])40[13](?![\w.])|\bunauthori[sz]ed(exception|error)?\b|\bforbidden(exception|error)?\b|\.jwtVerify\(|\.redirect\(\s*["'`]\/(auth\/)?(log-?in|sign-?in)/i;

/** The same within a resolver, which has nobody before it to say so. */
const turnsAwayItself =
  /UNAUTHENTICATED|AuthenticationError|ForbiddenError|UnauthorizedError|\b(not|un)[ -]?(authenticated|authori[sz]ed|logged[ -]?in|signed[ -]?in)\b/i;

/** By what stands before the handler: packages that check a login, functions that turn somebody away, names that say so. */
export function audienceFinder(model: Model): (route: Route) => Audience {
  const refuses = refuserFinder(model);
  const checksLogin = (handler: Handler): boolean => {
    if (isPasswordCheck(handler.construction)) return false;
    const name = nameOf(handler, model);
    if (/optional|limit/i.test(name)) return false;
    return loginNeeded.test(name) || refuses(handler);
  };
  return (route) => {
    const before = [...route.middleware, ...route.handlers.slice(0, -1)];
    const guarded = guardAudience(route, model);
    const others = before.filter((handler) => !isGuard(handler, model));
    if (guarded === "staff" || others.some((handler) => isForStaff(handler, model))) return "staff";
    if (guarded === "users" || others.some(checksLogin)) return "users";
    const own =
      route.via === "graphql" ? route.handlers.flatMap(({ fn }) => (fn === null ? [] : (model.fn(fn) ?? []))) : [];
    return own.some((fn) => turnsAwayItself.test(textOf(fn, model))) ? "users" : "anyone";
  };
}

/** Whether a middleware refuses strangers for certain: a package's check, or code that says 401 or 403 or sends to a login. */
export function refuserFinder(model: Model): (handler: Handler) => boolean {
  return ({ fn: id, api, construction }) => {
    if (isPassport(api)) return !isPasswordCheck(construction);
    if (packages.test(api ?? "")) return !isLenient(construction);
    const fn = id === null ? null : model.fn(id);
    return fn !== null && fn.params.length <= 3 && turnsAway.test(textOf(fn, model));
  };
}

/** A secret, a signature or a login in the request's headers, and a refusal soon after it. */
const asksHeaders =
  /(\bheaders?\s*[.([]|signature|_SECRET\b|_TOKEN\b)[^]{0,250}?((?<![\w.])40[13](?![\w.])|\bunauthori[sz]ed\b|\bforbidden\b)/i;

/** Whether a handler turns strangers away itself, by what their request's headers say. */
export function asksForItself({ handlers }: Route, model: Model): boolean {
  return handlers.some(({ fn: id }) => {
    const fn = id === null ? null : model.fn(id);
    return fn !== null && asksHeaders.test(textOf(fn, model));
  });
}

/** `jwt({ passthrough: true })` reads a token where there is one and lets everybody in. */
function isLenient(call: CallSite | null): boolean {
  return (
    call?.args.some((arg) => {
      const { passthrough, credentialsRequired } = arg.kind === "object" ? arg.entries : {};
      return (
        (passthrough?.kind === "literal" && passthrough.value === true) ||
        (credentialsRequired?.kind === "literal" && credentialsRequired.value === false)
      );
    }) === true
  );
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

/**
 * Name of a middleware: its own, that of its class, of the function that made it (`requireRole("admin")`), or of what a plugin
 * put on the app.
 */
function nameOf({ fn: id, api }: Handler, model: Model): string {
  const fn = id === null ? null : model.fn(id);
  if (fn === null) return /^fastify:.*\.(\w+)(\(\))?$/.exec(api ?? "")?.[1] ?? "";
  if (fn.name === "use" && fn.class !== null) return fn.class;
  if (fn.name !== null) return fn.name;
  const parent = fn.parent === null ? null : model.fn(fn.parent);
  return parent === null || parent.isModule ? "" : (parent.name ?? "");
}
