/** What limits or checks every request of a Python app, wherever it was set up: default limits, middleware classes. */
import type { Handler } from "../../model.ts";
import type { CallNode } from "../../link/program.ts";
import { NONE, type Token } from "../../link/token.ts";
import type { LinkedApp } from "../framework.ts";
import { argument, tokensOf } from "./arguments.ts";
import { ownHandler } from "./decorations.ts";

const limiters =
  /^pypi:(slowapi:(extension\.)?|flask_limiter:(extension\.)?|quart_rate_limiter:)(Limiter|RateLimiter)$/;

/** Handlers in force for the whole app that `made` makes, or for the service around it. */
export function appWide(app: LinkedApp, made: CallNode): Handler[] {
  const service = app.serviceOf(made.file.path)?.root;
  return app.linked.solver.program.calls.flatMap((call) => {
    const tokens = app.linked.callees[call.uid] ?? NONE;
    if (tokens.length === 0) return [];
    const api = tokens.flatMap((token) => (token.kind === "external" ? [token.api] : []))[0] ?? "";
    const isNear = app.serviceOf(call.file.path)?.root === service;
    if (limiters.test(api) && isNear && hasDefaults(call)) return [external(app, call, `${api}()`)];
    return api.endsWith(".add_middleware") && isNear ? middlewareOf(app, call) : [];
  });
}

const limitsByRouter = new WeakMap<LinkedApp, ReadonlyMap<CallNode, readonly Handler[]>>();

/** `limiter.limit("5/minute")(blueprint)`: one limit for every route of a router. */
export function limitsOn(app: LinkedApp, made: CallNode): readonly Handler[] {
  const found = limitsByRouter.get(app) ?? findLimits(app);
  limitsByRouter.set(app, found);
  return found.get(made) ?? [];
}

function findLimits(app: LinkedApp): Map<CallNode, Handler[]> {
  const found = new Map<CallNode, Handler[]>();
  for (const call of app.linked.solver.program.calls) {
    const [first] = call.fact.args;
    if (first === undefined || call.fact.callee.kind !== "call" || call.fact.use === "decorator") continue;
    const limit = (app.linked.callees[call.uid] ?? NONE).find(isLimit);
    if (limit?.kind !== "external") continue;
    for (const token of tokensOf(app, call, first)) {
      const router = token.kind === "external" ? token.made?.call : undefined;
      if (router !== undefined) found.set(router, [...(found.get(router) ?? []), external(app, call, limit.api)]);
    }
  }
  return found;
}

function isLimit(token: Token): boolean {
  return token.kind === "external" && /^pypi:(flask_limiter|slowapi):.*\.(shared_)?limit\(\)$/.test(token.api);
}

function hasDefaults(call: CallNode): boolean {
  return ["default_limits", "application_limits"].some((name) => argument(call, name) !== undefined);
}

function external(app: LinkedApp, call: CallNode, api: string): Handler {
  return {
    fn: null,
    api,
    place: { file: call.file.path, line: call.fact.span.line },
    construction: app.sites.call(call),
  };
}

/** `app.add_middleware(Limits)`: the method of an own class that sees each request, or the package's class. */
function middlewareOf(app: LinkedApp, call: CallNode): Handler[] {
  return tokensOf(app, call, argument(call, "middleware_class", 0)).flatMap((token) => {
    if (token.kind === "external") return [external(app, call, token.api)];
    if (token.kind !== "class") return [];
    const member = token.class.fact.members.find(({ name }) => name === "dispatch" || name === "__call__");
    const fn = member === undefined ? undefined : token.class.file.fns[member.fn];
    return fn === undefined ? [] : [ownHandler(fn, app.sites.call(call))];
  });
}
