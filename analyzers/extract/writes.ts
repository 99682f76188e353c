/** Writes to what outlives the call: module state, fields, parameters and globals. */
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
