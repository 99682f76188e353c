/** Assignments: to names, attributes, items, and lists of these. */
import type { Value } from "../../summary.ts";
import { isToken, type Node } from "./tree.ts";
import { append, bind, member, spanOf, textOf, unknown, type Walk } from "./walk.ts";

/** Gives a value to a target, and returns the value. */
export function assign(walk: Walk, target: Node | undefined, value: Value): Value {
  if (target === undefined) return value;
  if (target.name === "VariableName") bind(walk, textOf(walk, target), value);
  else if (target.name === "MemberExpression") write(walk, target, value);
  else if (/^(Tuple|Array|Parenthesized)Expression$/.test(target.name)) {
    assignAll(
      walk,
      target.children.filter((each) => !isToken(each)),
      value,
    );
  }
  return value;
}

/** `a, b = value`: each the item at its place, or the item written there. */
export function assignAll(walk: Walk, targets: readonly Node[], value: Value): void {
  const [only] = targets;
  if (only !== undefined && targets.length === 1) {
    assign(walk, only, value);
    return;
  }
  for (const [index, target] of targets.entries()) {
    const item = value.kind === "array" ? (value.items[index] ?? unknown) : member(value, String(index));
    assign(walk, target, item);
  }
}

function write(walk: Walk, target: Node, value: Value): void {
  const written = walk.expression(target);
  const { scope, summary } = walk;
  if (written.kind !== "member") return;
  const { object, property } = written;
  const ofClass = object.kind === "this" ? (summary.functions[object.fn]?.class ?? null) : null;
  const fields = ofClass === null ? undefined : summary.classes[ofClass]?.fields;
  if (fields !== undefined && property !== "*") append(fields, property, value);
  if (outlives(object)) {
    summary.writes.push({
      fn: scope.fn,
      target: written,
      how: "assign",
      method: null,
      ...(value.kind === "unknown" ? {} : { value }),
      span: spanOf(walk, target),
    });
  }
}

/** What may still be there after the call: everything but what the function itself made. */
function outlives(value: Value): boolean {
  if (value.kind === "member") return outlives(value.object);
  if (value.kind === "name") return value.fn === 0;
  return value.kind === "this" || value.kind === "param" || value.kind === "imported" || value.kind === "class";
}
