/** Nest apps: every `NestFactory.create(...)` with its root module and what is set on it before it listens. */
import { argumentItems } from "../express/registrations.ts";
import { isRateLimit } from "../fastify/apis.ts";
import { isOptIn } from "../fastify/registrations.ts";
import type { LinkedApp } from "../framework.ts";
import { textsOf } from "../../link/known.ts";
import { itemsOf } from "../../link/lists.ts";
import { partsOf, split } from "../../link/pattern.ts";
import type { CallNode } from "../../link/program.ts";
import { NONE, type Tokens } from "../../link/token.ts";
import type { Handler } from "../../model.ts";
import { isInTestFolder, isTestFile } from "../../services/file-roles.ts";
import { closureOf, type Closure } from "./modules.ts";
import { exclusionOf, type Exclusion } from "./exclusions.ts";

export interface NestApp {
  /** The call that makes it; null for what is known of a service whose app could not be followed. */
  made: CallNode | null;
  file: string;
  service: string;
  closure: Closure;
  prefix: string;
  exclude: readonly Exclusion[];
  versioning: Versioning | null;
  /** `app.use(...)`: middleware with the path it is mounted at. */
  uses: readonly { path: string; handlers: readonly Handler[] }[];
  /** Values handed to `useGlobalGuards` and its like, by method. */
  globals: ReadonlyMap<string, readonly { tokens: Tokens; call: CallNode }[]>;
}

/** Versions in the path: `/v1/users`. */
export interface Versioning {
  prefix: string;
  defaults: readonly string[];
}

/** A call on an app: `app.setGlobalPrefix("api")`. */
export interface AppCall {
  method: string;
  call: CallNode;
  /** The call that made the app; null when only a type says that it is one. */
  made: CallNode | null;
}

const FACTORY = "@nestjs/core:NestFactory.";
const MAKERS = new Set(["create", "createMicroservice"]);

/** Apps that answer requests: where some of a service's listen, those that do not are tools that only look at it. */
export function findApps(app: LinkedApp): NestApp[] {
  const calls = callsOnApps(app);
  const made = app.linked.solver.program.calls.filter((call) => isMaking(app, call));
  const listening = new Set(calls.flatMap((each) => (LISTENING.has(each.method) ? [each.made] : [])));
  const serviceOf = (call: CallNode) => app.serviceOf(call.file.path)?.name ?? "";
  const serving = new Set([...listening].flatMap((call) => (call === null ? [] : [serviceOf(call)])));
  const roots = made.filter((call) => listening.has(call) || listening.has(null) || !serving.has(serviceOf(call)));
  return roots.map((call) => nestApp(app, call, calls));
}

const LISTENING = new Set(["listen", "startAllMicroservices"]);

function isMaking(app: LinkedApp, call: CallNode): boolean {
  const { path } = call.file;
  if (isTestFile(path) || isInTestFolder(path) || call.fact.args.length === 0) return false;
  return (app.linked.callees[call.uid] ?? NONE).some(
    (token) =>
      token.kind === "external" && token.api.startsWith(FACTORY) && MAKERS.has(token.api.slice(FACTORY.length)),
  );
}

function nestApp(app: LinkedApp, made: CallNode, calls: readonly AppCall[]): NestApp {
  const { solver } = app.linked;
  const service = app.serviceOf(made.file.path)?.name ?? "";
  const own = calls.filter((each) =>
    each.made === null ? app.serviceOf(each.call.file.path)?.name === service : each.made === made,
  );
  const [root] = made.fact.args;
  const closure = closureOf(solver, root === undefined ? NONE : solver.evaluate(made.file, root, null));
  return { made, file: made.file.path, service, closure, ...settingsOf(app, own) };
}

type Settings = Pick<NestApp, "prefix" | "exclude" | "versioning" | "uses" | "globals">;

/** What the calls on an app set; the last one of a kind counts. */
export function settingsOf(app: LinkedApp, calls: readonly AppCall[]): Settings {
  const last = (method: string) => calls.findLast((each) => each.method === method)?.call;
  const prefixed = last("setGlobalPrefix");
  const versioned = last("enableVersioning");
  const globals = new Map<string, { tokens: Tokens; call: CallNode }[]>();
  for (const { method, call } of calls.filter((each) => each.method.startsWith("useGlobal"))) {
    const values = call.fact.args.map((arg) => ({ tokens: app.linked.solver.evaluate(call.file, arg, null), call }));
    globals.set(method, [...(globals.get(method) ?? []), ...values]);
  }
  return {
    prefix: prefixed === undefined ? "" : (textsOf(app.linked.solver, argument(app, prefixed, 0))[0] ?? "*"),
    exclude: prefixed === undefined ? [] : exclusionsOf(app, prefixed),
    versioning: versioned === undefined ? null : versioningOf(app, versioned),
    uses: calls.flatMap((each) => (MOUNTING.has(each.method) ? usedBy(app, each.call) : [])),
    globals,
  };
}

/** `register` is the Fastify adapter's. */
const MOUNTING = new Set(["use", "register"]);

function argument({ linked: { solver } }: LinkedApp, { file, fact }: CallNode, position: number): Tokens {
  const arg = fact.args[position];
  return arg === undefined ? NONE : solver.evaluate(file, arg, null);
}

function exclusionsOf(app: LinkedApp, call: CallNode): Exclusion[] {
  const { solver } = app.linked;
  const listed = argument(app, call, 1).flatMap((token) => itemsOf(solver, solver.member(token, "exclude")));
  return listed.flatMap((tokens) => exclusionOf(solver, tokens));
}

/** Null unless versions stand in the path; that is what no options mean. */
function versioningOf(app: LinkedApp, call: CallNode): Versioning | null {
  const { solver } = app.linked;
  const options = argument(app, call, 0);
  const option = (name: string): Tokens => options.flatMap((token) => solver.member(token, name));
  const type = option("type").flatMap((token) => (token.kind === "external" ? [token.api] : []))[0];
  if (type !== undefined && !type.endsWith(".URI")) return null;
  const prefix = option("prefix").find((token) => token.kind === "literal");
  const isOff = prefix?.kind === "literal" && prefix.value === false;
  const [text = "v"] = textsOf(solver, option("prefix"));
  return { prefix: isOff ? "" : text, defaults: versionsIn(app, option("defaultVersion")) };
}

/** The versions a value names, the empty text for a neutral one. */
export function versionsIn({ linked: { solver } }: LinkedApp, tokens: Tokens): string[] {
  return itemsOf(solver, tokens).flatMap((item) => {
    if (item.some((token) => token.kind === "external" && token.api.endsWith("VERSION_NEUTRAL"))) return [""];
    const number = item.find((token) => token.kind === "literal" && typeof token.value === "number");
    return number?.kind === "literal" ? [String(number.value)] : textsOf(solver, item);
  });
}

function usedBy(app: LinkedApp, call: CallNode): NestApp["uses"] {
  const [path] = textsOf(app.linked.solver, argument(app, call, 0));
  const args = path === undefined ? call.fact.args : call.fact.args.slice(1);
  const items = args.slice(0, path === undefined ? 1 : undefined).flatMap((arg) => argumentItems(app, call, arg, null));
  const handlers = items.flatMap((item) => {
    if (item.kind !== "handler" || item.isErrorHandler) return [];
    if (isRateLimit(item.handler.api) && isOptIn(app, { call, env: null })) return [];
    // A plugin's options stand beside it: `app.register(rateLimit, { max: 100 })`.
    const { api, construction } = item.handler;
    return [{ ...item.handler, construction: api === null ? construction : (construction ?? app.sites.call(call)) }];
  });
  return [{ path: path ?? "", handlers }];
}

/** Every call of a method of an app, in source order. */
export function callsOnApps({ linked: { solver, callees } }: LinkedApp): AppCall[] {
  return solver.program.calls.flatMap((call) => {
    const token = (callees[call.uid] ?? NONE).find((each) => each.kind === "external" && isOnApp(each.api));
    if (token?.kind !== "external") return [];
    const method = partsOf(split(token.api).path ?? "").at(-1) ?? "";
    const maker = token.calls.find((each) => isFactoryCall(each, callees[each.uid] ?? NONE));
    return [{ method, call, made: maker ?? null }];
  });
}

function isOnApp(api: string): boolean {
  return api.startsWith(`${FACTORY}create().`) || api.startsWith(`${FACTORY}createMicroservice().`);
}

function isFactoryCall(_: CallNode, tokens: Tokens): boolean {
  return tokens.some((token) => token.kind === "external" && token.api.startsWith(FACTORY));
}
