/** The api paths by which Koa apps, routers and what only hands these on are known. */
import { isKoaApp, isKoaRouter } from "../../libraries/web.ts";
import { textsOf } from "../../link/known.ts";
import type { External, Token } from "../../link/token.ts";
import type { LinkedApp } from "../framework.ts";
import type { Placed } from "../routing/items.ts";
import { routerMadeAt, type Router } from "../routing/router.ts";

/** The app or router that a token is. */
export function routerOf(token: Token): Router | null {
  if (token.kind !== "external") return null;
  if (isKoaApp(token.api)) return routerMadeAt("koa", true, token.made);
  return isKoaRouter(token.api) ? routerMadeAt("koa-router", false, token.made) : null;
}

/** `mount("/api", app)` and `compose([a, b])` hand on what they are given. */
export function inside(
  { linked: { solver } }: LinkedApp,
  { api, via }: External,
): { values: Placed[]; at: string } | null {
  const [first, second] = via?.call.fact.args ?? [];
  if (via === null || first === undefined) return null;
  const { env } = via;
  const { file } = via.call;
  const placed = (value: typeof first): Placed => ({ file, value, env });
  if (/^koa-compose:(default)?\(\)$/.test(api)) return { values: via.call.fact.args.map(placed), at: "" };
  if (!/^koa-mount:(default)?\(\)$/.test(api)) return null;
  if (second === undefined) return { values: [placed(first)], at: "" };
  return { values: [placed(second)], at: textsOf(solver, solver.evaluate(file, first, env))[0] ?? "*" };
}
