/** The api paths by which Hono apps are known, and what is put before their paths by `basePath`. */
import { isHonoApp } from "../../libraries/web.ts";
import { textsOf } from "../../link/known.ts";
import type { External, Token } from "../../link/token.ts";
import type { LinkedApp } from "../framework.ts";
import { routerMadeAt, type Router } from "../routing/router.ts";

/** The app that a token is; all of `basePath(...)` share one. */
export function routerOf(token: Token): Router | null {
  if (token.kind !== "external" || !isHonoApp(token.api)) return null;
  return routerMadeAt("hono", true, token.made);
}

/** What `basePath("/api")` calls between the app's making and this token put before its paths. */
export function baseOf({ linked: { solver } }: LinkedApp, { calls, via }: External): string {
  return calls
    .filter(({ fact: { callee } }) => callee.kind === "member" && callee.property === "basePath")
    .map((call) => {
      const [first] = call.fact.args;
      const env = via?.call === call ? via.env : null;
      return first === undefined ? "" : (textsOf(solver, solver.evaluate(call.file, first, env))[0] ?? "*");
    })
    .join("/");
}
