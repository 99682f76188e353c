/** Koa's registrations: `app.use(...)`, `router.get("name", "/path", ...)`, `router.use("/path", other.routes())`, `router.prefix("/api")`. */
import type { Activation } from "../../link/activations.ts";
import { textsOf } from "../../link/known.ts";
import type { CallNode } from "../../link/program.ts";
import type { Env } from "../../link/token.ts";
import type { Value } from "../../summary.ts";
import type { LinkedApp } from "../framework.ts";
import { itemsOf } from "../routing/items.ts";
import type { RoutePath } from "../routing/paths.ts";
import {
  lineOfVerb,
  objectsOf,
  pathsIn,
  plainPath,
  positionOf,
  type Registering,
  type Registration,
} from "../routing/registrations.ts";
import { inside, routerOf } from "./apis.ts";

/** A call that puts something before all paths of a router; no method of a request. */
export const PREFIX = "prefix";

const VERBS = new Set(
  "get post put patch delete del head options all link unlink copy lock mkcol move propfind proppatch purge report search subscribe trace unlock unsubscribe".split(
    " ",
  ),
);
const OTHERS = new Set(["use", "register", PREFIX]);

export const registering: Registering = { apis: /^(koa|koa-router|@koa\/router):/, methodOf, read };

/** The verb in upper case, or the name of another registering method. */
function methodOf({ fact: { callee, args } }: CallNode): string | null {
  if (callee.kind !== "member" || args.length === 0) return null;
  if (OTHERS.has(callee.property)) return callee.property;
  if (!VERBS.has(callee.property)) return null;
  return callee.property === "del" ? "DELETE" : callee.property.toUpperCase();
}

function read(app: LinkedApp, call: CallNode, method: string, way: Activation): Registration[] {
  const { callee } = call.fact;
  if (callee.kind !== "member") return [];
  const objects = objectsOf(app, call, callee.object, way.env);
  const routers = objects.flatMap((token) => routerOf(token) ?? []);
  if (routers.length === 0) return [];
  const { methods, paths, rest } = parts(app, call, method, way.env);
  const items = rest.flatMap((value) =>
    itemsOf(app, call, { file: call.file, value, env: way.env }, { routerOf, inside }),
  );
  if (items.length === 0 && method !== PREFIX) return [];
  const line = lineOfVerb(app, call);
  return routers.flatMap((router) =>
    methods.map((each) => ({ router, method: each, paths, items, call, line, way: positionOf(call, way) })),
  );
}

interface Parts {
  methods: (string | null)[];
  paths: readonly RoutePath[];
  /** Middleware and handlers. */
  rest: readonly Value[];
}

function parts(app: LinkedApp, call: CallNode, method: string, env: Env | null): Parts {
  const { args } = call.fact;
  const [first, second, ...others] = args;
  const paths = first === undefined ? null : pathsIn(app, call, first, env);
  switch (method) {
    case "use":
      return { methods: [null], paths: paths ?? [plainPath("")], rest: paths === null ? args : args.slice(1) };
    case PREFIX:
      return { methods: [PREFIX], paths: paths ?? [plainPath("*")], rest: [] };
    case "register":
      return { methods: methodsIn(app, call, second, env), paths: paths ?? [plainPath("*")], rest: others.slice(0, 1) };
    default: {
      const named = others.length > 0 && second !== undefined ? pathsIn(app, call, second, env) : null;
      const rest = named === null ? args.slice(1) : others;
      return { methods: [method], paths: named ?? paths ?? [plainPath("*")], rest };
    }
  }
}

function methodsIn(
  { linked: { solver } }: LinkedApp,
  call: CallNode,
  value: Value | undefined,
  env: Env | null,
): string[] {
  const texts = value === undefined ? [] : textsOf(solver, solver.evaluate(call.file, value, env));
  return texts.length > 0 ? texts.map((text) => text.toUpperCase()) : ["ALL"];
}
