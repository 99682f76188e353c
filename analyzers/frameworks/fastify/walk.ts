/** Walks from a root instance through its plugins: full paths, and the hooks that Fastify runs before each route. */
import { inOrder } from "../../link/activations.ts";
import { idOf } from "../../link/program.ts";
import type { Entry, Handler, Route } from "../../model.ts";
import type { LinkedApp } from "../framework.ts";
import { joinPaths } from "../routing/paths.ts";
import { isRateLimit, PHASES, type Phase } from "./apis.ts";
import type { HookRegistration, PluginRegistration, Registered, RouteRegistration, Scope } from "./registrations.ts";

/** Plugins registered in each other deeper than this are taken for a cycle. */
const MAX_PLUGINS = 16;

interface InForce {
  phase: Phase;
  handlers: readonly Handler[];
}

interface Walk {
  app: LinkedApp;
  scopes: ReadonlyMap<string, Scope>;
  prefix: string;
  hooks: readonly InForce[];
  /** Keys of the instances walked through, the outermost first. */
  within: readonly string[];
}

interface Found {
  routes: Route[];
  entries: Entry[];
}

export function foundBelow(app: LinkedApp, scopes: ReadonlyMap<string, Scope>, root: Scope): Found {
  return inScope(root, { app, scopes, prefix: "", hooks: [], within: [root.key] });
}

/** All hooks of an instance run for all its own routes, whichever came first. */
function inScope(scope: Scope, walk: Walk): Found {
  const hooks = scope.list.filter((each) => each.kind === "hook");
  const found = scope.list.map((registered): Found => {
    switch (registered.kind) {
      case "route":
        return routesOf(registered, { ...walk, hooks: [...walk.hooks, ...hooks] });
      case "plugin":
        return inPlugin(registered, hooks, walk);
      case "later":
        return { routes: [], entries: entriesOf(registered, registered.handlers, "event", `hook ${registered.name}`) };
      case "hook":
        return { routes: [], entries: [] };
    }
  });
  return { routes: found.flatMap(({ routes }) => routes), entries: found.flatMap(({ entries }) => entries) };
}

function inPlugin(plugin: PluginRegistration, hooks: readonly HookRegistration[], walk: Walk): Found {
  const scope = walk.scopes.get(plugin.child);
  if (scope === undefined || walk.within.includes(plugin.child) || walk.within.length > MAX_PLUGINS)
    return { routes: [], entries: [] };
  return inScope(scope, {
    ...walk,
    prefix: join(walk.prefix, plugin.prefix),
    hooks: [...walk.hooks, ...hooks.filter((hook) => reaches(hook, plugin))],
    within: [...walk.within, plugin.child],
  });
}

/** A plugin loads when the function that registers it has ended, or at once when that function waits for it. */
function reaches(hook: HookRegistration, plugin: PluginRegistration): boolean {
  if (inOrder(hook.way, plugin.way) <= 0) return true;
  return hook.call.fn === plugin.call.fn && !plugin.call.fact.awaited;
}

function join(prefix: string, path: string): string {
  return path === "" ? prefix : joinPaths(prefix, { text: path, isRegex: false });
}

function routesOf(registered: RouteRegistration, walk: Walk): Found {
  const { route } = registered;
  const paths = route.paths.map((path) => joinPaths(walk.prefix, { text: path, isRegex: false }));
  const sockets = route.isSocket ? route.handlers : route.socketHandlers;
  const entries = paths.flatMap((path) => entriesOf(registered, sockets, "socket", `socket ${path}`));
  if (route.isSocket) return { routes: [], entries };
  const routes = paths.flatMap((path) => route.methods.map((method) => routeOf(registered, method, path, walk)));
  return { routes, entries };
}

function routeOf({ call, route }: RouteRegistration, method: string, path: string, { app, hooks }: Walk): Route {
  const file = call.file.path;
  const { span } = call.fact;
  const inherited = hooks.map((hook) => ({ ...hook, handlers: hook.handlers.filter(({ api }) => counts(api, route)) }));
  const limiter: Handler = {
    fn: null,
    api: "@fastify/rate-limit:",
    place: { file, line: span.line },
    construction: app.sites.call(call),
  };
  const own =
    route.limit === "own" ? [{ phase: "onRequest" as const, handlers: [limiter] }, ...route.hooks] : route.hooks;
  const all = [...inherited, ...own];
  return {
    id: `${method} ${path} ${idOf(call)}`,
    method,
    path,
    file,
    line: span.line,
    service: app.serviceOf(file)?.name ?? "",
    framework: "fastify",
    via: "http",
    middleware: PHASES.flatMap((phase) =>
      all.filter((each) => each.phase === phase).flatMap(({ handlers }) => handlers),
    ),
    handlers: [...route.handlers],
    registration: app.sites.call(call),
  };
}

/** A route's own word about its rate limit takes the place of the plugin's. */
function counts(api: string | null, { limit }: RouteRegistration["route"]): boolean {
  return limit === "default" || !isRateLimit(api);
}

function entriesOf({ call }: Registered, handlers: readonly Handler[], kind: Entry["kind"], label: string): Entry[] {
  return handlers.flatMap(({ fn, also = [] }) =>
    [...(fn === null ? [] : [fn]), ...also].map((each) => ({
      kind,
      fn: each,
      file: call.file.path,
      line: call.fact.span.line,
      label,
      routeId: null,
    })),
  );
}
