/** Elysia's registrations: verbs with the hooks of their options, `use`, `group`, `guard`, and hooks for all that comes behind. */
import type { Activation } from "../../link/activations.ts";
import type { CallNode, FnNode } from "../../link/program.ts";
import { NONE, type Env, type Tokens } from "../../link/token.ts";
import type { Value } from "../../summary.ts";
import type { LinkedApp } from "../framework.ts";
import { handlerItem, itemsOf, itemsOfTokens, type Item } from "../routing/items.ts";
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
import { groupOf, guardOf, ownerOf, routerOf } from "./instances.ts";

const VERBS = new Set(["get", "post", "put", "patch", "delete", "options", "head", "all"]);
/** Hooks that run before the handler. */
const BEFORE = new Set(["onRequest", "onTransform", "onBeforeHandle", "derive", "resolve", "mapDerive", "mapResolve"]);
const OTHERS = new Set(["route", "ws", "use", "group", "guard"]);

export const registering: Registering = { apis: /^elysia:/, methodOf, read };

function methodOf({ fact: { callee, args } }: CallNode): string | null {
  if (callee.kind !== "member" || args.length === 0) return null;
  if (VERBS.has(callee.property)) return callee.property.toUpperCase();
  return OTHERS.has(callee.property) || BEFORE.has(callee.property) ? callee.property : null;
}

interface Parts {
  method: string | null;
  paths: readonly string[];
  items: Item[];
}

function read(app: LinkedApp, call: CallNode, method: string, way: Activation): Registration[] {
  const { callee } = call.fact;
  if (callee.kind !== "member") return [];
  const owners = objectsOf(app, call, callee.object, way.env).flatMap((token) => ownerOf(token, call) ?? []);
  if (owners.length === 0) return [];
  const shared = { call, line: lineOfVerb(app, call), way: positionOf(call, way) };
  const { paths, ...parts } = partsOf(app, call, method, way.env);
  const inside = functionsAt(app, call, way.env);
  if (method === "guard" && inside.length > 0) {
    const router = guardOf(call);
    const hooks = { ...shared, ...parts, router, paths: [plainPath("*")] };
    const below = inside.map((fn): Item => ({ kind: "router", router: groupOf(fn) }));
    const held = [hooks, { ...hooks, paths: [plainPath("")], items: below }];
    const guarded = { ...shared, method: null, paths: [plainPath("")], items: [{ kind: "router" as const, router }] };
    return [...held, ...owners.map((owner) => ({ ...guarded, router: owner }))];
  }
  if (parts.items.length === 0) return [];
  return owners.map((router) => ({ ...shared, ...parts, router, paths: paths.map(plainPath) }));
}

function partsOf(app: LinkedApp, call: CallNode, method: string, env: Env | null): Parts {
  const { args } = call.fact;
  const [first, second, third, fourth] = args;
  switch (method) {
    case "use":
      return { method: null, paths: [""], items: args.flatMap((value) => used(app, call, value, env)) };
    case "group": {
      const items = functionsAt(app, call, env).map((fn): Item => ({ kind: "router", router: groupOf(fn) }));
      return { method: null, paths: [textAt(app, call, first, env) ?? "*"], items };
    }
    case "guard":
      return { method: null, paths: ["*"], items: hooksIn(app, call, first, env) };
    case "ws":
      return { method: SOCKET, paths: [textAt(app, call, first, env) ?? "*"], items: listenersIn(app, call, env) };
    case "route": {
      const items = [...hooksIn(app, call, fourth, env), ...handlersAt(app, call, third, env)];
      const verb = textAt(app, call, first, env)?.toUpperCase() ?? "ALL";
      return { method: verb, paths: [textAt(app, call, second, env) ?? "*"], items };
    }
    default: {
      if (BEFORE.has(method)) {
        const items = args.flatMap((value) => (functionsOf(app, call, value, env).length > 0 ? [value] : []));
        return { method: null, paths: ["*"], items: items.flatMap((value) => handlersAt(app, call, value, env)) };
      }
      const items = [...hooksIn(app, call, third, env), ...handlersAt(app, call, second, env)];
      return { method, paths: [textAt(app, call, first, env) ?? "*"], items };
    }
  }
}

/** An instance, a function that is handed the one it is used by, or a package's plugin. */
function used(app: LinkedApp, call: CallNode, value: Value, env: Env | null): Item[] {
  const fns = functionsOf(app, call, value, env);
  if (fns.length > 0) return fns.map((fn) => ({ kind: "router", router: groupOf(fn) }));
  return handlersAt(app, call, value, env);
}

function handlersAt(app: LinkedApp, call: CallNode, value: Value | undefined, env: Env | null): Item[] {
  return value === undefined ? [] : itemsOf(app, call, { file: call.file, value, env }, { routerOf });
}

/** Options that describe a route and let nobody in or out. */
const DESCRIBING =
  /^(body|query|params|headers|cookie|response|detail|tags|type|parse|transform|schema|as|normalize|config|websocket|(after|map|on|trace|error)\w*)$/;

/** `{ beforeHandle: [a, b] }`, and macros, which are options of the app's own: `{ isSignedIn: true }`. */
function hooksIn(app: LinkedApp, call: CallNode, value: Value | undefined, env: Env | null): Item[] {
  const { solver } = app.linked;
  const options = value === undefined ? NONE : solver.evaluate(call.file, value, env);
  return options.flatMap((token) => {
    if (token.kind !== "object") return [];
    return token.value.entries.flatMap(({ key, value: given }): Item[] => {
      if (/^(beforeHandle|resolve|derive)$/.test(key))
        return itemsOf(app, call, { file: token.file, value: given, env: token.env }, { routerOf });
      const isOff = given.kind === "literal" && (given.value === false || given.value === null);
      return DESCRIBING.test(key) || isOff ? [] : [handlerItem(call, `elysia:macro.${key}`)];
    });
  });
}

/** `ws("/chat", { open, message, close })` */
function listenersIn(app: LinkedApp, call: CallNode, env: Env | null): Item[] {
  const { solver } = app.linked;
  return call.fact.args
    .flatMap((value) => solver.evaluate(call.file, value, env))
    .flatMap((token) => (token.kind === "object" ? solver.elements([token]) : []))
    .filter(({ kind }) => kind === "fn")
    .flatMap((token) => itemsOfTokens(app, call, [token], { routerOf }));
}

/** The functions among the last argument. */
function functionsAt(app: LinkedApp, call: CallNode, env: Env | null): FnNode[] {
  const last = call.fact.args.at(-1);
  return last === undefined ? [] : functionsOf(app, call, last, env);
}

function functionsOf({ linked: { solver } }: LinkedApp, call: CallNode, value: Value, env: Env | null): FnNode[] {
  return functionsIn(solver.evaluate(call.file, value, env));
}

function functionsIn(tokens: Tokens): FnNode[] {
  return tokens.flatMap((token) => (token.kind === "fn" ? [token.fn] : []));
}

function textAt(app: LinkedApp, call: CallNode, value: Value | undefined, env: Env | null): string | null {
  return textsAt(app, call, value, env)?.[0] ?? null;
}
