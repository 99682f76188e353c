/** Writes to what outlives the call (module state, fields, parameters and globals), and changes of what was given. */
import type { Value, Write } from "../summary.ts";
import type { Ranged } from "./tree.ts";
import { unknown, type Walk } from "./walk.ts";

/** Methods of arrays, maps and sets that change their object. */
const mutating = new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin",
  "set",
  "add",
  "delete",
  "clear",
]);

export function noteWrite(
  walk: Walk,
  target: Value,
  how: Exclude<Write["how"], "method">,
  range: Ranged,
  value: Value = unknown,
): void {
  if (!outlivesCall(walk, target)) return;
  const write: Write = { fn: walk.frame.id, target, how, method: null, span: walk.source.span(range) };
  if (value.kind !== "unknown") write.value = value;
  walk.summary.writes.push(write);
}

/**
 * Notes what becomes of something that the function was given, got from a call or fills (`const answer = {}; answer.data = rows`),
 * and of its own names by `+=` and its like.
 */
export function noteChange(walk: Walk, target: Value, how: "assign" | "update", range: Ranged, value: Value): void {
  if (!isGiven(walk, target, how === "update")) return;
  walk.summary.changes.push({ fn: walk.frame.id, target, how, method: null, value, span: walk.source.span(range) });
}

function isGiven(walk: Walk, target: Value, plainNames: boolean): boolean {
  if (target.kind === "name" && !plainNames) return false;
  let root = target;
  while (root.kind === "member") root = root.object;
  if (root.kind === "call" || root.kind === "param") return true;
  if (root.kind !== "name") return false;
  if (target.kind === "name") return true;
  const bound = walk.summary.functions[root.fn]?.bindings[root.name] ?? [];
  return bound.some(({ kind }) => given.has(kind));
}

const given = new Set<Value["kind"]>(["call", "member", "name", "param", "either", "object"]);

/** Notes a call as a write when its method changes the object it is called on. */
export function noteMutation(walk: Walk, callee: Value, range: Ranged): void {
  if (callee.kind !== "member" || !mutating.has(callee.property) || !outlivesCall(walk, callee.object)) return;
  const { object: target, property: method } = callee;
  walk.summary.writes.push({ fn: walk.frame.id, target, how: "method", method, span: walk.source.span(range) });
}

function outlivesCall(walk: Walk, target: Value): boolean {
  let root = target;
  while (root.kind === "member") root = root.object;
  switch (root.kind) {
    case "name":
      return root.fn === 0 || root.fn !== walk.frame.id;
    case "param":
    case "this":
    case "imported":
      return true;
    default:
      return false;
  }
}
