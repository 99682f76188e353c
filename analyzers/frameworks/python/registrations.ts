/** Registrations of FastAPI and Flask: routes by decorator or call, routers mounted on apps and on each other. */
import { perItem } from "../../link/activations.ts";
import type { CallNode } from "../../link/program.ts";
import { NONE, type Env, type Token, type Tokens } from "../../link/token.ts";
import type { LinkedApp } from "../framework.ts";
import { argument, listArgument, positionals, textArgument, tokensOf } from "./arguments.ts";
import { targetOf, type Target } from "./decorations.ts";
import { dialects, type Dialect } from "./dialects.ts";

/** An app or router, by the call that makes it. */
export interface Router {
  made: CallNode;
  dialect: Dialect;
  isApp: boolean;
}

export interface Registration {
  router: Router;
  methods: readonly string[];
  path: string;
  /** What answers, where the summary says it. */
  target: { file: CallNode["file"]; is: Target } | null;
  /** The registering call: `app.get("/x")`, with its own options. */
  call: CallNode;
}

export interface Mount {
  parent: Router;
  child: Router;
  /** Null where the mount gives no prefix. */
  prefix: string | null;
  call: CallNode;
}

export function routerOf(token: Token): Router | null {
  if (token.kind !== "external" || token.made === null) return null;
  for (const dialect of dialects) {
    const isApp = dialect.app.test(token.api);
    if (isApp || dialect.router.test(token.api)) return { made: token.made.call, dialect, isApp };
  }
  return null;
}

/** The router that a method is called on, and the method's name. */
function methodOn(token: Token): { router: Router; method: string } | null {
  if (token.kind !== "external" || token.made === null) return null;
  const at = token.api.lastIndexOf(".");
  const object = token.api.slice(0, at);
  const found = at < 0 ? null : routerOf({ ...token, api: object });
  return found === null ? null : { router: found, method: token.api.slice(at + 1) };
}

export interface Found {
  registrations: Registration[];
  mounts: Mount[];
}

export function findRegistrations(app: LinkedApp, isLeftOut: (file: string) => boolean): Found {
  const registrations: Registration[] = [];
  const mounts: Mount[] = [];
  const decorated = decoratedBy(app);
  for (const call of app.linked.solver.program.calls) {
    if (call.fact.use === "decorator" || isLeftOut(call.file.path)) continue;
    for (const token of app.linked.callees[call.uid] ?? NONE) {
      const on = methodOn(token);
      if (on === null) continue;
      const { dialect } = on.router;
      const keyword = dialect.mounts.get(on.method);
      if (keyword !== undefined) mounts.push(...mountsOf(app, call, on.router, keyword));
      else if (dialect.registers.has(on.method)) {
        registrations.push(...registrationsOf(app, call, on, decorated.get(call) ?? null));
      }
    }
  }
  return { registrations, mounts: [...mounts, ...restfulMounts(app, registrations, mounts)] };
}

/** Making call -> the application of the decorator it makes. */
function decoratedBy(app: LinkedApp): Map<CallNode, CallNode> {
  const found = new Map<CallNode, CallNode>();
  for (const call of app.linked.solver.program.calls) {
    const { callee, use } = call.fact;
    const making = use === "decorator" && callee.kind === "call" ? call.file.calls[callee.call] : undefined;
    if (making !== undefined) found.set(making, call);
  }
  return found;
}

function mountsOf(app: LinkedApp, call: CallNode, parent: Router, keyword: string): Mount[] {
  const isMount = keyword === "path" && argument(call, "app", 1) !== undefined && parent.dialect.name === "fastapi";
  const isNinja = parent.dialect.name === "django-ninja";
  const child = isMount || isNinja ? argument(call, isNinja ? "router" : "app", 1) : positionals(call)[0];
  const prefix = argument(call, keyword, isMount || isNinja ? 0 : -1);
  if (child === undefined) return [];
  const values = prefix === undefined ? [child] : [child, prefix];
  const alone = { env: null, root: call.file, trail: [] };
  return perItem(app.linked, call, alone, values).flatMap(({ env }) =>
    tokensOf(app, call, child, env)
      .flatMap(named(app, call))
      .flatMap((token) => {
        const router = routerOf(token);
        return router === null ? [] : [{ parent, child: router, prefix: textArgument(app, call, prefix, env), call }];
      }),
  );
}

/** `add_router("/shop", "shop.api.router")`: a router by its name. */
function named({ linked: { solver } }: LinkedApp, call: CallNode): (token: Token) => Tokens {
  return (token) => {
    if (token.kind !== "literal" || typeof token.value !== "string") return [token];
    const at = token.value.lastIndexOf(".");
    const found = at < 0 ? null : solver.modules.resolve(call.file.path, token.value.slice(0, at));
    const file = found?.kind === "file" ? solver.program.files.get(found.file) : undefined;
    return file === undefined ? NONE : solver.exported(file, token.value.slice(at + 1));
  };
}

function registrationsOf(
  app: LinkedApp,
  call: CallNode,
  { router, method }: { router: Router; method: string },
  application: CallNode | null,
): Registration[] {
  const { dialect } = router;
  if (method === "add_resource") return resources(app, call, router);
  const fixed = dialect.registers.get(method) ?? null;
  const methods = fixed === null ? methodsOf(app, call, dialect) : [fixed];
  const written = argument(call, dialect.name === "flask" ? "rule" : "path", method === "api_operation" ? 1 : 0);
  const paths = pathsOf(app, call, written);
  const target =
    application === null
      ? handedTarget(app, call, argument(call, "view_func", 2) ?? argument(call, "endpoint", 1))
      : withFile(call, targetOf(call.file, application));
  if (application === null && target === null) return [];
  return paths.map((path) => ({ router, methods, path, target, call }));
}

function pathsOf(
  app: LinkedApp,
  call: CallNode,
  written: ReturnType<typeof argument>,
  env: Env | null = null,
): string[] {
  return [textArgument(app, call, written, env) ?? ""];
}

/** `methods=["GET", "POST"]`; the usual ones where nothing is said. */
function methodsOf(app: LinkedApp, call: CallNode, dialect: Dialect): string[] {
  const written = argument(call, "methods", dialect.name === "django-ninja" ? 0 : -1);
  if (written === undefined) return [...dialect.usual];
  const names = listArgument(app, call, written).flatMap((tokens) =>
    tokens.flatMap((token) => (token.kind === "literal" ? [String(token.value).toUpperCase()] : [])),
  );
  // What changes something comes first: it is what a reader looks for.
  return names.length > 0 ? names.toSorted((a, b) => Number(a === "GET") - Number(b === "GET")) : ["ALL"];
}

function withFile({ file }: CallNode, is: Target | null): Registration["target"] {
  return is === null ? null : { file, is };
}

/** A function handed in, or a class by `View.as_view("name")`. */
function handedTarget(app: LinkedApp, call: CallNode, value: ReturnType<typeof argument>): Registration["target"] {
  for (const token of tokensOf(app, call, value)) {
    if (token.kind === "fn") return { file: token.fn.file, is: { kind: "fn", fn: token.fn.index } };
    if (token.kind === "class") return { file: token.class.file, is: { kind: "class", class: token.class.index } };
  }
  const made = value?.kind === "call" ? call.file.calls[value.call] : undefined;
  const callee = made?.fact.callee;
  return callee?.kind === "member" && callee.property === "as_view" ? handedTarget(app, call, callee.object) : null;
}

/** `api.add_resource(Users, "/users", "/people")`. */
function resources(app: LinkedApp, call: CallNode, router: Router): Registration[] {
  const [first, ...paths] = positionals(call);
  const target = handedTarget(app, call, first);
  return paths.map((path) => ({ router, methods: [], path: textArgument(app, call, path) ?? "", target, call }));
}

/** `Api(app, prefix="/api")` hangs on what it is given, or on the app that `init_app` names; namespaces on their api. */
function restfulMounts(app: LinkedApp, registrations: readonly Registration[], mounts: readonly Mount[]): Mount[] {
  const routers = new Map(
    [...registrations.map(({ router }) => router), ...mounts.map(({ parent }) => parent)]
      .filter(({ made, isApp }) => !isApp && /restful|restx|restplus/.test(apiOf(app, made)))
      .map((router) => [router.made, router]),
  );
  return [...routers.values()].flatMap((child) => {
    if (!apiOf(app, child.made).endsWith("Api")) return [];
    const inits = app.linked.solver.program.calls.filter((call) =>
      (app.linked.callees[call.uid] ?? NONE).some(
        (token) => token.kind === "external" && token.made?.call === child.made && token.api.endsWith(".init_app"),
      ),
    );
    return [child.made, ...inits].flatMap((call) =>
      tokensOf(app, call, argument(call, "app", 0)).flatMap((token) => {
        const parent = routerOf(token);
        const prefix = textArgument(app, child.made, argument(child.made, "prefix"));
        return parent === null ? [] : [{ parent, child, prefix, call }];
      }),
    );
  });
}

function apiOf(app: LinkedApp, made: CallNode): string {
  const [token] = (app.linked.callees[made.uid] ?? NONE).filter((each) => each.kind === "external");
  return token?.kind === "external" ? token.api : "";
}
