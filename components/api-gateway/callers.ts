/** Who can call a route: anyone, whoever is logged in, or staff. */
import type { Handler, Model, Route } from "../../analyzers/model.ts";

export type Audience = "anyone" | "users" | "staff";

const staffOnly =
  /admin|staff|moderator|\brole|require_?role|has_?role|check_?role|permission|authorize_?roles|restrict/i;
const loginNeeded =
  /auth(?!or)|protect|logged_?in|login_?required|require_?(user|login|session|token|jwt)|verify_?(token|jwt|user|session)|check_?(token|jwt|user|session)|ensure_?(user|session)|is_?(user|member)|validate_?(token|jwt|session)|guard|jwt|session_?required/i;
const packages =
  /^(passport:authenticate|express-jwt:|express-oauth2-jwt-bearer:|@clerk\/express:requireAuth|express-basic-auth:|@auth0\/|express-openid-connect:requiresAuth)/;

/** By what stands before the handler: packages that check a login, functions that verify a token, names that say so. */
export function audienceFinder(model: Model): (route: Route) => Audience {
  const verifying = new Set(
    ["jsonwebtoken:verify", "jose:jwtVerify", "firebase-admin/**.verifyIdToken", "firebase-admin:**.verifyIdToken"]
      .flatMap((api) => model.usesOf(api))
      .flatMap(({ call }) => withParents(model, call.fn)),
  );
  return ({ middleware, handlers }) => {
    const before = [...middleware, ...handlers.slice(0, -1)];
    const names = before.map((handler) => nameOf(handler, model));
    if (names.some((name) => staffOnly.test(name))) return "staff";
    const checks = before.some(
      (handler, index) =>
        packages.test(handler.api ?? "") ||
        (handler.fn !== null && verifying.has(handler.fn)) ||
        (loginNeeded.test(names[index] ?? "") && !/optional|limit/i.test(names[index] ?? "")),
    );
    return checks ? "users" : "anyone";
  };
}

/** Name of a middleware: its own, or that of the function that made it (`requireRole("admin")`). */
function nameOf({ fn: id }: Handler, model: Model): string {
  const fn = id === null ? null : model.fn(id);
  if (fn === null) return "";
  if (fn.name !== null) return fn.name;
  const parent = fn.parent === null ? null : model.fn(fn.parent);
  return parent === null || parent.isModule ? "" : (parent.name ?? "");
}

function withParents(model: Model, id: string): string[] {
  const fn = model.fn(id);
  if (fn === null || fn.isModule) return [];
  return [id, ...(fn.parent === null ? [] : withParents(model, fn.parent))];
}
