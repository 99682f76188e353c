/** Who can call a route: anyone, whoever is logged in, or staff. */
import { posix } from "node:path";
import { callsIn } from "../code/calls-in.ts";
import { textOf } from "../code/text.ts";
import { guardsPath, keepsForStaff } from "./guarded-paths.ts";
import { guardAudience, isGuard, isPassport, letsStrangersIn } from "./guards.ts";
import { loginCheckFinder } from "./login-check.ts";
import { ownCheckFinder } from "./own-checks.ts";
import { pathGuardFinder } from "./path-guards.ts";
import type { CallSite, Fn, Handler, Model, Route } from "../model.ts";

export type Audience = "anyone" | "users" | "staff";

const staffOnly =
  /superuser|admin|staff|moderator|\brole|require_?role|has_?role|check_?role|permission|authorize_?roles|restrict/i;

const pythonStaff =
  /^pypi:.*(IsAdminUser|staff_member_required|user_passes_test|permission_required|PermissionRequiredMixin|UserPassesTestMixin|DjangoModelPermissions|roles_(required|accepted))$/;
const loginNeeded =
  /auth(?!or)|protect(?!ed)|logged_?in|login_?required|require_?(user|login|session|token|jwt)|verify_?(token|jwt|user|session)|check_?(token|jwt|user|session)|ensure_?(user|session)|is_?(user|member)|validate_?(token|jwt|session)|guard|jwt|session_?required/i;

const packages =
  /^(pypi:(fastapi:security\.\w+(\.\w+)?\(\)|flask_login:(utils\.)?(fresh_)?login_required|flask_jwt_extended:(view_decorators\.)?jwt_required|flask_httpauth:|flask_security:|fastapi_users:|django:contrib\.auth\.(decorators\.\w+|mixins\.\w+)|rest_framework:permissions\.Is\w+|rest_framework:permissions\.Django\w+|ninja:security\.\w+|ninja_jwt:authentication\.\w+)|type-graphql:Authorized|express-jwt:|express-oauth2-jwt-bearer:|@clerk\/express:requireAuth|express-basic-auth:|@auth0\/|express-openid-connect:requiresAuth|@fastify\/bearer-auth:|koa-jwt:|koa-basic-auth:|hono\/(jwt|jwk|bearer-auth|basic-auth):|next-auth\/middleware:|@clerk\/nextjs(\/server)?:authMiddleware|@kinde-oss\/[\w/-]+:withAuth)/;

/** What a middleware says to somebody who is not logged in. */
const turnsAway =
  /(?<![\w.])40[13](?![\w.])|HTTP_40[13]_|\bPermissionDenied\b|redirect\(\s*(?:url_for|reverse)\(\s*["'](?:\w+[.:])?(?:log_?in|sign_?in)|\bunauthori[sz]ed(exception|error)?\b|\bforbidden(exception|error)?\b|\.jwtVerify\(|\bredirect\([^;]{0,40}?["'`]\/(?!api\/)([\w-]+\/)?(log-?in|sign-?in|auth["'`?])|\.protect\(\)/i;

/** The same within a resolver, which has nobody before it to say so. */
const turnsAwayItself =
  /UNAUTHENTICATED|AuthenticationError|ForbiddenError|UnauthorizedError|\b(not|un)[ -]?(authenticated|authori[sz]ed|logged[ -]?in|signed[ -]?in)\b/i;

/**
 * By what stands before the handler (packages that check a login, functions that turn somebody away, names that say so), and
 * by what the handler asks itself before it does its work.
 */
export function audienceFinder(model: Model): (route: Route) => Audience {
  const refuses = refuserFinder(model);
  const checkedBy = loginCheckFinder(model);
  const isInFront = frontFinder(model);
  const ownCheck = ownCheckFinder(model);
  const guard = pathGuardFinder(model, ownCheck);
  const checksLogin = (handler: Handler, route: Route): boolean => {
    const { path, via } = route;
    if (letsStrangersIn(handler.construction)) return false;
    if (isInFront(handler, route)) return guards(handler, path, model);
    const name = nameOf(handler, model);
    if (asksWhence.test(name)) return false;
    // What a package's wrapper is called says nothing of whom it lets through.
    if ((handler.api === null || handler.fn === null) && /optional|limit|mixed|maybe/i.test(name)) return false;
    return (via !== "page" && loginNeeded.test(name)) || refuses(handler) || checkedBy(handler) !== null;
  };
  return (route) => {
    const { middleware, handlers, framework } = route;
    if (byPlace.has(framework)) {
      const checks = [...handlers.map((each) => ownCheck(each)), ...middleware.map((each) => guard(each, route))];
      if (checks.includes("staff")) return "staff";
      return checks.some((check) => check !== null) ? "users" : "anyone";
    }
    const before = [...middleware, ...handlers.slice(0, -1)].filter((handler) => !isGuard(handler, model));
    const checks = [guardAudience(route, model), ...handlers.slice(-1).map(checkedBy)];
    const isStaffs = (handler: Handler) =>
      isInFront(handler, route)
        ? keepsForStaff(model.repo.read(handler.place.file) ?? "", route.path)
        : isForStaff(handler, model);
    if (checks.includes("staff") || before.some(isStaffs)) return "staff";
    if (checks.includes("users") || before.some((handler) => checksLogin(handler, route))) return "users";
    return isResolverFor(route, model) ? "users" : "anyone";
  };
}

/** Whether a resolver turns strangers away itself. */
function isResolverFor({ via, handlers }: Route, model: Model): boolean {
  const own = via === "graphql" ? handlers.flatMap(({ fn }) => (fn === null ? [] : (model.fn(fn) ?? []))) : [];
  return own.some((fn) => turnsAwayItself.test(textOf(model, fn)));
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

/** Next's middleware stands in front of many paths at once and often asks which one it is. */
function frontFinder({ services }: Model): (handler: Handler, route: Route) => boolean {
  const roots = new Map(services.map(({ name, root }) => [name, root]));
  return ({ place: { file } }, { framework, service }) => {
    if (framework !== "next" || !/^(middleware|proxy)\.[cm]?[jt]sx?$/.test(posix.basename(file))) return false;
    const below = posix.relative(roots.get(service) ?? ".", posix.dirname(file));
    return below === "" || below === "src";
  };
}

/** By the whole file and the functions it calls: the lists of paths stand beside the function that reads them. */
function guards({ api, fn: id, place: { file } }: Handler, path: string, model: Model): boolean {
  const fn = id === null ? null : model.fn(id);
  if (fn === null && !packages.test(api ?? "")) return false;
  const calls = fn === null ? [] : callsIn(model, fn);
  const called = calls.flatMap((call) => model.targets(call)).filter((target) => target.file !== file);
  const texts = [model.repo.read(file) ?? "", ...called.map((target) => textOf(model, target))];
  const text = texts.join("\n");
  return (packages.test(api ?? "") || turnsAway.test(text)) && guardsPath(text, path);
}

/** Whether a middleware refuses strangers for certain: a package's check, or code that says 401 or 403 or sends to a login. */
export function refuserFinder(model: Model): (handler: Handler) => boolean {
  return ({ fn: id, api, construction }) => {
    if (isPassport(api)) return !letsStrangersIn(construction);
    if (packages.test(api ?? "")) return !isLenient(construction);
    const fn = id === null ? null : model.fn(id);
    if (fn === null || fn.params.length > 3 || asksWhence.test(fn.name ?? "")) return false;
    return bodiesOf(model, fn).some(
      (text) => turnsAway.test(text) && (!asksWhence.test(text) || /401|unauthori[sz]ed/i.test(text)),
    );
  };
}

/** Of a function that does no more than call another with what it was given, the other's too: `(req, res, next) => check(req, res, next, app)`. */
function bodiesOf(model: Model, fn: Fn): string[] {
  const text = textOf(model, fn);
  const [, only] = /^(?:async\s*)?\(?[\w\s,]*\)?\s*=>\s*([\w$.]+)\([\w\s,.]*\)$/.exec(text) ?? [];
  if (only === undefined) return [text];
  return [text, ...callsIn(model, fn).flatMap((call) => model.targets(call).map((target) => textOf(model, target)))];
}

/** Whether the page that sends the request is the app's own: says nothing of who sits before it. */
const asksWhence = /[cx]srf|x-requested-with/i;

/** A secret, a signature or a login in the request's headers, and a refusal soon after it. */
const asksHeaders =
  /(\bheaders?\s*[.([]|signature|_SECRET\b|_TOKEN\b)[^]{0,250}?((?<![\w.])40[13](?![\w.])|\bunauthori[sz]ed\b|\bforbidden\b)/i;

/** Whether a handler turns strangers away itself, by what their request's headers say. */
export function asksForItself({ handlers }: Route, model: Model): boolean {
  return handlers.some(({ fn: id }) => {
    const fn = id === null ? null : model.fn(id);
    return fn !== null && asksHeaders.test(textOf(model, fn));
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
  if (pythonStaff.test(handler.api ?? "")) return true;
  const made = construction === null || handler.api !== null ? "" : textOf(model, construction);
  return staffOnly.test(nameOf(handler, model)) || (made.length < 200 && staffOnly.test(made));
}

/**
 * Name of a middleware: its own, that of its class, of the function that made it (`requireRole("admin")`), or of what a plugin
 * put on the app.
 */
function nameOf({ fn: id, api }: Handler, model: Model): string {
  const fn = id === null ? null : model.fn(id);
  if (fn === null) return /^(?:fastify|elysia):.*\.(\w+)(\(\))?$/.exec(api ?? "")?.[1] ?? "";
  if (fn.name === "use" && fn.class !== null) return fn.class;
  if (fn.name !== null) return fn.name;
  const parent = fn.parent === null ? null : model.fn(fn.parent);
  return parent === null || parent.isModule ? "" : (parent.name ?? "");
}
