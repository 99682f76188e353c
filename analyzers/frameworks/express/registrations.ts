/** Express's registrations: `app.get(...)`, `router.use(...)` and `route(...).post(...)`. */
import type { Activation } from "../../link/activations.ts";
import type { CallNode } from "../../link/program.ts";
import type { Env } from "../../link/token.ts";
import type { Value } from "../../summary.ts";
import type { LinkedApp } from "../framework.ts";
import { itemsOf, type Item } from "../routing/items.ts";
import type { RoutePath } from "../routing/paths.ts";
import {
  chainStart,
  lineOfVerb,
  pathsIn,
  plainPath,
  positionOf,
  type Registering,
  type Registration,
} from "../routing/registrations.ts";
import { routerOf, VERBS } from "./apis.ts";

export const registering: Registering = { apis: /^express[\w-]*:/, methodOf, read };

/** `use` or the verb in upper case; null when the call registers nothing. */
function methodOf({ fact: { callee, args } }: CallNode): string | null {
  if (callee.kind !== "member") return null;
  if (callee.property === "use") return args.length > 0 ? "use" : null;
  if (!VERBS.has(callee.property)) return null;
  return callee.property === "del" ? "DELETE" : callee.property.toUpperCase();
}

function read(app: LinkedApp, call: CallNode, method: string, way: Activation): Registration[] {
  const { callee, args } = call.fact;
  if (callee.kind !== "member") return [];
  const { solver } = app.linked;
  const routed = method === "use" ? null : chainStart(call.file, callee.object, "route");
  const object = routed?.fact.callee.kind === "member" ? routed.fact.callee.object : callee.object;
  const routers = solver.evaluate(call.file, object, way.env).flatMap((token) => routerOf(token) ?? []);
  if (routers.length === 0) return [];
  const located = routed === null ? pathsOf(app, call, method, way.env) : pathsOf(app, routed, "route", way.env);
  const rest = routed === null ? args.slice(located.consumed) : args;
  const isSetting = method === "GET" && routed === null && args.length < 2;
  if (rest.length === 0 || isSetting) return [];
  const items = rest.flatMap((arg) => argumentItems(app, call, arg, way.env));
  const line = routed === null ? call.fact.span.line : lineOfVerb(app, call);
  const paths = located.paths.length > 0 ? located.paths : [plainPath("")];
  return routers.map((router) => ({
    router,
    method: method === "use" ? null : method,
    paths,
    items,
    call,
    line,
    way: positionOf(call, way),
  }));
}

/** What one argument of `use`, or of a call that takes the same, holds. */
export function argumentItems(app: LinkedApp, call: CallNode, value: Value, env: Env | null): Item[] {
  return itemsOf(app, call, { file: call.file, value, env }, { routerOf });
}

interface Located {
  paths: RoutePath[];
  consumed: number;
}

/** The paths in front of a registration's handlers, and how many arguments they take. */
function pathsOf(app: LinkedApp, call: CallNode, method: string, env: Env | null): Located {
  const [first, ...others] = call.fact.args;
  if (first === undefined) return { paths: [], consumed: 0 };
  const paths = pathsIn(app, call, first, env);
  if (paths !== null) return { paths, consumed: 1 };
  if (method !== "use") return { paths: [plainPath("*")], consumed: 1 };
  const isUnknown = app.linked.solver.evaluate(call.file, first, env).length === 0;
  return isUnknown && others.length > 0 && isPrefix(first) && mountsRouter(app, call, others, env)
    ? { paths: [plainPath("*")], consumed: 1 }
    : { paths: [], consumed: 0 };
}

/** What may be a prefix though its text is not known; an import that leads nowhere only when its name says so. */
function isPrefix(value: Value): boolean {
  if (value.kind === "imported") return /prefix|path|base|root|url|version/i.test(value.name);
  return value.kind === "member" || value.kind === "name" || value.kind === "param";
}

function mountsRouter(app: LinkedApp, call: CallNode, args: readonly Value[], env: Env | null): boolean {
  return args.some((arg) => argumentItems(app, call, arg, env).some((item) => item.kind === "router"));
}
