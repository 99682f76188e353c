/** Guards of Nest: who gets past them, as far as their names, their code and the decorators on the handler say. */
import { textOf } from "../code/text.ts";
import type { CallSite, Fn, Handler, Model, Route } from "../model.ts";

/** Around a handler stand guards, which refuse, and interceptors and pipes, which do not. */
const AROUND = new Set(["canActivate", "intercept", "transform"]);

/** Decorators by which a handler asks the guards of the whole app to let everybody through. */
const OPEN =
  /^(is)?(public(route|endpoint|api)?|anonymous|unprotected|unauthenticated|open|guest)$|^(allow|permit)_?(anon|unauth|public|guest)|^(skip|no|without|bypass|disable)_?(jwt|auth|login|guard)|^publicly/i;
const STAFF = /admin|staff|moderator|superuser|root|operator/i;
const ROLES = /role|permission|acl|polic(y|ies)|ability|scope|privilege|claim/i;
/** What counts or filters requests and asks for no login. */
const OTHER =
  /throttl|limit|captcha|turnstile|csrf|origin|feature|flag|setup|maintenance|optional|health|webhook|signature|plan|quota|subscription/i;
const LOGIN = /auth(?!or)|jwt|session|log_?in|token|api_?key|user|member|owner|identity|protect|private/i;

/** A guard, interceptor or pipe, by the method that runs or the package's class. */
export function isGuard(handler: Handler, model: Model): boolean {
  const fn = handler.fn === null ? null : model.fn(handler.fn);
  return (fn?.class != null && AROUND.has(fn.name ?? "")) || /^@nestjs\/[\w-]+:/.test(handler.api ?? "");
}

/**
 * Whom the guards let pass; null when none of them asks for a login. A guard that reads roles stands there for all, and refuses
 * only where the handler names some.
 */
export function guardAudience({ middleware, marks = [] }: Route, model: Model): "staff" | "users" | null {
  if (marks.some(({ name }) => OPEN.test(name))) return null;
  const named = marks.filter(({ name }) => ROLES.test(name) || STAFF.test(name));
  const kinds = middleware.filter((each) => isGuard(each, model)).map((handler) => kindOf(handler, named, model));
  if (kinds.includes("staff")) return "staff";
  return kinds.includes("users") ? "users" : null;
}

function kindOf(
  { fn: id, api, construction }: Handler,
  named: NonNullable<Route["marks"]>,
  model: Model,
): "staff" | "users" | null {
  const fn = id === null ? null : model.fn(id);
  const name = fn?.class ?? "";
  if (fn !== null && fn.name !== "canActivate") return null;
  if (STAFF.test(name)) return "staff";
  const asks = ROLES.test(name) ? "roles" : asksForLogin(fn, name, api, construction, model) ? "login" : "nothing";
  if (asks === "roles") return rolesIn(named, model);
  if (asks === "nothing") return null;
  return rolesIn(named, model) === "staff" ? "staff" : "users";
}

/** Who is forbidden something may well be unknown to the guard: only a 401 speaks of a login. */
function asksForLogin(fn: Fn | null, name: string, api: string | null, made: CallSite | null, model: Model): boolean {
  if (isPassport(api)) return !letsStrangersIn(made);
  if (fn === null || OTHER.test(name)) return false;
  return LOGIN.test(name) || /(?<![\w.])401(?![\w.])|UnauthorizedException/.test(textOf(model, fn));
}

/** A check by Passport, whatever strategy it asks for. */
export function isPassport(api: string | null): boolean {
  return (
    api !== null &&
    /^((koa-)?passport:authenticate|@fastify\/passport:(.*\.)?authenticate|@nestjs\/passport:AuthGuard)\b/.test(api)
  );
}

/** `passport.authenticate("local")` is the login itself, not a check that somebody is logged in. */
export function isPasswordCheck(call: CallSite | null): boolean {
  return /^(local|ldap)/.test(strategyOf(call));
}

/** Strategies that turn no stranger away: the login itself, and those that only look who it is. */
export function letsStrangersIn(call: CallSite | null): boolean {
  return isPasswordCheck(call) || /^(session|anonymous)$/.test(strategyOf(call));
}

function strategyOf(call: CallSite | null): string {
  const [strategy] = call?.args ?? [];
  return strategy?.kind === "literal" ? String(strategy.value) : "";
}

/** `@Roles(Role.Admin)` is for staff, any other role for users; without one the guard lets everybody through. */
function rolesIn(named: NonNullable<Route["marks"]>, model: Model): "staff" | "users" | null {
  if (named.length === 0) return null;
  return named.some(({ name, call }) => STAFF.test(name) || namesStaff(call, model)) ? "staff" : "users";
}

/** Every role that is named: an enum's value may be a number, so the words are looked at. */
function namesStaff(call: CallSite, model: Model): boolean {
  const text = textOf(model, call);
  const words = text.slice(text.indexOf("(") + 1).match(/[\w.-]*\w/g) ?? [];
  return text.includes("(") && words.length > 0 && words.every((word) => STAFF.test(word));
}
