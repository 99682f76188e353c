/** The api paths by which Express apps and routers are known. */
import { partsOf, split } from "../../link/pattern.ts";
import type { Token } from "../../link/token.ts";
import { routerMadeAt, type Router } from "../routing/router.ts";

const APPS = new Set(["express:()", "express-ws:().app"]);
const ROUTERS = new Set([
  "express:Router()",
  "express-promise-router:()",
  "express-promise-router:default()",
  "express:().Router()",
]);
export const VERBS = new Set(
  "get post put patch delete del options head all copy lock unlock mkcol move purge propfind proppatch report mkactivity checkout merge m-search notify subscribe unsubscribe search link unlink bind rebind unbind trace".split(
    " ",
  ),
);
/** Methods that return the app or router itself. */
const FLUENT = new Set([...VERBS, "use", "set", "enable", "disable", "param", "engine"]);

/** The app or router that a token is; null when it is none. */
export function routerOf(token: Token): Router | null {
  if (token.kind !== "external") return null;
  const api = withoutFluent(token.api);
  const isApp = APPS.has(api);
  if (!isApp && !ROUTERS.has(api)) return null;
  return routerMadeAt(isApp ? "app" : "router", isApp, token.made);
}

/** `app.use(a).use(b)` is still the app. */
function withoutFluent(api: string): string {
  const { specifier, path } = split(api);
  const parts = partsOf(path ?? "");
  while (parts.length > 2 && parts.at(-1) === "()" && FLUENT.has(parts.at(-2) ?? "")) parts.splice(-2);
  return `${specifier}:${parts.reduce((text, part) => (part === "()" || text === "" ? text + part : `${text}.${part}`), "")}`;
}
