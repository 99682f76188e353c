/** Expressions to values: what each stands for, with the calls in it noted on the way. */
import type { CallUse, Operator, Value } from "../../summary.ts";
import { combined, operation } from "../operations.ts";
import { readCall } from "./calls.ts";
import { comprehension, isComprehension } from "./comprehensions.ts";
import { readEnvironment } from "./environment.ts";
import { lambda } from "./functions.ts";
import { numberValue, opening, stringValue, unescaped } from "./literals.ts";
import { nameValue } from "./names.ts";
import { assign } from "./targets.ts";
import { child, isToken, parts, type Node } from "./tree.ts";
import { either, member, textOf, unknown, type Walk } from "./walk.ts";

export function read(walk: Walk, node: Node, use: CallUse = "other"): Value {
  const { children } = node;
  switch (node.name) {
    case "VariableName":
      return nameValue(walk, textOf(walk, node));
    case "String":
      return { kind: "literal", value: stringValue(textOf(walk, node)) };
    case "Number": {
      const value = numberValue(textOf(walk, node));
      return value === null ? unknown : { kind: "literal", value };
    }
    case "Boolean":
      return { kind: "literal", value: textOf(walk, node) === "True" };
    case "None":
      return { kind: "literal", value: null };
    case "FormatString":
      return template([...formatParts(walk, node)]);
    case "ContinuedString":
      return template(children.map((each) => read(walk, each)));
    case "MemberExpression":
      return readMember(walk, node);
    case "CallExpression":
      return readCall(walk, node, use);
    case "AwaitExpression":
      return readOnly(walk, node, "awaited");
    case "ParenthesizedExpression":
      return readOnly(walk, node, use);
    case "NamedExpression":
      return assign(walk, children[0], readLast(walk, node));
    case "BinaryExpression":
      return binary(walk, node, use);
    case "ConditionalExpression":
      return conditional(walk, node, use);
    case "LambdaExpression":
      return lambda(walk, node);
    case "ArrayExpression":
    case "TupleExpression":
    case "SetExpression":
      return { kind: "array", items: operands(node).map((each) => read(walk, each, use)) };
    case "DictionaryExpression":
      return dictionary(walk, node);
    default:
      if (isComprehension(node)) return comprehension(walk, children, use);
      for (const each of operands(node)) read(walk, each);
      return unknown;
  }
}

function operands({ children }: Node): Node[] {
  return children.filter((each) => !isToken(each));
}

function readOnly(walk: Walk, node: Node, use: CallUse): Value {
  const [only] = operands(node);
  return only === undefined ? unknown : read(walk, only, use);
}

function readLast(walk: Walk, node: Node): Value {
  const last = operands(node).at(-1);
  return last === undefined ? unknown : read(walk, last, "assigned");
}

/** `a.b`, `a["b"]`, `a[0]`; any other index is any item, a slice the list that it is of. */
function readMember(walk: Walk, node: Node): Value {
  const { children } = node;
  const [target] = children;
  if (target === undefined) return unknown;
  const property = child(node, "PropertyName");
  if (property !== null) {
    const name = textOf(walk, property);
    const module = moduleChain(walk, node);
    if (module !== null) return { kind: "imported", specifier: module, name: "*" };
    return member(read(walk, target), name);
  }
  const indices = parts(children.slice(1), ",").flat();
  if (target.name === "VariableName" && /^(typing\.)?Annotated$/.test(textOf(walk, target))) {
    return { kind: "array", items: indices.map((each) => read(walk, each, "argument")) };
  }
  const object = read(walk, target);
  const values = indices.map((each) => read(walk, each));
  const [index] = values;
  if (children.some((each) => each.name === ":")) return object;
  const isPlain = values.length === 1 && index?.kind === "literal";
  const key = isPlain && index?.kind === "literal" && index.value !== null ? String(index.value) : "*";
  return readEnvironment(walk, object, key, node) ?? member(object, key);
}

/** `a.b.c` where that is a module imported under its whole name. */
function moduleChain(walk: Walk, node: Node): string | null {
  if (walk.dotted.size === 0) return null;
  const text = textOf(walk, node);
  return walk.dotted.has(text) ? text : null;
}

function binary(walk: Walk, node: Node, use: CallUse): Value {
  const [left, right] = operands(node);
  const operator = node.children.find((each) => isToken(each) && each.name !== "Comment");
  if (left === undefined || right === undefined) return readOnly(walk, node, use);
  const sign = operator === undefined ? "" : textOf(walk, operator);
  const values = [read(walk, left, use), read(walk, right, use)];
  const [first = unknown] = values;
  if (sign === "or" || sign === "and") return either(values);
  if (sign === "+" && values.some(isText)) return template(values);
  if (sign === "+" && values.some(({ kind }) => kind === "array")) return joined(values);
  if (sign === "%" && first.kind === "literal" && typeof first.value === "string") return filled(first.value);
  const comparison = comparisons.get(sign);
  if (comparison !== undefined) return operation(comparison, values);
  return combined(sign, first, values[1] ?? unknown);
}

/** `User.id == order.user_id`: a condition, as SQLAlchemy and its like write them. */
const comparisons = new Map<string, Operator>([
  ["==", "=="],
  ["!=", "!="],
  ["<", "<"],
  ["<=", "<"],
  [">", "<"],
  [">=", "<"],
]);

/** `routes + more`: one list; what is no list stays as any of its items. */
function joined(values: readonly Value[]): Value {
  return { kind: "array", items: values.flatMap((each) => (each.kind === "array" ? each.items : [member(each, "*")])) };
}

function isText(value: Value): boolean {
  return value.kind === "template" || (value.kind === "literal" && typeof value.value === "string");
}

/** `"/%s/items" % name`. */
function filled(format: string): Value {
  const texts = format.split(/%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]/);
  return template(texts.flatMap((text, index): (string | Value)[] => (index === 0 ? [text] : [unknown, text])));
}

function conditional(walk: Walk, node: Node, use: CallUse): Value {
  const [yes, condition, no] = operands(node);
  if (condition !== undefined) read(walk, condition);
  return either([yes, no].flatMap((each) => (each === undefined ? [] : [read(walk, each, use)])));
}

function dictionary(walk: Walk, node: Node): Value {
  if (isComprehension(node)) return comprehension(walk, node.children, "other");
  const entries: { key: string; value: Value }[] = [];
  const spreads: Value[] = [];
  for (const [first, second, ...more] of entriesOf(node)) {
    if (first === undefined) continue;
    if (second === undefined || more.length > 0) {
      spreads.push(read(walk, first));
      continue;
    }
    const key = read(walk, first);
    const value = read(walk, second, "argument");
    entries.push({ key: key.kind === "literal" && key.value !== null ? String(key.value) : "*", value });
  }
  return { kind: "object", entries, spreads };
}

function entriesOf({ children }: Node): Node[][] {
  return parts(children, ",");
}

/** Texts side by side; literals run together, templates are opened. */
function template(values: readonly (string | Value)[]): Value {
  const flat = values.flatMap((each): (string | Value)[] => {
    if (typeof each === "string") return [each];
    if (each.kind === "template") return each.parts;
    return each.kind === "literal" && typeof each.value === "string" ? [each.value] : [each];
  });
  const joinedParts: (string | Value)[] = [];
  for (const part of flat) {
    const last = joinedParts.at(-1);
    if (typeof part === "string" && typeof last === "string") joinedParts[joinedParts.length - 1] = last + part;
    else joinedParts.push(part);
  }
  const [only = ""] = joinedParts;
  if (joinedParts.length < 2 && typeof only === "string") return { kind: "literal", value: only };
  return { kind: "template", parts: joinedParts };
}

function* formatParts(walk: Walk, node: Node): Generator<string | Value> {
  const written = textOf(walk, node);
  const { length, quote, isRaw } = opening(written);
  const plain = (from: number, to: number): string => {
    const text = walk.source.text.slice(from, to).replaceAll("{{", "{").replaceAll("}}", "}");
    return isRaw ? text : unescaped(text);
  };
  let at = node.from + length;
  for (const each of node.children) {
    if (each.name !== "FormatReplacement") continue;
    yield plain(at, each.from);
    const inner = operands(each).find(({ name }) => name !== "FormatSpec");
    yield inner === undefined ? unknown : read(walk, inner);
    at = each.to;
  }
  yield plain(at, Math.max(at, node.to - quote));
}
