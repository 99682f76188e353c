/** Who can call a route: anyone, whoever is logged in, or staff. */
import type { CallSite, Fn, Handler, Model, Route } from "./model.ts";

export type Audience = "anyone" | "users" | "staff";

const staffOnly =
  /superuser|admin|staff|moderator|\brole|require_?role|has_?role|check_?role|permission|authorize_?roles|restrict/i;
const pythonStaff =
  /^pypi:.*(IsAdminUser|staff_member_required|user_passes_test|permission_required|PermissionRequiredMixin|UserPassesTestMixin|DjangoModelPermissions|roles_(required|accepted))$/;
const loginNeeded =
  /auth(?!or)|protect(?!ed)|logged_?in|login_?required|require_?(user|login|session|token|jwt)|verify_?(token|jwt|user|session)|check_?(token|jwt|user|session)|ensure_?(user|session)|is_?(user|member)|validate_?(token|jwt|session)|guard|jwt|session_?required/i;
const packages =
  /^(pypi:(fastapi:security\.\w+(\.\w+)?\(\)|flask_login:(utils\.)?(fresh_)?login_required|flask_jwt_extended:(view_decorators\.)?jwt_required|flask_httpauth:|flask_security:|fastapi_users:|django:contrib\.auth\.(decorators\.\w+|mixins\.\w+)|rest_framework:permissions\.Is\w+|rest_framework:permissions\.Django\w+)|passport:authenticate|express-jwt:|express-oauth2-jwt-bearer:|@clerk\/express:requireAuth|express-basic-auth:|@auth0\/|express-openid-connect:requiresAuth)/;

/** What a middleware says to somebody who is not logged in. */
const turnsAway =
  /(?<![\w.])40[13](?![\w.])|HTTP_40[13]_|\bPermissionDenied\b|redirect\(\s*(?:url_for|reverse)\(\s*["'](?:\w+[.:])?(?:log_?in|sign_?in)|\bunauthori[sz]ed\b|\bforbidden\b|\.redirect\(\s*["'`]\/(auth\/)?(log-?in|sign-?in)/i;

/** By what stands before the handler: packages that check a login, functions that turn somebody away, names that say so. */
export function audienceFinder(model: Model): (route: Route) => Audience {
  const refuses = refuserFinder(model);
  const checksLogin = (handler: Handler): boolean => {
    if (isPasswordCheck(handler.construction)) return false;
    const name = nameOf(handler, model);
    if (handler.api === null && /optional|limit/i.test(name)) return false;
    return loginNeeded.test(name) || refuses(handler);
  };
  return ({ middleware, handlers }) => {
    const before = [...middleware, ...handlers.slice(0, -1)];
    if (before.some((handler) => isForStaff(handler, model))) return "staff";
    return before.some(checksLogin) ? "users" : "anyone";
  };
}

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
  if (pythonStaff.test(handler.api ?? "")) return true;
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
