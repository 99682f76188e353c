/** Registrations: every `app.get(...)`, `router.use(...)` and `route(...).post(...)`, in every way in which it comes to run. */
import { createActivations, inOrder, perItem, type Activation } from "../../link/activations.ts";
import { textsOf } from "../../link/known.ts";
import { behindName, type CallNode, type FileNode } from "../../link/program.ts";
import { NONE, type Env } from "../../link/token.ts";
import { isInTestFolder, isTestFile } from "../../services/file-roles.ts";
import type { Value } from "../../summary.ts";
import type { LinkedApp } from "../framework.ts";
import { routerOf, VERBS, type Router } from "./apis.ts";
import { itemsOf, type Item } from "./handlers.ts";
import { regexSource, type RoutePath } from "./paths.ts";

export interface Registration {
  router: Router;
  /** Upper case; null for `use`. */
  method: string | null;
  paths: readonly RoutePath[];
  items: readonly Item[];
  call: CallNode;
  line: number;
  way: Pick<Activation, "root" | "trail">;
}

const isTest = (file: string) => isTestFile(file) || isInTestFolder(file);

/** By router key, in order of execution. */
export function findRegistrations(app: LinkedApp): Map<string, Registration[]> {
  const activations = createActivations(app.linked);
  const byRouter = new Map<string, Registration[]>();
  for (const call of app.linked.solver.program.calls) {
    const method = methodOf(call);
    if (method === null || !isOnRouter(app, call) || isTest(call.file.path)) continue;
    const seen = new Set<string>();
    for (const way of activations(call.fn).flatMap((each) => perItem(app.linked, call, each, resting(call)))) {
      for (const registration of registrationsOf(app, call, method, way)) {
        const key = `${registration.router.key} ${registration.paths.map((path) => path.text).join()} ${itemsKey(registration.items)}`;
        if (seen.has(key)) continue;
        seen.add(key);
        const known = byRouter.get(registration.router.key);
        if (known === undefined) byRouter.set(registration.router.key, [registration]);
        else known.push(registration);
      }
    }
  }
  for (const list of byRouter.values()) list.sort((a, b) => inOrder(a.way, b.way));
  return byRouter;
}

/** `use` or the verb in upper case; null when the call registers nothing. */
function methodOf({ fact: { callee, args } }: CallNode): string | null {
  if (callee.kind !== "member") return null;
  if (callee.property === "use") return args.length > 0 ? "use" : null;
  if (!VERBS.has(callee.property)) return null;
  return callee.property === "del" ? "DELETE" : callee.property.toUpperCase();
}

function isOnRouter(app: LinkedApp, call: CallNode): boolean {
  const tokens = app.linked.callees[call.uid] ?? NONE;
  return tokens.some((token) => token.kind === "external" && /^express[\w-]*:/.test(token.api));
}

/** What decides whether the registration is one per item of a loop. */
function resting({ fact: { callee, args } }: CallNode): Value[] {
  return callee.kind === "member" ? [callee.object, ...args] : args;
}

function itemsKey(items: readonly Item[]): string {
  return items
    .map((item) => (item.kind === "router" ? item.router.key : (item.handler.fn ?? item.handler.api ?? "?")))
    .join();
}

function registrationsOf(app: LinkedApp, call: CallNode, method: string, way: Activation): Registration[] {
  const { callee, args } = call.fact;
  if (callee.kind !== "member") return [];
  const { solver } = app.linked;
  const routed = method === "use" ? null : routeCall(call.file, callee.object);
  const object = routed?.fact.callee.kind === "member" ? routed.fact.callee.object : callee.object;
  const routers = solver.evaluate(call.file, object, way.env).flatMap((token) => routerOf(token) ?? []);
  if (routers.length === 0) return [];
  const located = routed === null ? pathsOf(app, call, method, way.env) : pathsOf(app, routed, "route", way.env);
  const rest = routed === null ? args.slice(located.consumed) : args;
  const isSetting = method === "GET" && routed === null && args.length < 2;
  if (rest.length === 0 || isSetting) return [];
  const items = rest.flatMap((arg) => itemsOf(app, call, arg, way.env));
  const line = routed === null ? call.fact.span.line : lineOfVerb(app, call, callee);
  const position = { root: way.root, trail: [...way.trail, call.fact.span.end] };
  const paths = located.paths.length > 0 ? located.paths : [{ text: "", isRegex: false }];
  return routers.map((router) => ({
    router,
    method: method === "use" ? null : method,
    paths,
    items,
    call,
    line,
    way: position,
  }));
}

/** The `route("/x")` call at the start of a chain `route("/x").get(a).post(b)`. */
function routeCall(file: FileNode, value: Value): CallNode | null {
  let object = behindName(file, value);
  for (let steps = 0; object.kind === "call" && steps < 20; steps += 1) {
    const call: CallNode | undefined = file.calls[object.call];
    const callee = call?.fact.callee;
    if (call === undefined || callee?.kind !== "member") return null;
    if (callee.property === "route") return call;
    object = behindName(file, callee.object);
  }
  return null;
}

interface Located {
  paths: RoutePath[];
  consumed: number;
}

const plain = (text: string): RoutePath => ({ text, isRegex: false });

/** The paths in front of a registration's handlers, and how many arguments they take. */
function pathsOf(app: LinkedApp, call: CallNode, method: string, env: Env | null): Located {
  const [first, ...others] = call.fact.args;
  if (first === undefined) return { paths: [], consumed: 0 };
  const { solver } = app.linked;
  const tokens = solver.evaluate(call.file, first, env);
  const texts = textsOf(solver, tokens);
  if (texts.length > 0) return { paths: texts.map(plain), consumed: 1 };
  const regex = first.kind === "unknown" || first.kind === "array" ? regexSource(argumentsText(app, call)) : null;
  if (regex !== null) return { paths: [{ text: regex, isRegex: true }], consumed: 1 };
  if (method !== "use") return { paths: [plain("*")], consumed: 1 };
  return tokens.length === 0 && others.length > 0 && isPrefix(first) && mountsRouter(app, call, others, env)
    ? { paths: [plain("*")], consumed: 1 }
    : { paths: [], consumed: 0 };
}

/** What may be a prefix though its text is not known; an import that leads nowhere only when its name says so. */
function isPrefix(value: Value): boolean {
  if (value.kind === "imported") return /prefix|path|base|root|url|version/i.test(value.name);
  return value.kind === "member" || value.kind === "name" || value.kind === "param";
}

function mountsRouter(app: LinkedApp, call: CallNode, args: readonly Value[], env: Env | null): boolean {
  return args.some((arg) => itemsOf(app, call, arg, env).some((item) => item.kind === "router"));
}

/** The source text from the opening bracket of the arguments on. */
function argumentsText(app: LinkedApp, { file, fact }: CallNode): string {
  const text = app.repo.read(file.path)?.slice(fact.span.start, fact.span.end) ?? "";
  const name = fact.callee.kind === "member" ? fact.callee.property : "";
  const at = text.search(new RegExp(`\\b${name}\\s*\\(`));
  return at < 0 ? "" : text.slice(text.indexOf("(", at));
}

/** In a chain the verb may stand lines below the chain's start. */
function lineOfVerb(app: LinkedApp, call: CallNode, callee: Extract<Value, { kind: "member" }>): number {
  const inner = callee.object.kind === "call" ? call.file.calls[callee.object.call] : undefined;
  if (inner === undefined) return call.fact.span.line;
  const text = app.repo.read(call.file.path)?.slice(inner.fact.span.end, call.fact.span.end) ?? "";
  const code = text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, " "));
  const verb = code.search(new RegExp(`\\.\\s*${callee.property}\\b`));
  return inner.fact.span.endLine + code.slice(0, Math.max(0, verb)).split("\n").length - 1;
}
