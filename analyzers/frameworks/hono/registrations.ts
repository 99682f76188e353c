/** Hono's registrations: verbs with or without a path, `on`, `use`, `route`, and `openapi` with a route description. */
import type { Activation } from "../../link/activations.ts";
import { textsOf } from "../../link/known.ts";
import type { CallNode } from "../../link/program.ts";
import { type Env, type External, NONE, type Tokens } from "../../link/token.ts";
import type { Value } from "../../summary.ts";
import type { LinkedApp } from "../framework.ts";
import { handlerItem, itemsOf, type Item, type Placed } from "../routing/items.ts";
import { joinPaths, type RoutePath } from "../routing/paths.ts";
import {
  lineOfVerb,
  objectsOf,
  plainPath,
  positionOf,
  textsAt,
  type Registering,
  type Registration,
} from "../routing/registrations.ts";
import { SOCKET } from "../routing/sockets.ts";
import { baseOf, routerOf } from "./apis.ts";
import { plainText } from "./paths.ts";

const VERBS = new Set(["get", "post", "put", "patch", "delete", "options", "all"]);
const OTHERS = new Set(["use", "on", "route", "openapi", "doc", "doc31"]);

export const registering: Registering = { apis: /^(hono|@hono)\b/, methodOf, read };

function methodOf({ fact: { callee, args } }: CallNode): string | null {
  if (callee.kind !== "member" || args.length === 0) return null;
  if (VERBS.has(callee.property)) return callee.property.toUpperCase();
  return OTHERS.has(callee.property) ? callee.property : null;
}

/** `get("/ws", upgradeWebSocket((c) => ({ onMessage })))` */
function opensSocket({ linked: { solver } }: LinkedApp, call: CallNode, env: Env | null): boolean {
  const last = call.fact.args.at(-1);
  const tokens = last === undefined ? NONE : solver.evaluate(call.file, last, env);
  return tokens.some((token) => token.kind === "external" && /[:.]upgradeWebSocket\(\)$/.test(token.api));
}

interface Parts {
  methods: (string | null)[];
  paths: string[];
  items: Item[];
}

function read(app: LinkedApp, call: CallNode, method: string, way: Activation): Registration[] {
  const { callee } = call.fact;
  if (callee.kind !== "member") return [];
  const objects = objectsOf(app, call, callee.object, way.env);
  const apps = objects.flatMap((token) => (token.kind === "external" && routerOf(token) !== null ? [token] : []));
  if (apps.length === 0) return [];
  const { methods, paths, items } = partsOf(app, call, method, way.env);
  if (items.length === 0) return [];
  const shared = { items, call, line: lineOfVerb(app, call), way: positionOf(call, way) };
  return apps.flatMap((token) => {
    const router = routerOf(token);
    const below = paths.map((path) => belowBase(app, token, path));
    const isSocket = methods.every((each) => each !== null) && opensSocket(app, call, way.env);
    const all = isSocket ? [SOCKET] : methods;
    return router === null ? [] : all.map((each) => ({ ...shared, router, method: each, paths: below }));
  });
}

function belowBase(app: LinkedApp, token: External, path: string): RoutePath {
  return plainPath(joinPaths(joinPaths("", plainPath(baseOf(app, token))), plainPath(plainText(path))));
}

function partsOf(app: LinkedApp, call: CallNode, method: string, env: Env | null): Parts {
  const [first, second, ...others] = call.fact.args;
  const texts = textsAt(app, call, first, env);
  const after = (position: number) => call.fact.args.slice(position).flatMap((value) => items(app, call, value, env));
  switch (method) {
    case "use":
      return { methods: [null], paths: texts ?? ["*"], items: after(texts === null ? 0 : 1) };
    case "route":
      return { methods: [null], paths: texts ?? ["*"], items: after(1).filter(({ kind }) => kind === "router") };
    case "on":
      return { methods: upper(texts), paths: textsAt(app, call, second, env) ?? ["*"], items: after(2) };
    case "openapi":
      return described(app, call, env);
    case "doc":
    case "doc31":
      return { methods: ["GET"], paths: texts ?? ["*"], items: [handlerItem(call, null)] };
    default: {
      const isPathless =
        texts === null && (second === undefined || others.length === 0) && isHandler(app, call, first, env);
      if (isPathless) return { methods: [method], paths: [pathBefore(app, call, env)], items: after(0) };
      return { methods: [method], paths: texts ?? ["*"], items: after(1) };
    }
  }
}

function upper(texts: readonly string[] | null): string[] {
  return texts?.map((text) => text.toUpperCase()) ?? ["ALL"];
}

function items(app: LinkedApp, call: CallNode, value: Value, env: Env | null): Item[] {
  return itemsAt(app, call, { file: call.file, value, env });
}

function itemsAt(app: LinkedApp, call: CallNode, placed: Placed): Item[] {
  return itemsOf(app, call, placed, { routerOf });
}

function isHandler(
  { linked: { solver } }: LinkedApp,
  call: CallNode,
  value: Value | undefined,
  env: Env | null,
): boolean {
  const tokens = value === undefined ? NONE : solver.evaluate(call.file, value, env);
  return tokens.some(({ kind }) => kind === "fn" || kind === "external");
}

/** Without a path of its own a verb takes the one that was used before it in the chain. */
function pathBefore(app: LinkedApp, { file, fact: { callee } }: CallNode, env: Env | null): string {
  const before = callee.kind === "member" && callee.object.kind === "call" ? file.calls[callee.object.call] : undefined;
  const method = before === undefined ? null : methodOf(before);
  if (before === undefined || method === null) return "/";
  const texts = textsAt(app, before, before.fact.args[method === "on" ? 1 : 0], env);
  if (texts !== null) return texts.at(-1) ?? "/";
  return method === "use" ? "*" : pathBefore(app, before, env);
}

/** `openapi(createRoute({ method, path, middleware }), handler)` */
function described(app: LinkedApp, call: CallNode, env: Env | null): Parts {
  const { solver } = app.linked;
  const [first, second] = call.fact.args;
  const tokens = first === undefined ? NONE : solver.evaluate(call.file, first, env);
  const routes = tokens.flatMap((token) => (token.kind === "object" ? [token] : []));
  const texts = (key: string) =>
    textsOf(
      solver,
      routes.flatMap((token) => solver.member(token, key)),
    );
  const before = routes.flatMap((token) => middlewareIn(app, call, token));
  const own = second === undefined ? [] : items(app, call, second, env);
  const [method, path] = [texts("method")[0] ?? "all", texts("path")[0] ?? "*"];
  return { methods: [method.toUpperCase()], paths: [path], items: [...before, ...own] };
}

function middlewareIn(
  app: LinkedApp,
  call: CallNode,
  { file, value, env }: Extract<Tokens[number], { kind: "object" }>,
): Item[] {
  const given = value.entries.findLast(({ key }) => key === "middleware")?.value;
  return given === undefined ? [] : itemsAt(app, call, { file, value: given, env });
}
