/** What is registered on Fastify instances: routes, hooks and plugins, by instance and in every way in which it comes to run. */
import { createActivations, inOrder, perItem, type Activation } from "../../link/activations.ts";
import { textsOf } from "../../link/known.ts";
import { childOf, instancesOf, optionsFor, packagePluginsAt, pluginsAt } from "../../link/plugins.ts";
import type { CallNode } from "../../link/program.ts";
import { type External, NONE, type Site } from "../../link/token.ts";
import type { Handler } from "../../model.ts";
import type { LinkedApp } from "../framework.ts";
import { resting } from "../routing/registrations.ts";
import { isPhase, isRateLimit, isRoot, isTest, keyOf, makerOf, phaseOfPlugin, VERBS, type Phase } from "./apis.ts";
import { handlersIn, objectsIn, readRoute, type RouteOptions } from "./options.ts";

interface Common {
  call: CallNode;
  way: Pick<Activation, "root" | "trail">;
}

export type RouteRegistration = Common & { kind: "route"; route: RouteOptions };
export type HookRegistration = Common & { kind: "hook"; phase: Phase; handlers: readonly Handler[] };
/** A plugin with an instance of its own. */
export type PluginRegistration = Common & { kind: "plugin"; child: string; prefix: string };
/** A function that runs for requests, but neither before nor as a handler (`onResponse`). */
export type LaterRegistration = Common & { kind: "later"; name: string; handlers: readonly Handler[] };
export type Registered = RouteRegistration | HookRegistration | PluginRegistration | LaterRegistration;

const METHODS = new Set([...VERBS, "route", "addHook", "register", "use"]);
const LATER = new Set(["preSerialization", "onSend", "onResponse", "onError", "onTimeout", "onRequestAbort"]);
const START = new Set(["onReady", "onListen", "onClose", "preClose"]);

/** One instance with what is registered on it, in order of execution. */
export interface Scope {
  key: string;
  isRoot: boolean;
  /** The call that makes a root; null when it is not known. */
  made: CallNode | null;
  list: Registered[];
}

/** The instances by their keys. */
export function findScopes(app: LinkedApp): Map<string, Scope> {
  const activations = createActivations(app.linked);
  const scopes = new Map<string, Scope>();
  for (const call of app.linked.solver.program.calls) {
    if (!isRegistering(app, call)) continue;
    const seen = new Set<string>();
    for (const way of activations(call.fn).flatMap((each) => perItem(app.linked, call, each, resting(call)))) {
      for (const { instance, registered } of read(app, call, way)) {
        const key = keyOf(instance);
        const identity = `${key} ${identityOf(registered)}`;
        if (seen.has(identity)) continue;
        seen.add(identity);
        const scope = scopes.get(key) ?? { key, isRoot: isRoot(instance), made: makerOf(instance), list: [] };
        scopes.set(key, scope);
        scope.list.push(registered);
      }
    }
  }
  for (const { list } of scopes.values()) list.sort((a, b) => inOrder(a.way, b.way));
  return scopes;
}

function isRegistering({ linked }: LinkedApp, call: CallNode): boolean {
  const { callee } = call.fact;
  if (callee.kind !== "member" || !METHODS.has(callee.property)) return false;
  if (isTest(call.file.path)) return false;
  return (linked.callees[call.uid] ?? NONE).some(
    (token) => token.kind === "external" && token.api.startsWith("fastify:"),
  );
}

function identityOf(registered: Registered): string {
  switch (registered.kind) {
    case "route":
      return `${registered.route.methods.join()} ${registered.route.paths.join()} ${registered.route.handlers.map(nameOf).join()}`;
    case "hook":
    case "later":
      return registered.handlers.map(nameOf).join();
    case "plugin":
      return `${registered.child} ${registered.prefix}`;
  }
}

function nameOf({ fn, api }: Handler): string {
  return fn ?? api ?? "?";
}

interface Found {
  instance: External;
  registered: Registered;
}

function read(app: LinkedApp, call: CallNode, way: Activation): Found[] {
  const { callee } = call.fact;
  if (callee.kind !== "member") return [];
  const site: Site = { call, env: way.env };
  const instances = instancesOf(app.linked.solver, site);
  const common: Common = { call, way: { root: way.root, trail: [...way.trail, call.fact.span.end] } };
  if (callee.property === "register") return instances.flatMap((instance) => readPlugin(app, site, instance, common));
  const registered = readOne(app, site, callee.property, common);
  return registered === null ? [] : instances.map((instance) => ({ instance, registered }));
}

function readOne(app: LinkedApp, site: Site, method: string, common: Common): Registered | null {
  const { call, env } = site;
  const [first, second] = call.fact.args;
  if (method === "use") {
    const handlers = call.fact.args.flatMap((value) => handlersIn(app, call, { file: call.file, value, env }));
    return {
      ...common,
      kind: "hook",
      phase: "onRequest",
      handlers: handlers.filter(({ fn, api }) => fn !== null || api !== null),
    };
  }
  if (method === "addHook") {
    const [name] =
      first === undefined ? [] : textsOf(app.linked.solver, app.linked.solver.evaluate(call.file, first, env));
    if (name === undefined || second === undefined) return null;
    const handlers = handlersIn(app, call, { file: call.file, value: second, env });
    if (isPhase(name)) return { ...common, kind: "hook", phase: name, handlers };
    return LATER.has(name) || START.has(name) ? { ...common, kind: "later", name, handlers } : null;
  }
  const route = readRoute(app, site, method);
  return route === null ? null : { ...common, kind: "route", route };
}

/** `register(plugin, { prefix })`: plugins of the app's own, and what a package's does with each request. */
function readPlugin(app: LinkedApp, site: Site, instance: External, common: Common): Found[] {
  const { solver } = app.linked;
  const own = pluginsAt(solver, site).flatMap(({ scopes, token, prefix }): Found[] => {
    const child = scopes.includes(token.fn) ? childOf(instance, site, token.fn) : null;
    if (child === null) return [];
    const before = prefix ?? prefixIn(app, site);
    return [{ instance, registered: { ...common, kind: "plugin", child: keyOf(child), prefix: before } }];
  });
  return [...own, ...packagePlugins(app, site, common).map((registered) => ({ instance, registered }))];
}

function prefixIn({ linked: { solver } }: LinkedApp, site: Site): string {
  const given = objectsIn(optionsFor(solver, site));
  const isSaid = given.some(({ value }) => value.entries.some(({ key }) => key === "prefix"));
  const [text] = textsOf(
    solver,
    given.flatMap((token) => solver.member(token, "prefix")),
  );
  return text ?? (isSaid ? "*" : "");
}

function packagePlugins(app: LinkedApp, site: Site, common: Common): HookRegistration[] {
  const place = { file: site.call.file.path, line: site.call.fact.span.line };
  return packagePluginsAt(app.linked.solver, site).flatMap(({ api }) => {
    const phase = phaseOfPlugin(api);
    const isChosen = isRateLimit(api) && isOptIn(app, site);
    if (phase === null || isChosen) return [];
    const handler: Handler = { fn: null, api, place, construction: app.sites.call(site.call) };
    return [{ ...common, kind: "hook" as const, phase, handlers: [handler] }];
  });
}

/** `global: false`: only routes that ask for it are limited. */
export function isOptIn({ linked: { solver } }: LinkedApp, site: Site): boolean {
  const options = optionsFor(solver, site).flatMap((token) => solver.member(token, "global"));
  return options.some((token) => token.kind === "literal" && token.value === false);
}
