/** A Fastify route as it is written: `get(path, options, handler)` or `route({ method, url, preHandler, handler })`. */
import { textsOf } from "../../link/known.ts";
import type { CallNode } from "../../link/program.ts";
import { NONE, type ObjectToken, type Site, type Tokens } from "../../link/token.ts";
import type { Handler } from "../../model.ts";
import type { LinkedApp } from "../framework.ts";
import { itemsOf, type Placed } from "../routing/items.ts";
import { inside, PHASES, type Phase } from "./apis.ts";

export interface RouteOptions {
  methods: readonly string[];
  paths: readonly string[];
  hooks: readonly { phase: Phase; handlers: readonly Handler[] }[];
  handlers: readonly Handler[];
  /** True when the handlers are given a socket instead of a request to answer. */
  isSocket: boolean;
  /** What answers a socket where plain requests have a handler, too. */
  socketHandlers: readonly Handler[];
  /** What the route says of its rate limit: `config: { rateLimit }`. */
  limit: "own" | "off" | "default";
}

/** The functions a value holds; what is not known still is a handler. */
export function handlersIn(app: LinkedApp, call: CallNode, placed: Placed): Handler[] {
  const items = itemsOf(app, call, placed, { routerOf: () => null, inside });
  return items.flatMap((item) => (item.kind === "handler" ? [item.handler] : []));
}

/** Null when the call's arguments are none of a route's. */
export function readRoute(app: LinkedApp, site: Site, method: string): RouteOptions | null {
  const { args, span } = site.call.fact;
  const place = { file: site.call.file.path, line: span.line };
  const unknown: Handler = { fn: null, api: null, place, construction: null };
  const at = (index: number) => valueAt(app, site, index);
  if (method === "route") {
    const options = objectsIn(at(0));
    if (args.length !== 1) return null;
    const methods = texts(app, options, "method").map((text) => text.toUpperCase());
    const paths = [...texts(app, options, "url"), ...texts(app, options, "path")];
    const read = readOptions(app, site.call, options);
    const handlers = read.handlers.length > 0 ? read.handlers : [unknown];
    return {
      ...read,
      handlers,
      methods: methods.length > 0 ? methods : ["ALL"],
      paths: paths.length > 0 ? paths : ["*"],
    };
  }
  if (args.length < 2) return null;
  const paths = textsOf(app.linked.solver, at(0));
  const second = objectsIn(at(1));
  const read = readOptions(app, site.call, second);
  const last = args.length > 2 ? args[2] : second.length > 0 ? undefined : args[1];
  const given =
    last === undefined ? [] : handlersIn(app, site.call, { file: site.call.file, value: last, env: site.env });
  const handlers = [...given, ...(given.length > 0 ? [] : read.handlers)];
  return {
    ...read,
    handlers: handlers.length > 0 ? handlers : [unknown],
    methods: [method.toUpperCase()],
    paths: paths.length > 0 ? paths : ["*"],
  };
}

function valueAt({ linked: { solver } }: LinkedApp, { call, env }: Site, index: number): Tokens {
  const value = call.fact.args[index];
  return value === undefined ? NONE : solver.evaluate(call.file, value, env);
}

export function objectsIn(tokens: Tokens): ObjectToken[] {
  return tokens.flatMap((token) => (token.kind === "object" ? [token] : []));
}

function texts({ linked: { solver } }: LinkedApp, options: readonly ObjectToken[], key: string): string[] {
  return textsOf(
    solver,
    options.flatMap((token) => solver.member(token, key)),
  );
}

type Read = Pick<RouteOptions, "hooks" | "handlers" | "isSocket" | "socketHandlers" | "limit">;

function readOptions(app: LinkedApp, call: CallNode, options: readonly ObjectToken[]): Read {
  const handlersAt = (key: string) => options.flatMap((token) => handlersOf(app, call, token, key));
  const isTrue = options.some((token) =>
    app.linked.solver.member(token, "websocket").some((each) => each.kind === "literal" && each.value === true),
  );
  const socketHandlers = handlersAt("wsHandler");
  return {
    hooks: PHASES.map((phase) => ({ phase, handlers: handlersAt(phase) })).filter(
      ({ handlers }) => handlers.length > 0,
    ),
    handlers: handlersAt("handler"),
    isSocket: isTrue && socketHandlers.length === 0,
    socketHandlers,
    limit: limitOf(app, options),
  };
}

/** The functions under a key, also where an options object is spread into this one. */
function handlersOf(app: LinkedApp, call: CallNode, { file, value, env }: ObjectToken, key: string): Handler[] {
  const own = value.entries.findLast((each) => each.key === key);
  if (own !== undefined) return handlersIn(app, call, { file, value: own.value, env });
  const spread = value.spreads.flatMap((each) => objectsIn(app.linked.solver.evaluate(file, each, env)));
  return spread.flatMap((token) => handlersOf(app, call, token, key));
}

function limitOf({ linked: { solver } }: LinkedApp, options: readonly ObjectToken[]): RouteOptions["limit"] {
  const limits = options
    .flatMap((token) => solver.member(token, "config"))
    .flatMap((token) => solver.member(token, "rateLimit"));
  if (limits.some((token) => token.kind === "literal" && token.value === false)) return "off";
  return limits.length > 0 ? "own" : "default";
}
