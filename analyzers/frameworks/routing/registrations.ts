/** Registrations: the calls that put routes and middleware on routers, in every way in which they come to run. */
import { createActivations, inOrder, perItem, type Activation } from "../../link/activations.ts";
import { textsOf } from "../../link/known.ts";
import { behindName, type CallNode, type FileNode } from "../../link/program.ts";
import { externalBehind } from "../../link/members.ts";
import { NONE, type Env, type Token } from "../../link/token.ts";
import { isInTestFolder, isTestFile } from "../../services/file-roles.ts";
import type { Value } from "../../summary.ts";
import type { LinkedApp } from "../framework.ts";
import type { Item } from "./items.ts";
import { regexSource, type RoutePath } from "./paths.ts";
import type { Router } from "./router.ts";

export interface Registration {
  router: Router;
  /** Upper case; null for middleware and mounted routers. */
  method: string | null;
  paths: readonly RoutePath[];
  items: readonly Item[];
  call: CallNode;
  line: number;
  way: Pick<Activation, "root" | "trail">;
}

/** Which calls register something in a framework, and what one of them registers when it is made in an activation. */
export interface Registering {
  /** Matches the apis of the framework's packages. */
  apis: RegExp;
  /** Null when a call of this name and shape registers nothing. */
  methodOf(call: CallNode): string | null;
  read(app: LinkedApp, call: CallNode, method: string, way: Activation): Registration[];
}

const isTest = (file: string) => isTestFile(file) || isInTestFolder(file);

/** By router key, in order of execution. */
export function findRegistrations(app: LinkedApp, registering: Registering): Map<string, Registration[]> {
  const activations = createActivations(app.linked);
  const byRouter = new Map<string, Registration[]>();
  for (const call of app.linked.solver.program.calls) {
    const method = registering.methodOf(call);
    if (method === null || !isCallOf(app, call, registering.apis) || isTest(call.file.path)) continue;
    const seen = new Set<string>();
    for (const way of activations(call.fn).flatMap((each) => perItem(app.linked, call, each, resting(call)))) {
      for (const registration of registering.read(app, call, method, way)) {
        const key = `${registration.method} ${registration.router.key} ${registration.paths.map((path) => path.text).join()} ${itemsKey(registration.items)}`;
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

function isCallOf(app: LinkedApp, call: CallNode, apis: RegExp): boolean {
  return (app.linked.callees[call.uid] ?? NONE).some((token) => token.kind === "external" && apis.test(token.api));
}

/** What decides whether the registration is one per item of a loop. */
export function resting({ fact: { callee, args } }: CallNode): Value[] {
  return callee.kind === "member" ? [callee.object, ...args] : args;
}

function itemsKey(items: readonly Item[]): string {
  return items
    .map((item) => (item.kind === "router" ? item.router.key : (item.handler.fn ?? item.handler.api ?? "?")))
    .join();
}

/** The call of a method at the start of a chain: `route("/x")` of `route("/x").get(a).post(b)`. */
export function chainStart(file: FileNode, value: Value, method: string): CallNode | null {
  let object = behindName(file, value);
  for (let steps = 0; object.kind === "call" && steps < 20; steps += 1) {
    const call: CallNode | undefined = file.calls[object.call];
    const callee = call?.fact.callee;
    if (call === undefined || callee?.kind !== "member") return null;
    if (callee.property === method) return call;
    object = behindName(file, callee.object);
  }
  return null;
}

/** What a registration is made on. */
export function objectsOf(
  { linked: { solver } }: LinkedApp,
  { file }: CallNode,
  value: Value,
  env: Env | null,
): Token[] {
  return solver.evaluate(file, value, env).map((token) => externalBehind(solver, token));
}

/** The position of a call on its way. */
export function positionOf(call: CallNode, way: Activation): Registration["way"] {
  return { root: way.root, trail: [...way.trail, call.fact.span.end] };
}

export const plainPath = (text: string): RoutePath => ({ text, isRegex: false });

/** The texts that an argument can be; null when none is known. */
export function textsAt(
  { linked: { solver } }: LinkedApp,
  call: CallNode,
  value: Value | undefined,
  env: Env | null,
): string[] | null {
  const texts = value === undefined ? [] : textsOf(solver, solver.evaluate(call.file, value, env));
  return texts.length > 0 ? texts : null;
}

/** The paths that an argument says; null when it is not known to be one. */
export function pathsIn(app: LinkedApp, call: CallNode, value: Value, env: Env | null): RoutePath[] | null {
  const texts = textsAt(app, call, value, env);
  if (texts !== null) return texts.map(plainPath);
  const isFirst = call.fact.args[0] === value;
  const mayBeRegex = isFirst && (value.kind === "unknown" || value.kind === "array");
  const regex = mayBeRegex ? regexSource(argumentsText(app, call)) : null;
  return regex === null ? null : [{ text: regex, isRegex: true }];
}

/** The source text from the opening bracket of the arguments on. */
function argumentsText(app: LinkedApp, { file, fact }: CallNode): string {
  const text = app.repo.read(file.path)?.slice(fact.span.start, fact.span.end) ?? "";
  const name = fact.callee.kind === "member" ? fact.callee.property : "";
  const at = text.search(new RegExp(`\\b${name}\\s*\\(`));
  return at < 0 ? "" : text.slice(text.indexOf("(", at));
}

/** In a chain the verb may stand lines below the chain's start. */
export function lineOfVerb(app: LinkedApp, { file, fact }: CallNode): number {
  const { callee, span } = fact;
  const inner = callee.kind === "member" && callee.object.kind === "call" ? file.calls[callee.object.call] : undefined;
  if (callee.kind !== "member" || span.line === span.endLine) return span.line;
  const [start, line] = inner === undefined ? [span.start, span.line] : [inner.fact.span.end, inner.fact.span.endLine];
  const text = app.repo.read(file.path)?.slice(start, span.end) ?? "";
  const code = text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, " "));
  const verb = code.search(new RegExp(`\\.\\s*${callee.property}\\b`));
  return line + code.slice(0, Math.max(0, verb)).split("\n").length - 1;
}
