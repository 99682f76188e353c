/** Reachability: from which entries a call can run, by which way, and whether the entry waits for it. */
import type { Entry, PathStep, Reach } from "../model.ts";
import { libraryOf } from "../libraries/index.ts";
import type { Edge, Edges } from "./edges.ts";
import type { CallNode, FnNode } from "./program.ts";
import { idOf } from "./program.ts";
import type { Linked } from "./rounds.ts";
import type { Sites } from "./sites.ts";
import { NONE } from "./token.ts";
import { isLeftBehind } from "./waiting.ts";

/** A function on the way back from the call, with the step that leads on to it. */
interface State {
  fn: FnNode;
  detached: boolean;
  /** Null at the function that holds the call. */
  next: State | null;
  /** The call made here; null where a module is loaded by an import. */
  edge: Edge | null;
  length: number;
}

export interface Roads {
  linked: Linked;
  edges: Edges;
  sites: Sites;
  entries: ReadonlyMap<FnNode, readonly Entry[]>;
  /** Module body -> the module bodies that import it. */
  importers: ReadonlyMap<FnNode, readonly FnNode[]>;
}

/** At most one way per entry, one that is waited for before one that is not; the shortest first. */
export function reachOf(roads: Roads, call: CallNode): Reach[] {
  const found = new Map<string, State & { entry: Entry }>();
  for (const state of statesBehind(roads, call)) {
    for (const entry of roads.entries.get(state.fn) ?? []) {
      const key = entry.routeId ?? `${entry.kind} ${entry.fn} ${entry.label}`;
      const known = found.get(key);
      if (known === undefined || (known.detached && !state.detached)) found.set(key, { ...state, entry });
    }
  }
  const ways = [...found.values()].toSorted((a, b) => a.length - b.length);
  return ways.map((way) => reachOfWay(roads, call, way.entry, way));
}

/** Every function from which the call can run, breadth first, once as waited for and once as not. */
function statesBehind({ linked, edges, importers }: Roads, call: CallNode): State[] {
  const seen = new Set<string>();
  const states: State[] = [];
  const add = (state: State) => {
    const key = `${state.fn.uid}${state.detached ? "d" : ""}`;
    if (seen.has(key) || (state.detached && seen.has(`${state.fn.uid}`))) return;
    seen.add(key);
    states.push(state);
  };
  add({ fn: call.fn, detached: isLeft(linked, edges, call), next: null, edge: null, length: 0 });
  for (const state of states) {
    const length = state.length + 1;
    for (const edge of edges.into.get(state.fn) ?? []) {
      add({ fn: edge.call.fn, detached: state.detached || edge.detached, next: state, edge, length });
    }
    for (const fn of importers.get(state.fn) ?? [])
      add({ fn, detached: state.detached, next: state, edge: null, length });
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
    const to = state.next.fn;
    const place = state.edge?.call.fact.span.line ?? to.fact.span.line;
    const file = state.edge === null ? to.file.path : state.edge.call.file.path;
    steps.push({ file, line: place, label: nameOf(to), fn: idOf(to) });
    if (state.edge !== null) calls.push(state.edge.call);
    inferred ||= state.edge?.inferred === true;
  }
  steps.push({ file: sink.file.path, line: sink.fact.span.line, label: calledName(linked, sink), fn: idOf(sink.fn) });
  return {
    entry,
    path: steps,
    calls: [...calls, sink].map((call) => sites.call(call)),
    detached: way.detached,
    certainty: inferred ? "inferred" : "proven",
  };
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
