/** Calls: positional arguments in their order, keyword arguments as one last object. */
import type { CallUse, Value } from "../../summary.ts";
import { comprehension, isComprehension } from "./comprehensions.ts";
import { readByCall } from "./environment.ts";
import { apiOf } from "./names.ts";
import { child, isToken, type Node } from "./tree.ts";
import { member, noteCall, textOf, unknown, type Scope, type Walk } from "./walk.ts";

/** Functions that start what they are given and do not wait for it. */
const starts = /(^|\.)(create_task|ensure_future|run_coroutine_threadsafe)$/;

export function readCall(walk: Walk, node: Node, use: CallUse): Value {
  const [called] = node.children;
  const list = child(node, "ArgList");
  if (called === undefined || list === null) return unknown;
  const parent = superOf(walk, called);
  if (parent !== null) return parent;
  const callee = walk.expression(called);
  const isStart = use === "discarded" && callee.kind === "member" && starts.test(callee.property);
  const args = readArguments(walk, list, isStart ? "discarded" : "argument");
  const api = apiOf(callee);
  if (api === "builtins.enumerate") {
    return { kind: "array", items: [{ kind: "array", items: [unknown, member(args[0] ?? unknown, "*")] }] };
  }
  if (api === "typing.cast") return args[1] ?? unknown;
  const variable = readByCall(walk, callee, args, node);
  if (variable !== null) return variable;
  const construct = superConstruct(walk, called);
  if (construct !== null) return noteCall(walk, { callee: construct, args, use, isNew: true }, node);
  return noteCall(walk, { callee, args, use }, node);
}

/**
 * Positional arguments, then one object of the keyword arguments when there are any. Where the last positional one is an
 * object itself, an empty one follows it, so that the last object always is that of the keywords.
 */
export function readArguments(walk: Walk, list: Node, use: CallUse = "argument"): Value[] {
  if (isComprehension(list)) return [comprehension(walk, list.children, use)];
  const positional: Value[] = [];
  const entries: { key: string; value: Value }[] = [];
  const spreads: Value[] = [];
  for (const { name, sign, value } of argumentsOf(list)) {
    const given = readArgument(walk, value, use);
    if (name !== null) entries.push({ key: textOf(walk, name), value: given });
    else if (sign === "**") spreads.push(given);
    else positional.push(sign === "*" ? { kind: "operation", operator: "...", of: [given] } : given);
  }
  const hasKeywords = entries.length > 0 || spreads.length > 0;
  if (hasKeywords || positional.at(-1)?.kind === "object") positional.push({ kind: "object", entries, spreads });
  return positional;
}

/** What is handed to a function that starts it is let go. */
function readArgument(walk: Walk, node: Node, use: CallUse): Value {
  if (use !== "discarded" || node.name !== "CallExpression") return walk.expression(node, "argument");
  const value = walk.expression(node, "discarded");
  const call = value.kind === "call" ? walk.summary.calls[value.call] : undefined;
  if (call !== undefined) call.awaited = false;
  return value;
}

interface Argument {
  name: Node | null;
  sign: "*" | "**" | null;
  value: Node;
}

export function argumentsOf({ children }: Node): Argument[] {
  const found: Argument[] = [];
  let pending: Node[] = [];
  let sign: Argument["sign"] = null;
  let name: Node | null = null;
  const close = (): void => {
    const value = pending.at(-1);
    if (value !== undefined) found.push({ name, sign, value });
    pending = [];
    sign = null;
    name = null;
  };
  for (const node of children) {
    if (node.name === ",") close();
    else if (node.name === "*" || node.name === "**") sign = node.name;
    else if (node.name === "AssignOp") name = pending.pop() ?? null;
    else if (!isToken(node)) pending.push(node);
  }
  close();
  return found;
}

/** `super()` alone stands for what the class extends. */
function superOf(walk: Walk, called: Node): Value | null {
  if (called.name !== "VariableName" || textOf(walk, called) !== "super") return null;
  return extendedBy(walk) ?? unknown;
}

/** `super().__init__(...)` and `Base.__init__(self, ...)` construct what the class extends. */
function superConstruct(walk: Walk, called: Node): Value | null {
  const property = child(called, "PropertyName");
  if (property === null || textOf(walk, property) !== "__init__") return null;
  return extendedBy(walk);
}

function extendedBy({ scope, summary }: Walk): Value | null {
  for (let each: Scope | null = scope; each !== null; each = each.parent) {
    const ofClass = each.kind === "function" ? (summary.functions[each.fn]?.class ?? null) : null;
    if (ofClass !== null) return summary.classes[ofClass]?.extends ?? null;
  }
  return null;
}
