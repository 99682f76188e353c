/** The call graph: which functions a call runs, directly, through wrappers, or by handing them on as callbacks. */
import { isEmit, registersEntry } from "../libraries/registrars.ts";
import type { Value } from "../summary.ts";
import { detoursOf } from "./detours.ts";
import { listenersOf, type Listeners } from "./emitters.ts";
import { handedTo, runningOf, strongest, type Running } from "./handed-on.ts";
import { isHandedOver, takesOver } from "./handover.ts";
import { isHandedDown, paramsBehind, partBehind, runsWith, usesOfParam, type ParamUse } from "./invocations.ts";
import { runByOptions } from "./option-functions.ts";
import { partsRun } from "./parts.ts";
import { isRegistering, pluginsAt } from "./plugins.ts";
import { spreadOf, type CallNode, type FnNode } from "./program.ts";
import { givesPromise } from "./promises.ts";
import { runBy, type Linked } from "./rounds.ts";
import { answers, fateOf } from "./waiting.ts";
import { NONE, type FnToken, type Token, type Tokens } from "./token.ts";

export interface Edge {
  call: CallNode;
  to: FnNode;
  /** `call`: the function itself is called; `callback`: it is handed on and called there. */
  how: "call" | "callback";
  /** True when the caller goes on without waiting for the function's end. */
  detached: boolean;
  /** True when it is detached into the platform's care. */
  deferred: boolean;
  inferred: boolean;
  /** Set where one of several functions runs, by what a field of this instance holds. */
  byInstance?: true;
}

export interface Edges {
  from: ReadonlyMap<CallNode, readonly Edge[]>;
  into: ReadonlyMap<FnNode, readonly Edge[]>;
}

const PROMISE_STEPS = new Set(["then", "catch", "finally"]);
/** Kinds of argument that can be a function. */
const CALLABLE = new Set<Value["kind"]>(["fn", "name", "member", "call", "either", "imported", "param"]);
/** Options within options. */
const MAX_OPTIONS = 4;
/** Wrappers around wrappers. */
const MAX_WRAPPERS = 10;

export function findEdges(linked: Linked): Edges {
  const from = new Map<CallNode, Edge[]>();
  const into = new Map<FnNode, Edge[]>();
  const listeners = listenersOf(linked);
  const detours = detoursOf(linked);
  for (const call of linked.solver.program.calls) {
    const edges = unique([
      ...edgesOf(linked, call, listeners),
      ...detours(call).map(({ to, how, detached, inferred }) => edge(call, to, how, detached, inferred)),
    ]);
    if (edges.length === 0) continue;
    from.set(call, edges);
    for (const edge of edges) {
      const known = into.get(edge.to);
      if (known === undefined) into.set(edge.to, [edge]);
      else known.push(edge);
    }
  }
  return { from, into };
}

function unique(edges: readonly Edge[]): Edge[] {
  if (edges.length < 2) return [...edges];
  const byTarget = new Map<FnNode, Edge>();
  for (const edge of edges) {
    const known = byTarget.get(edge.to);
    if (known === undefined || looseness(edge) < looseness(known)) byTarget.set(edge.to, edge);
  }
  return [...byTarget.values()];
}

/** What is waited for comes before what is let go, and that before what the platform keeps. */
export function looseness({ detached, deferred }: Pick<Edge, "detached" | "deferred">): number {
  return deferred ? 2 : detached ? 1 : 0;
}

function edgesOf(linked: Linked, call: CallNode, listeners: Listeners): Edge[] {
  const edges = edgesFrom(linked, call, listeners);
  if (edges.length === 0 || !(takesOver(linked, call) || isHandedOver(linked, call))) return edges;
  return edges.map((each) => ({ ...each, detached: true, deferred: true }));
}

function edgesFrom(linked: Linked, call: CallNode, listeners: Listeners): Edge[] {
  const callees = linked.callees[call.uid] ?? NONE;
  const apis = callees.flatMap((token) => (token.kind === "external" ? [token.api] : []));
  const emitted = apis.some(isEmit) ? listeners(call) : [];
  const direct = [
    ...directEdges(linked, call, callees),
    ...emitted.map((to) => edge(call, to, "callback", true, false)),
    ...runByOptions(linked.solver, callees).map((to) => edge(call, to, "callback", false, false)),
    ...(isRegistering(callees) ? pluginsAt(linked.solver, { call, env: null }) : []).map(({ token }) =>
      edge(call, token.fn, "callback", false, token.inferred),
    ),
  ];
  if (call.fact.use === "rendered")
    return direct.filter(({ to }) => !to.file.summary.directives.includes("use client"));
  if (call.fact.args.length === 0 || call.fact.use === "decorator" || apis.some(registersEntry)) return direct;
  return [...direct, ...callbackEdges(linked, call, callees, apis)];
}

function edge(call: CallNode, to: FnNode, how: Edge["how"], detached: boolean, inferred: boolean): Edge {
  return { call, to, how, detached, deferred: false, inferred };
}

function directEdges(linked: Linked, call: CallNode, callees: Tokens): Edge[] {
  const isLeft = fateOf(call) === "left";
  const found = callees.flatMap((token) => {
    // A decorator is run where it stands, what it is given is not.
    const given = call.fact.use === "decorator" ? [] : wrapped(linked, token);
    const fns = [...runBy(linked.solver, token), ...given];
    return fns.map((to) => edge(call, to, "call", isLeft && givesPromise(linked, to), token.inferred));
  });
  // A parameter that many callers fill is followed where each of them fills it, not here.
  if (new Set(found.map((each) => each.to)).size < 2) return found;
  const { callee } = call.fact;
  const isPart = callee.kind === "name" && partBehind(call.file, callee) !== null;
  if (isPart || paramsBehind(call.file, callee).length > 0) return [];
  // What a field holds depends on which instance this is: who asks for ways tells them apart by the callers.
  return isOnField(callee) ? found.map((each) => ({ ...each, inferred: true, byInstance: true })) : found;
}

/** `this.useCase.execute(...)`. */
function isOnField(callee: Value): boolean {
  return callee.kind === "member" && callee.object.kind === "member" && callee.object.object.kind === "this";
}

/** The functions of the app that a wrapper's result runs: those given to `asyncHandler(fn)`, own or from a package. */
export function wrapped(linked: Linked, token: Token): FnNode[] {
  const { solver } = linked;
  if (token.kind === "external") {
    const via = token.via;
    if (via === null || !token.api.endsWith("()")) return [];
    const given = via.call.fact.args.flatMap((arg) =>
      CALLABLE.has(arg.kind) ? solver.evaluate(via.call.file, arg, via.env) : [],
    );
    return given.flatMap((each) => (each.kind === "fn" ? [each.fn] : []));
  }
  if (token.kind !== "fn") return [];
  return [...unwrapped(linked, token).map((each) => each.token), ...partsRun(linked, token)].map((each) => each.fn);
}

/** A function that runs inside another; `takesOver`: it is handed the outer one's own parameters, so it does its work. */
export interface Wrapped {
  token: FnToken;
  takesOver: boolean;
}

/** For a function made by a wrapper in a known context: the functions it was given and runs, wrapped ones opened in turn. */
export function unwrapped(linked: Linked, token: FnToken, seen = new Set<string>()): Wrapped[] {
  const { solver } = linked;
  if (seen.has(token.key) || seen.size > MAX_WRAPPERS) return [];
  seen.add(token.key);
  const found: Wrapped[] = [];
  for (let env = token.env; env !== null; env = env.lexical) {
    const {
      fn,
      fn: { file, fact, index: holder },
    } = env;
    for (const index of fact.params.keys()) {
      const uses = usesOfParam(fn, index).filter((use) => runsWith(use.call.fn, token.fn) && mayRun(linked, use));
      if (uses.length === 0) continue;
      const takesOver = uses.some(({ call, argument }) => argument === null && handsOn(token.fn, call));
      const given = solver.evaluate(file, { kind: "param", fn: holder, index }, env);
      for (const each of given) if (each.kind === "fn") found.push({ token: each, takesOver });
    }
  }
  return found.flatMap((each) => [each, ...unwrapped(linked, each.token, seen)]);
}

/** Whether what is called there, or handed on there, can run: the app's own functions show whether they call it. */
function mayRun(linked: Linked, { call, argument }: ParamUse): boolean {
  if (argument === null) return true;
  const callees = linked.callees[call.uid] ?? NONE;
  const isOwn = callees.length > 0 && callees.every((token) => token.kind === "fn");
  if (!isOwn) return true;
  return callees.some(
    (token) => token.kind === "fn" && runningOf(linked, token.fn, argument + token.bound, 0) !== "no",
  );
}

/** True when a call passes on the function's own first two parameters, or all of them: `fn(req, res, next)`, `fn(...args)`. */
function handsOn(fn: FnNode, { fact: { args } }: CallNode): boolean {
  const own = (position: number) => {
    const arg = args[position];
    return arg === undefined
      ? false
      : isOpen(arg) || (arg.kind === "param" && arg.fn === fn.index && arg.index === position);
  };
  return own(0) && (fn.fact.params.length < 2 || isOpen(args[0]) || own(1));
}

/** What may be everything that the function was given: a spread, or what cannot be followed. */
function isOpen(value: Value | undefined): boolean {
  return value?.kind === "unknown" || spreadOf(value) !== null;
}

function callbackEdges(linked: Linked, call: CallNode, callees: Tokens, apis: readonly string[]): Edge[] {
  const { solver } = linked;
  return call.fact.args.flatMap((arg, position) => {
    if (!CALLABLE.has(arg.kind))
      return callees.some((each) => each.kind === "external") ? optionEdges(linked, call, arg) : [];
    const given = solver.evaluate(call.file, arg, null).filter((token) => token.kind === "fn");
    // As for a parameter that is called: what several callers hand down is followed where each of them does.
    if (isHandedDown(call.file, arg) && new Set(given.map(({ fn }) => fn)).size > 1) return [];
    return given.flatMap((token) => {
      const running = strongest(handedTo(linked, call, callees, apis, position));
      const isKnown = arg.kind === "fn" || callees.length > 0;
      if (running === "no") return [];
      const detached = isDetached(linked, call, token.fn, running);
      const fns = [token.fn, ...unwrapped(linked, token).map((each) => each.token.fn)];
      return fns.map((to) => edge(call, to, "callback", detached, token.inferred || !isKnown));
    });
  });
}

/** Functions in an options object given to a package: `streamText({ onFinish: async () => {} })`. */
function optionEdges(linked: Linked, call: CallNode, arg: Value, depth = 0): Edge[] {
  if (depth > MAX_OPTIONS) return [];
  if (arg.kind === "array") return arg.items.flatMap((item) => optionEdges(linked, call, item, depth + 1));
  if (arg.kind === "object") return arg.entries.flatMap(({ value }) => optionEdges(linked, call, value, depth + 1));
  const fn = arg.kind === "fn" && depth > 0 ? call.file.fns[arg.fn] : undefined;
  return fn === undefined ? [] : [edge(call, fn, "callback", isDetached(linked, call, fn, "runs"), true)];
}

function isDetached(linked: Linked, call: CallNode, fn: FnNode, running: Running): boolean {
  if (running === "later") return !answers(fn);
  const isAsync = givesPromise(linked, fn);
  if (running === "left" && isAsync) return true;
  const { callee } = call.fact;
  const method = callee.kind === "member" ? callee.property : null;
  if (method === "forEach") return isAsync;
  if (fateOf(call) !== "left" || answers(fn)) return false;
  return isAsync || (method !== null && PROMISE_STEPS.has(method));
}
