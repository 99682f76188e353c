/** Assignments, updates and deletions: new values of names, fields and exports, and writes to what outlives the call. */
import type { Value } from "../summary.ts";
import { exportAssignment } from "./commonjs.ts";
import { propertyName } from "./members.ts";
import { bind, resolve } from "./names.ts";
import { namedValue } from "./naming.ts";
import { combined } from "./operations.ts";
import { destructure } from "./patterns.ts";
import type { Assignment, Expression, Member, Pattern, Ranged, Unary } from "./tree.ts";
import { append, type Walk, unknown } from "./walk.ts";
import { noteChange, noteWrite } from "./writes.ts";

const valueKeeping = new Set(["=", "||=", "??=", "&&="]);

/** `a = b`, `a.b ??= c`, `({ a } = b)`, `a += 1`. The assignment itself stands for its right side. */
export function assign(walk: Walk, node: Assignment): Value {
  const { left, right } = node;
  if (!valueKeeping.has(node.operator)) {
    const target = noteTarget(walk, left, "update", node);
    const value = combined(node.operator.slice(0, -1), target, walk.expression(right, "other"));
    noteChange(walk, target, "update", node, value);
    return unknown;
  }
  const value = namedValue(walk, right, targetName(left), "assigned");
  assignTo(walk, left, value, node);
  return value;
}

/** Gives `value` to every leaf of an assignment's left side. */
export function assignTo(walk: Walk, left: Pattern, value: Value, range: Ranged): void {
  destructure(walk, left, value, (target, part) => {
    if (typeof target !== "string") return assignMember(walk, target, part, range);
    noteWrite(walk, resolve(walk, target), "assign", range, part);
    bind(walk, target, part);
  });
}

function assignMember(walk: Walk, node: Member, value: Value, range: Ranged): void {
  if (exportAssignment(walk, node, value)) return;
  const target = targetMember(walk, node);
  noteWrite(walk, target, "assign", range, value);
  noteChange(walk, target, "assign", range, value);
  if (target.kind !== "member" || target.object.kind !== "this") return;
  const owner = walk.summary.functions[target.object.fn]?.class ?? null;
  const fields = owner === null ? undefined : walk.summary.classes[owner]?.fields;
  if (fields !== undefined) append(fields, target.property, value);
}

/** `a++`, `--a.b`. */
export function update(walk: Walk, node: Unary): Value {
  const target = noteTarget(walk, node.argument, "update", node);
  const one: Value = { kind: "literal", value: 1 };
  noteChange(walk, target, "update", node, combined(node.operator.charAt(0), target, one));
  return unknown;
}

/** `delete a.b`. */
export function remove(walk: Walk, node: Unary): Value {
  noteTarget(walk, node.argument, "delete", node);
  return unknown;
}

function noteTarget(walk: Walk, node: Pattern | Expression, how: "update" | "delete", range: Ranged): Value {
  if ("expression" in node) return noteTarget(walk, node.expression, how, range);
  const target =
    node.type === "IdentifierReference"
      ? resolve(walk, node.name)
      : isMember(node)
        ? targetMember(walk, node)
        : unknown;
  noteWrite(walk, target, how, range);
  return target;
}

/** A property as a target: not a read, so that `process.env.X = 1` is no use of the environment. */
function targetMember(walk: Walk, node: Member): Value {
  const object = walk.expression(node.object, "other");
  const property = propertyName(walk, node.property, node.type === "ComputedMemberExpression");
  return { kind: "member", object, property };
}

function targetName(left: Pattern): string | null {
  if (left.type === "IdentifierReference") return left.name;
  return left.type === "StaticMemberExpression" && "name" in left.property ? left.property.name : null;
}

function isMember(node: Pattern | Expression): node is Member {
  return (
    node.type === "StaticMemberExpression" ||
    node.type === "ComputedMemberExpression" ||
    node.type === "PrivateFieldExpression"
  );
}
