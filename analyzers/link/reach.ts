/** Reachability: from which entries a call can run, by which way, and whether the entry waits for it. */
import type { Entry, PathStep, Reach } from "../model.ts";
import { libraryOf } from "../libraries/index.ts";
import { looseness, wrapped, type Edge, type Edges } from "./edges.ts";
import { isHandedOver } from "./handover.ts";
import type { CallNode, FnNode } from "./program.ts";
import { idOf } from "./program.ts";
import { calleeTokens } from "./callees.ts";
import { runBy, type Linked } from "./rounds.ts";
import type { Sites } from "./sites.ts";
import { NONE } from "./token.ts";
import { isLeftBehind } from "./waiting.ts";

/** A function on the way back from the call, with the step that leads on to it. */
interface State {
  fn: FnNode;
  detached: boolean;
  deferred: boolean;
  /** Null at the function that holds the call. */
  next: State | null;
  /** The call made here; null where a module is loaded by an import. */
  edge: Edge | null;
  length: number;
  /** What a way that leads through here shows of the step on to `next`; many ways share it. */
  step: PathStep | null;
}

/** The edge by which a state was reached, when which function it leads to depends on the instance that is called here. */
function instanceEdge({ edge }: State): Edge | null {
  return edge?.byInstance === true ? edge : null;
}

/** Whether the instance that `caller` calls holds what the edge behind it leads to; yes where the instance is not known. */
function holds({ solver, callees }: Linked, caller: CallNode, behind: Edge): boolean {
  const called = (callees[caller.uid] ?? NONE).flatMap((token) =>
    token.kind === "fn" && token.fn === behind.call.fn && token.self?.kind === "instance" ? [token] : [],
  );
  if (called.length === 0) return true;
  return called.some((token) => {
    const env = solver.enter(token, null);
    const inner = env === null ? NONE : calleeTokens(solver, { call: behind.call, env });
    return inner.length === 0 || inner.some((each) => each.kind === "fn" && each.fn === behind.to);
  });
}

export interface Roads {
  linked: Linked;
  edges: Edges;
  sites: Sites;
  entries: ReadonlyMap<FnNode, readonly Entry[]>;
  /** Module body -> the module bodies that import it. */
  importers: ReadonlyMap<FnNode, readonly FnNode[]>;
  /** Route -> the call that registers it; missing where none does. */
  registrations: ReadonlyMap<string, CallNode>;
}

/** At most one way per entry, one that is waited for before one that is not; the shortest first. */
export function reachOf(roads: Roads, call: CallNode): Reach[] {
  const found = new Map<string, { state: State; entry: Entry }>();
  for (const state of statesBehind(roads, call)) {
    for (const entry of roads.entries.get(state.fn) ?? []) {
      if (isExcepted(entry, state.edge?.call ?? call) || isOfOther(roads, entry, state)) continue;
      const key = entry.routeId ?? `${entry.kind} ${entry.fn} ${entry.label}`;
      const known = found.get(key);
      if (known === undefined || looseness(state) < looseness(known.state)) found.set(key, { state, entry });
    }
  }
  const ways = [...found.values()].toSorted((a, b) => a.state.length - b.state.length);
  return ways.map(({ state, entry }) => reachOfWay(roads, call, entry, state));
}

/**
 * Handlers that one factory makes several times are one function, each with a configuration of its own
 * (`createLogin(google)`): true when this entry's leads to another function than the way does.
 */
function isOfOther({ linked, edges, registrations }: Roads, { routeId }: Entry, { edge, fn }: State): boolean {
  const { solver } = linked;
  const by = routeId === null ? undefined : registrations.get(routeId);
  if (edge === null || by === undefined || !isOneOfSeveral(edges, edge)) return false;
  const handlers = by.fact.args.flatMap((arg) => solver.evaluate(by.file, arg, null));
  const made = handlers.flatMap((token) =>
    token.kind === "fn" && token.fn === fn && token.env !== null ? [token] : [],
  );
  if (made.length === 0) return false;
  return made.every((token) => {
    const called = calleeTokens(solver, { call: edge.call, env: solver.enter(token, null) });
    const run = called.flatMap((each) => [...runBy(solver, each), ...wrapped(linked, each)]);
    return run.length > 0 && !run.includes(edge.to);
  });
}

/** A call that may run one of several functions. */
function isOneOfSeveral({ from }: Edges, { call, how }: Edge): boolean {
  return how === "call" && (from.get(call) ?? []).filter((edge) => edge.how === "call").length > 1;
}

/** True when an entry of this function does not come by this call of it. */
function isExcepted({ except = [] }: Entry, { fact: { span } }: CallNode): boolean {
  return except.some(({ start, end }) => start <= span.start && span.end <= end);
}

/**
 * Every function from which the call can run, breadth first, once for each way of waiting, and again for each call in
 * it by which other entries come.
 */
function statesBehind({ linked, edges, importers, entries }: Roads, call: CallNode): State[] {
  const seen = new Set<string>();
  const states: State[] = [];
  const add = (state: State) => {
    const by = state.edge?.call ?? call;
    const closed = (entries.get(state.fn) ?? []).filter((entry) => isExcepted(entry, by));
    const isSplit = state.edge !== null && entries.has(state.fn) && isOneOfSeveral(edges, state.edge);
    const instance = (isSplit ? state.edge : instanceEdge(state))?.to.uid ?? "";
    const key = `${state.fn.uid}/${instance} ${closed.map(({ routeId }) => routeId).join()}`;
    const own = `${key} ${looseness(state)}`;
    if (seen.has(`${key} 0`) || seen.has(own)) return;
    seen.add(own);
    states.push(state);
  };
  const deferred = isHandedOver(linked, call);
  const detached = deferred || isLeft(linked, edges, call);
  add({ fn: call.fn, detached, deferred, next: null, edge: null, length: 0, step: null });
  for (const state of states) {
    const length = state.length + 1;
    const behind = instanceEdge(state);
    for (const edge of edges.into.get(state.fn) ?? []) {
      if (behind !== null && edge.how === "call" && !holds(linked, edge.call, behind)) continue;
      const along = { detached: state.detached || edge.detached, deferred: state.deferred || edge.deferred };
      add({ fn: edge.call.fn, ...along, next: state, edge, length, step: null });
    }
    const kept = { detached: state.detached, deferred: state.deferred };
    for (const fn of importers.get(state.fn) ?? []) add({ fn, ...kept, next: state, edge: null, length, step: null });
  }
  return states;
}

function isLeft({ callees }: Linked, edges: Edges, call: CallNode): boolean {
  const apis = (callees[call.uid] ?? NONE).flatMap((token) => (token.kind === "external" ? [token.api] : []));
  if (apis.some((api) => isLeftBehind(call, api, libraryOf(api)?.kind ?? null))) return true;
  const own = edges.from.get(call) ?? [];
  return own.length > 0 && own.every((edge) => edge.detached);
}

function reachOfWay({ sites, linked }: Roads, sink: CallNode, entry: Entry, way: State): Reach {
  const steps: PathStep[] = [
    { file: way.fn.file.path, line: way.fn.fact.span.line, label: nameOf(way.fn), fn: idOf(way.fn) },
  ];
  const calls: CallNode[] = [];
  let inferred = (linked.callees[sink.uid] ?? NONE).some((token) => token.inferred);
  for (let state = way; state.next !== null; state = state.next) {
    steps.push((state.step ??= stepTo(state.next.fn, state.edge)));
    if (state.edge !== null) calls.push(state.edge.call);
    inferred ||= state.edge?.inferred === true;
  }
  steps.push({ file: sink.file.path, line: sink.fact.span.line, label: calledName(linked, sink), fn: idOf(sink.fn) });
  return {
    entry,
    path: steps,
    calls: [...calls, sink].map((call) => sites.call(call)),
    detached: way.detached,
    deferred: way.deferred,
    certainty: inferred ? "inferred" : "proven",
  };
}

/** The step to a function: where it is called, or where it stands when an import runs it. */
function stepTo(to: FnNode, edge: Edge | null): PathStep {
  const place = edge === null ? to : edge.call;
  return { file: place.file.path, line: place.fact.span.line, label: nameOf(to), fn: idOf(to) };
}

/** `Mailer.send`, `checkout`, `(callback)`, the file's name for a module body. */
function nameOf({ fact, class: ofClass, file }: FnNode): string {
  if (fact.kind === "module") return file.path;
  const name = fact.name ?? "(callback)";
  return ofClass?.fact.name == null ? name : `${ofClass.fact.name}.${name}`;
}

function calledName({ callees }: Linked, call: CallNode): string {
  for (const token of callees[call.uid] ?? NONE) {
    if (token.kind === "external") return token.api.replace(/^pypi:/, "");
    if (token.kind === "fn") return nameOf(token.fn);
    if (token.kind === "class") return `new ${token.class.fact.name ?? "class"}`;
  }
  const { callee } = call.fact;
  return callee.kind === "member" ? callee.property : callee.kind === "name" ? callee.name : "call";
}
