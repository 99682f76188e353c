/** What becomes of a call's outcome: whether somebody waits for it, or the code goes on without it. */
import type { SinkKind } from "../model.ts";
import { usesOfParam } from "./invocations.ts";
import { isWithin, own, type CallNode, type FileNode, type FnNode } from "./program.ts";
import { REQUESTS, repliersOf } from "./replies.ts";
import type { Value } from "../summary.ts";

/** `left`: nobody waits and nobody keeps the promise. `kept`: it goes into a variable or an argument and may be waited for. */
export type Fate = "waited" | "left" | "kept";

const outerCalls = new WeakMap<FileNode, Map<number, CallNode>>();

/** The fate of the whole chain that a call begins (`db.insert(t).values(v)`), for it is the chain that is waited for. */
export function fateOf(call: CallNode): Fate {
  const chain = chainFrom(call);
  if (chain.some((each) => each.fact.awaited)) return "waited";
  const last = chain.at(-1) ?? call;
  const isLeft = last.fact.use === "discarded" || last.fact.use === "chained" || isDeferred(last) || isLetGo(last);
  return isLeft ? "left" : "kept";
}

const letGo = new WeakMap<FileNode, ReadonlySet<number>>();

/** True for a promise that is kept under a name only to hang a `.catch(...)` on it. */
function isLetGo({ file, index, fact }: CallNode): boolean {
  if (fact.use !== "assigned") return false;
  const known = letGo.get(file) ?? letGoIn(file);
  letGo.set(file, known);
  return known.has(index);
}

function letGoIn(file: FileNode): Set<number> {
  const calls = file.calls.filter((call) => call !== undefined);
  const keyOf = (value: Value) => (value.kind === "name" ? `${value.fn}/${value.name}` : null);
  const used = new Set([
    ...calls.flatMap(({ fact }) => fact.args.flatMap((arg) => (arg.kind === "array" ? arg.items : [arg]))).map(keyOf),
    ...file.fns.flatMap((fn) => fn.fact.returns).map(keyOf),
  ]);
  return new Set(
    calls.flatMap((call) => {
      const { callee, use } = call.fact;
      if (methodOf(call) !== "catch" || use !== "discarded" || callee.kind !== "member") return [];
      const { object } = callee;
      const key = keyOf(object);
      if (object.kind !== "name" || key === null || used.has(key)) return [];
      const bound = own(file.fns[object.fn]?.fact.bindings ?? {}, object.name) ?? [];
      return bound.flatMap((value) => (value.kind === "call" ? [value.call] : []));
    }),
  );
}

const deferred = new WeakMap<FileNode, ReadonlySet<number>>();

/** True for what is handed to `waitUntil(...)`: the host lets it end, and the answer goes out before. */
function isDeferred({ file, index }: CallNode): boolean {
  const known = deferred.get(file) ?? new Set(file.calls.flatMap((call) => deferredBy(file, call)));
  deferred.set(file, known);
  return known.has(index);
}

function deferredBy(file: FileNode, call: CallNode | undefined): number[] {
  if (call === undefined) return [];
  const { callee, args } = call.fact;
  const named = callee.kind === "imported" || callee.kind === "name" ? callee.name : null;
  const method = callee.kind === "member" ? callee.property : named;
  return method === "waitUntil" ? args.flatMap((arg) => callsIn(file, arg)) : [];
}

/** The call that a value is, and those whose promises it joins (`Promise.all([a(), b()])`). */
function callsIn(file: FileNode, value: Value): number[] {
  if (value.kind === "array") return value.items.flatMap((item) => callsIn(file, item));
  const call = value.kind === "call" ? file.calls[value.call] : undefined;
  if (call === undefined) return [];
  const { args, callee } = call.fact;
  const joined = args[0]?.kind === "array" ? callsIn(file, args[0]) : [];
  return [call.index, ...joined, ...(callee.kind === "member" ? callsIn(file, callee.object) : [])];
}

/** The call and the calls made on its result, in turn. */
function chainFrom(call: CallNode): CallNode[] {
  const outer = outerCalls.get(call.file) ?? collectOuter(call.file);
  outerCalls.set(call.file, outer);
  const chain: CallNode[] = [];
  for (let next: CallNode | undefined = call; next !== undefined; next = outer.get(next.index)) chain.push(next);
  return chain;
}

/** Call -> the call made on its result. */
function collectOuter(file: FileNode): Map<number, CallNode> {
  const found = new Map<number, CallNode>();
  for (const call of file.calls) {
    if (call === undefined) continue;
    let object: Value = call.fact.callee;
    while (object.kind === "member") object = object.object;
    if (object.kind === "call" && object.call < call.index) found.set(object.call, call);
  }
  return found;
}

/** Kinds of library calls that are over when they return. */
const SYNCHRONOUS: ReadonlySet<SinkKind> = new Set([
  "log",
  "cpu",
  "error-tracking",
  "rate-limit",
  "session",
  "schedule",
]);

/** True when the entry goes on without the outcome of this library call. */
export function isLeftBehind(call: CallNode, api: string, kind: SinkKind | null): boolean {
  if (kind === null || SYNCHRONOUS.has(kind) || api.endsWith("Sync") || fateOf(call) !== "left") return false;
  const steps = [call, ...chainFrom(call).filter((each) => each !== call && methodOf(each) === "then")];
  const callbacks = steps.flatMap(({ fact }) =>
    fact.args.flatMap((arg) => (arg.kind === "fn" ? (call.file.fns[arg.fn] ?? []) : [])),
  );
  return !callbacks.some((callback) => answers(callback));
}

function methodOf({ fact: { callee } }: CallNode): string | null {
  return callee.kind === "member" ? callee.property : null;
}

/**
 * True when a callback calls what its holder was handed (`res.json()`, `next()`, `resolve()`): the outcome comes through it,
 * so somebody does wait.
 */
export function answers(callback: FnNode): boolean {
  for (let holder = callback.parent; holder !== null; holder = holder.parent) {
    for (const [index, { name }] of holder.fact.params.entries()) {
      const isContinuation = name !== null && CONTINUATIONS.test(name);
      if (isContinuation && usesOfParam(holder, index).some((use) => isWithin(use.call.fn, callback))) return true;
      if (name !== null && REQUESTS.test(name)) continue;
      if (repliersOf(holder, index).some((fn) => isWithin(fn, callback))) return true;
    }
  }
  return false;
}

/** Parameters by which a function hands on its outcome, in the words that everybody uses. */
const CONTINUATIONS = /^_?(next|resolve|reject|done|cb|callback)$/i;
