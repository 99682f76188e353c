/** FastAPI and Flask: routes of every app that runs, through the routers mounted on it, with what runs before each. */
import { isInTestFolder } from "../../services/file-roles.ts";
import { isPythonTest } from "../../services/python/contexts.ts";
import type { CallNode } from "../../link/program.ts";
import { idOf } from "../../link/program.ts";
import { NONE, type Token } from "../../link/token.ts";
import type { Handler, Route } from "../../model.ts";
import type { Framework, LinkedApp } from "../framework.ts";
import { appWide, limitsOn } from "./app-wide.ts";
import { argument, textArgument } from "./arguments.ts";
import { lineage, verbMethods } from "./class-methods.ts";
import { createDecorations, guardsAround, ownHandler, targetOf, type Decorations } from "./decorations.ts";
import { dependenciesOf, listedDependencies } from "./dependencies.ts";
import { routerPaths } from "./django.ts";
import { pathOf } from "./paths.ts";
import {
  findRegistrations,
  routerOf,
  type Found,
  type Mount,
  type Registration,
  type Router,
} from "./registrations.ts";

/** Routers mounted in each other deeper than this are taken for a cycle. */
const deepest = 12;

export const pythonRouters: Framework = {
  name: "python-routers",
  find: (app) => {
    if (!app.services.some(({ language }) => language === "python")) return { routes: [], entries: [] };
    const found = findRegistrations(app, (file) => isPythonTest(file) || isInTestFolder(file));
    const walk = { app, found: indexed(found), decorations: createDecorations() };
    const roots = rootsOf(app, found);
    const paths = roots.some(({ dialect }) => dialect.name === "django-ninja") ? routerPaths(app) : null;
    const routes = roots.flatMap((root) => {
      const prefix = paths?.get(root.made) ?? "";
      return routesBelow(walk, root, { prefix, replaced: null, before: appWide(app, root.made), within: [] });
    });
    return { routes: [...new Map(routes.map((route) => [route.id, route])).values()], entries: [] };
  },
};

interface Walk {
  app: LinkedApp;
  found: Indexed;
  decorations: Decorations;
}

interface Indexed {
  registrations: ReadonlyMap<CallNode, readonly Registration[]>;
  mounts: ReadonlyMap<CallNode, readonly Mount[]>;
}

function indexed({ registrations, mounts }: Found): Indexed {
  return {
    registrations: grouped(registrations, ({ router }) => router.made),
    mounts: grouped(mounts, ({ parent }) => parent.made),
  };
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => CallNode): Map<CallNode, Item[]> {
  const groups = new Map<CallNode, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Apps that nothing mounts, in code that runs; ones that nothing runs count only where no other is there. */
function rootsOf(app: LinkedApp, { registrations, mounts }: Found): Router[] {
  const mounted = new Set(mounts.map(({ child }) => child.made));
  const all = [...registrations.map(({ router }) => router), ...mounts.map(({ parent }) => parent)];
  const roots = [...new Map(all.map((router) => [router.made, router])).values()].filter(
    ({ made, isApp }) => isApp && !mounted.has(made),
  );
  const isLive = ({ made }: Router): boolean =>
    !["dead", "script", "build", "test"].includes(app.contextOf(made.file.path));
  const serviceOf = ({ made }: Router): string => app.serviceOf(made.file.path)?.name ?? "";
  return roots.filter(
    (root) => isLive(root) || !roots.some((other) => isLive(other) && serviceOf(other) === serviceOf(root)),
  );
}

interface Position {
  prefix: string;
  /** The prefix that the mount gives in place of the router's own. */
  replaced: string | null;
  before: readonly Handler[];
  within: readonly CallNode[];
}

function routesBelow(walk: Walk, router: Router, { prefix, replaced, before, within }: Position): Route[] {
  const { app, found } = walk;
  const { made, dialect, isApp } = router;
  if (within.includes(made) || within.length > deepest) return [];
  const own = isApp
    ? ""
    : (replaced ?? textArgument(app, made, argument(made, dialect.ownPrefix)) ?? namespace(app, router));
  const path = `${prefix}/${own}`;
  const handlers = [
    ...before,
    ...listedDependencies(app, made),
    ...limitsOn(app, made),
    ...beforeRequests(walk, router),
  ];
  const routes = (found.registrations.get(made) ?? []).flatMap((each) => routesOf(walk, each, path, handlers));
  const below = (found.mounts.get(made) ?? []).flatMap(({ child, prefix: given, call }) => {
    const added = child.dialect.replaces ? "" : (given ?? "");
    return routesBelow(walk, child, {
      prefix: `${path}/${added}`,
      replaced: child.dialect.replaces ? given : null,
      before: [...handlers, ...listedDependencies(app, call)],
      within: [...within, made],
    });
  });
  return [...routes, ...below];
}

/** RESTX's `Namespace("users")` without a path stands at its name. */
function namespace(app: LinkedApp, { made, dialect }: Router): string {
  if (dialect.ownPrefix !== "path") return "";
  const tokens = app.linked.callees[made.uid] ?? NONE;
  const isNamespace = tokens.some((token) => token.kind === "external" && token.api.endsWith("Namespace"));
  return isNamespace ? (textArgument(app, made, argument(made, "name", 0)) ?? "") : "";
}

/** `@app.middleware("http")`, `@bp.before_request`: own functions that run before each route of theirs. */
function beforeRequests(walk: Walk, router: Router): Handler[] {
  return hooks(walk).flatMap(({ made, handler }) => (made === router.made ? [handler] : []));
}

const known = new WeakMap<LinkedApp, { made: CallNode; handler: Handler }[]>();
const hookMethod = /\.(before_request|before_app_request|middleware)$/;

function hooks({ app, decorations }: Walk): { made: CallNode; handler: Handler }[] {
  const found = known.get(app) ?? findHooks(app, decorations);
  known.set(app, found);
  return found;
}

function findHooks(app: LinkedApp, decorations: Decorations): { made: CallNode; handler: Handler }[] {
  return app.linked.solver.program.calls.flatMap((call) => {
    if (call.fact.use !== "decorator" && call.fact.args[0]?.kind !== "name") return [];
    const tokens = app.linked.callees[call.uid] ?? NONE;
    return tokens.flatMap((token) => hookOf(app, decorations, call, token));
  });
}

function hookOf(
  app: LinkedApp,
  decorations: Decorations,
  call: CallNode,
  token: Token,
): { made: CallNode; handler: Handler }[] {
  if (token.kind !== "external" || token.made === null) return [];
  const api = token.api.replace(/\(\)$/, "");
  if (!hookMethod.test(api) || routerOf({ ...token, api: api.replace(hookMethod, "") }) === null) return [];
  const { made } = token;
  const target = targetOf(call.file, call);
  const fn = target?.kind === "fn" ? call.file.fns[target.fn] : undefined;
  if (target === null || fn === undefined) return [];
  const isHook = (each: Token): boolean => each.kind === "external" && hookMethod.test(each.api);
  const around = guardsAround(app, decorations(call.file, target), isHook);
  return [...around, ownHandler(fn)].map((handler) => ({ made: made.call, handler }));
}

function routesOf(walk: Walk, registration: Registration, prefix: string, before: readonly Handler[]): Route[] {
  const { app, decorations } = walk;
  const { target, call, path, methods } = registration;
  const full = pathOf(prefix, path);
  const own = listedDependencies(app, call);
  if (target === null)
    return methods.map((method) => routeOf(walk, registration, { method, path: full, before, handler: null }));
  const isRegistering = (token: Token): boolean =>
    token.kind === "external" &&
    token.made !== null &&
    routerOf({ ...token, api: token.api.slice(0, token.api.lastIndexOf(".")) }) !== null;
  const guards = guardsAround(app, decorations(target.file, target.is), isRegistering);
  if (target.is.kind === "class") {
    const node = target.file.classes[target.is.class];
    const verbs = node === undefined ? [] : verbMethods(lineage(app, node));
    return verbs.map(({ method, fn }) => {
      const around = guardsAround(app, decorations(fn.file, { kind: "fn", fn: fn.index }), isRegistering);
      return routeOf(walk, registration, {
        method,
        path: full,
        before: [...before, ...own, ...guards, ...around],
        handler: ownHandler(fn),
      });
    });
  }
  const fn = target.file.fns[target.is.fn];
  if (fn === undefined) return [];
  const needed = registration.router.dialect.name === "fastapi" ? dependenciesOf(app, fn) : [];
  const all = [...before, ...own, ...guards, ...needed];
  return methods.map((method) =>
    routeOf(walk, registration, { method, path: full, before: all, handler: ownHandler(fn) }),
  );
}

function routeOf(
  { app }: Walk,
  { call, router }: Registration,
  {
    method,
    path,
    before,
    handler,
  }: { method: string; path: string; before: readonly Handler[]; handler: Handler | null },
): Route {
  const file = call.file.path;
  return {
    id: `${method} ${path} ${idOf(call)}`,
    method,
    path,
    file,
    line: call.fact.span.line,
    service: app.serviceOf(file)?.name ?? "",
    framework: router.dialect.name,
    via: "http",
    middleware: [...before],
    handlers: handler === null ? [] : [handler],
    registration: app.sites.call(call),
  };
}
