/** The call graph: which functions a call runs, directly, through wrappers, or by handing them on as callbacks. */
import { isEmit, registersEntry } from "../libraries/registrars.ts";
import type { Value } from "../summary.ts";
import { ITERATION } from "./callbacks.ts";
import { listenersOf, type Listeners } from "./emitters.ts";
import { paramBehind, runsWith, usesOfParam } from "./invocations.ts";
import type { CallNode, FnNode } from "./program.ts";
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
  inferred: boolean;
}

export interface Edges {
  from: ReadonlyMap<CallNode, readonly Edge[]>;
  into: ReadonlyMap<FnNode, readonly Edge[]>;
}

/** What a function does with a function that it is given. */
type Running = "no" | "runs" | "left" | "later";

const TIMERS = new Set([
  "global:setTimeout",
  "global:setImmediate",
  "global:setInterval",
  "global:queueMicrotask",
  "global:process.nextTick",
  "node:timers:setTimeout",
  "node:timers:setImmediate",
  "pypi:fastapi:BackgroundTasks().add_task",
  "pypi:fastapi:background.BackgroundTasks().add_task",
  "pypi:starlette:background.BackgroundTasks().add_task",
]);
const PROMISE_STEPS = new Set(["then", "catch", "finally"]);
/** Kinds of argument that can be a function. */
const CALLABLE = new Set<Value["kind"]>(["fn", "name", "member", "call", "either", "imported", "param"]);
const MAX_HANDING = 4;
/** Wrappers around wrappers. */
const MAX_WRAPPERS = 10;

export function findEdges(linked: Linked): Edges {
  const from = new Map<CallNode, Edge[]>();
  const into = new Map<FnNode, Edge[]>();
  const listeners = listenersOf(linked);
  for (const call of linked.solver.program.calls) {
    const edges = unique(edgesOf(linked, call, listeners));
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
    if (known === undefined || (known.detached && !edge.detached)) byTarget.set(edge.to, edge);
  }
  return [...byTarget.values()];
}

function edgesOf(linked: Linked, call: CallNode, listeners: Listeners): Edge[] {
  const callees = linked.callees[call.uid] ?? NONE;
  const apis = callees.flatMap((token) => (token.kind === "external" ? [token.api] : []));
  const emitted = apis.some(isEmit) ? listeners(call) : [];
  const direct = [
    ...directEdges(linked, call, callees),
    ...emitted.map((to) => edge(call, to, "callback", true, false)),
  ];
  if (call.fact.args.length === 0 || call.fact.use === "decorator" || apis.some(registersEntry)) return direct;
  return [...direct, ...callbackEdges(linked, call, callees, apis)];
}

function edge(call: CallNode, to: FnNode, how: Edge["how"], detached: boolean, inferred: boolean): Edge {
  return { call, to, how, detached, inferred };
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
  const isParam = paramBehind(call.file, call.fact.callee) !== null;
  return isParam && new Set(found.map((each) => each.to)).size > 1 ? [] : found;
}

/** The functions of the app that a wrapper's result runs: those given to `asyncHandler(fn)`, own or from a package. */
function wrapped({ solver }: Linked, token: Token): FnNode[] {
  if (token.kind === "external") {
    const via = token.via;
    if (via === null || !token.api.endsWith("()")) return [];
    const given = via.call.fact.args.flatMap((arg) =>
      CALLABLE.has(arg.kind) ? solver.evaluate(via.call.file, arg, via.env) : [],
    );
    return given.flatMap((each) => (each.kind === "fn" ? [each.fn] : []));
  }
  return token.kind === "fn" ? unwrapped({ solver }, token).map((each) => each.token.fn) : [];
}

/** A function that runs inside another; `takesOver`: it is handed the outer one's own parameters, so it does its work. */
export interface Wrapped {
  token: FnToken;
  takesOver: boolean;
}

/** For a function made by a wrapper in a known context: the functions it was given and runs, wrapped ones opened in turn. */
export function unwrapped({ solver }: Pick<Linked, "solver">, token: FnToken, seen = new Set<string>()): Wrapped[] {
  if (seen.has(token.key) || seen.size > MAX_WRAPPERS) return [];
  seen.add(token.key);
  const found: Wrapped[] = [];
  for (let env = token.env; env !== null; env = env.lexical) {
    const {
      fn,
      fn: { file, fact, index: holder },
    } = env;
    for (const index of fact.params.keys()) {
      const uses = usesOfParam(fn, index).filter((use) => runsWith(use.call.fn, token.fn));
      if (uses.length === 0) continue;
      const takesOver = uses.some(({ call, argument }) => argument === null && handsOn(token.fn, call));
      const given = solver.evaluate(file, { kind: "param", fn: holder, index }, env);
      for (const each of given) if (each.kind === "fn") found.push({ token: each, takesOver });
    }
  }
  return found.flatMap((each) => [each, ...unwrapped({ solver }, each.token, seen)]);
}

/** True when a call passes on the function's own first two parameters, or all of them: `fn(req, res, next)`, `fn(...args)`. */
function handsOn(fn: FnNode, { fact: { args } }: CallNode): boolean {
  const own = (position: number) => {
    const arg = args[position];
    return arg === undefined
      ? false
      : arg.kind === "unknown" || (arg.kind === "param" && arg.fn === fn.index && arg.index === position);
  };
  return own(0) && (fn.fact.params.length < 2 || args[0]?.kind === "unknown" || own(1));
}

function callbackEdges(linked: Linked, call: CallNode, callees: Tokens, apis: readonly string[]): Edge[] {
  const { solver } = linked;
  return call.fact.args.flatMap((arg, position) => {
    if (!CALLABLE.has(arg.kind))
      return callees.some((each) => each.kind === "external") ? optionEdges(linked, call, arg) : [];
    const given = solver.evaluate(call.file, arg, null).filter((token) => token.kind === "fn");
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
  if (depth > MAX_HANDING) return [];
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

const ORDER: readonly Running[] = ["runs", "left", "later", "no"];

function strongest(found: readonly Running[]): Running {
  return ORDER.find((each) => found.includes(each)) ?? "no";
}

/** What becomes of the argument at a position, over everything the callee can be. An unknown callee is taken to run it. */
function handedTo(
  linked: Linked,
  call: CallNode,
  callees: Tokens,
  apis: readonly string[],
  position: number,
): Running[] {
  if (apis.some((api) => TIMERS.has(api))) return ["later"];
  const { callee } = call.fact;
  if (callee.kind === "member" && ITERATION.has(callee.property) && callees.length === 0) return ["runs"];
  if (callees.length === 0) return call.fact.args[position]?.kind === "fn" ? ["runs"] : ["no"];
  return callees.map((token) =>
    token.kind === "fn" ? runningOf(linked, token.fn, position + token.bound, 0) : "runs",
  );
}

/** Whether a function runs what it is given as this parameter, and whether it waits for it. */
function runningOf(linked: Linked, fn: FnNode, index: number, depth: number): Running {
  if (depth > MAX_HANDING) return "no";
  const uses = usesOfParam(fn, index).filter((use) => runsWith(use.call.fn, fn));
  return strongest(
    uses.map(({ call, argument }) => {
      if (isDeferred(linked, call.fn, fn)) return "later";
      if (argument === null) return fateOf(call) === "left" ? "left" : "runs";
      const callees = linked.callees[call.uid] ?? NONE;
      const apis = callees.flatMap((token) => (token.kind === "external" ? [token.api] : []));
      if (apis.some((api) => TIMERS.has(api))) return "later";
      if (apis.some(registersEntry)) return "no";
      const own = callees.flatMap((token) => (token.kind === "fn" ? [token.fn] : []));
      if (own.length > 0) return strongest(own.map((each) => runningOf(linked, each, argument, depth + 1)));
      return "runs";
    }),
  );
}

/** True when an inner function on the way is itself handed to a timer. */
function isDeferred({ solver, callees }: Linked, inner: FnNode, outer: FnNode): boolean {
  for (let each: FnNode | null = inner; each !== null && each !== outer; each = each.parent) {
    const handed = solver.handedTo.get(each);
    const tokens = handed === undefined ? NONE : (callees[handed.call.uid] ?? NONE);
    if (tokens.some((token) => token.kind === "external" && TIMERS.has(token.api))) return true;
  }
  return false;
}
