/** Expressions: each becomes the value it stands for; what it calls, writes and reads is noted on the way. */
import type { CallUse, Value } from "../summary.ts";
import { combined, operation } from "./operations.ts";
import { assign, remove, update } from "./assignments.ts";
import { call, importing, rendered, tagged } from "./calls.ts";
import { exportRead } from "./commonjs.ts";
import { member, propertyName, setDefaults } from "./members.ts";
import { namedValue } from "./naming.ts";
import { resolve } from "./names.ts";
import type {
  Conditional,
  Expression,
  ClassNode,
  FunctionNode,
  Identifier,
  Jsx,
  Logical,
  Member,
  ObjectNode,
  Sequence,
  Template,
  Unary,
} from "./tree.ts";
import { collect, unknown, type Walk } from "./walk.ts";

type OfType<Node, Type> = Node extends { type: infer Types } ? (Type extends Types ? Node : never) : never;
type Reader<Node> = (walk: Walk, node: Node, use: CallUse, guarded: boolean) => Value;
type Readers = { [Type in Expression["type"]]: Reader<OfType<Expression, Type>> };

const domGlobals = new Set(["window", "document", "localStorage", "sessionStorage"]);

const nothingToFollow = (): Value => unknown;
const inside: Reader<{ expression: Expression }> = (walk, node, use, guarded) =>
  walk.expression(node.expression, use, guarded);

const literal: Reader<{ value: string | number | boolean }> = (_, node) => ({ kind: "literal", value: node.value });

const readers: Readers = {
  IdentifierReference: identifier,
  BindingIdentifier: identifier,
  IdentifierName: nothingToFollow,
  PrivateIdentifier: nothingToFollow,
  StringLiteral: literal,
  NumericLiteral: literal,
  BooleanLiteral: literal,
  NullLiteral: () => ({ kind: "literal", value: null }),
  ThisExpression: (walk) => ({ kind: "this", fn: walk.frame.thisFn }),
  Super: superclass,
  ImportMeta: (walk) => resolve(walk, "import.meta"),
  NewTarget: nothingToFollow,
  Elision: nothingToFollow,
  RegExpLiteral: nothingToFollow,
  BigIntLiteral: nothingToFollow,
  PrivateInExpression: nothingToFollow,
  StaticMemberExpression: readMember,
  PrivateFieldExpression: readMember,
  ComputedMemberExpression: readMember,
  CallExpression: call,
  NewExpression: call,
  TaggedTemplateExpression: tagged,
  ImportExpression: importing,
  TemplateLiteral: template,
  ArrayExpression: (walk, node) => ({
    kind: "array",
    items: collect(node.elements, (item) => walk.expression(item, "other")),
  }),
  ObjectExpression: object,
  SpreadElement: (walk, node) => operation("...", [walk.expression(node.argument, "other")]),
  JSXSpreadAttribute: argument,
  ParenthesizedExpression: inside,
  ChainExpression: inside,
  TSAsExpression: inside,
  TSSatisfiesExpression: inside,
  TSTypeAssertion: inside,
  TSNonNullExpression: inside,
  TSInstantiationExpression: inside,
  JSXExpressionContainer: inside,
  JSXSpreadChild: inside,
  JSXEmptyExpression: nothingToFollow,
  JSXText: nothingToFollow,
  JSXElement: jsx,
  JSXFragment: jsx,
  AssignmentExpression: assign,
  UpdateExpression: update,
  LogicalExpression: logical,
  BinaryExpression: binary,
  ConditionalExpression: conditional,
  UnaryExpression: unary,
  AwaitExpression: (walk, node, _, guarded) => walk.expression(node.argument, "awaited", guarded),
  YieldExpression: argument,
  SequenceExpression: sequence,
  FunctionDeclaration: anonymous,
  FunctionExpression: anonymous,
  ArrowFunctionExpression: anonymous,
  TSDeclareFunction: nothingToFollow,
  TSEmptyBodyFunctionExpression: nothingToFollow,
  ClassDeclaration: anonymous,
  ClassExpression: anonymous,
};

/** Walks an expression and returns what it stands for; `use` is what becomes of its value where it stands. */
export function readExpression(walk: Walk, node: Expression, use: CallUse, guarded: boolean): Value {
  // The table is typed entry by entry; that a node meets the reader of its own type is what the lookup means.
  const reader = readers[node.type] as Reader<Expression> | undefined;
  return reader === undefined ? unknown : reader(walk, node, use, guarded);
}

function identifier(walk: Walk, { name }: Identifier, use: CallUse): Value {
  if (name === "undefined") return { kind: "literal", value: null };
  const value = resolve(walk, name);
  if (domGlobals.has(name) && walk.globals.get(name) === value) walk.summary.dom = true;
  if (use === "awaited" || use === "returned") walk.waited.add(value);
  return value;
}

function readMember(walk: Walk, node: Member): Value {
  // In lazy mode each look at a child costs, so they are taken once.
  const { type, object, property } = node;
  const isComputed = type === "ComputedMemberExpression";
  const exported = isComputed ? null : exportRead(walk, object, property);
  if (exported !== null) return exported;
  return member(walk, walk.expression(object, "other"), propertyName(walk, property, isComputed), node);
}

function superclass(walk: Walk): Value {
  const owner = walk.summary.functions[walk.frame.thisFn]?.class ?? null;
  return (owner === null ? null : walk.summary.classes[owner]?.extends) ?? unknown;
}

function anonymous(walk: Walk, node: FunctionNode | ClassNode, use: CallUse): Value {
  return namedValue(walk, node, null, use);
}

function argument(walk: Walk, node: { readonly argument: Expression | null }): Value {
  if (node.argument !== null) walk.expression(node.argument, "other");
  return unknown;
}

function sequence(walk: Walk, node: Sequence, use: CallUse, guarded: boolean): Value {
  let left = node.expressions.length;
  let value: Value = unknown;
  for (const part of node.expressions) {
    left -= 1;
    value = walk.expression(part, left === 0 ? use : "discarded", guarded);
  }
  return value;
}

function template(walk: Walk, node: Template): Value {
  const parts: (string | Value)[] = [];
  const expressions = node.expressions[Symbol.iterator]();
  for (const { value } of node.quasis) {
    if (value.cooked !== null && value.cooked !== "") parts.push(value.cooked);
    const next = expressions.next();
    if (next.done !== true) parts.push(walk.expression(next.value, "other"));
  }
  return { kind: "template", parts: parts.slice() };
}

function object(walk: Walk, node: ObjectNode): Value {
  const entries: { key: string; value: Value }[] = [];
  const spreads: Value[] = [];
  for (const property of node.properties) {
    if (property.type !== "ObjectProperty") {
      spreads.push(walk.expression(property.argument, "other"));
      continue;
    }
    const key = propertyName(walk, property.key, property.computed);
    const { kind, method } = property;
    if (kind === "init" && !method) {
      entries.push({ key, value: namedValue(walk, property.value, key, "other") });
      continue;
    }
    const role = { kind: method ? "method" : "accessor", range: property } as const;
    const value = namedValue(walk, property.value, key, "other", role);
    // Reading a property with a getter yields what the getter returns, not the getter.
    if (kind !== "set") entries.push({ key, value: method ? value : unknown });
  }
  return { kind: "object", entries: entries.slice(), spreads: spreads.slice() };
}

function logical(walk: Walk, node: Logical, use: CallUse, guarded: boolean): Value {
  const { env } = walk.summary;
  const tested = node.operator === "&&" || use === "discarded";
  const from = env.length;
  const left = walk.expression(node.left, tested ? "other" : use, guarded);
  const until = env.length;
  const right = walk.expression(node.right, use, guarded);
  if (node.operator === "&&") return right;
  setDefaults(env, from, until, right);
  return either(left, right);
}

function conditional(walk: Walk, node: Conditional, use: CallUse, guarded: boolean): Value {
  const { env } = walk.summary;
  const from = env.length;
  walk.expression(node.test, "other");
  const left = walk.expression(node.consequent, use, guarded);
  const until = env.length;
  const right = walk.expression(node.alternate, use, guarded);
  setDefaults(env, from, until, right);
  return either(left, right);
}

function either(left: Value, right: Value): Value {
  return { kind: "either", of: [left, right].flatMap((value) => (value.kind === "either" ? value.of : [value])) };
}

function binary(walk: Walk, node: Logical): Value {
  // Long texts are joined from thousands of pieces, and the tree is as deep: the left side is not walked by recursion.
  const steps = [node];
  let { left } = node;
  for (; left.type === "BinaryExpression"; left = left.left) steps.push(left);
  let value = walk.expression(left, "other");
  for (const { operator, right } of steps.reverse()) {
    const added = walk.expression(right, "other");
    value = combined(operator, value, added);
  }
  return value;
}

function unary(walk: Walk, node: Unary): Value {
  const inner = node.argument;
  switch (node.operator) {
    case "typeof":
      // `typeof window` asks whether this is a browser; it does not use one.
      if (inner.type !== "IdentifierReference") walk.expression(inner, "other");
      return unknown;
    case "delete":
      return remove(walk, node);
    case "void":
      walk.expression(inner, "discarded");
      return { kind: "literal", value: null };
    case "-":
    case "+": {
      const value = walk.expression(inner, "other");
      const isNumber = value.kind === "literal" && typeof value.value === "number";
      return isNumber
        ? combined(node.operator, { kind: "literal", value: 0 }, value)
        : operation(node.operator, [value]);
    }
    case "~":
      return operation("other", [walk.expression(inner, "other")]);
    default:
      walk.expression(inner, "other");
      return unknown;
  }
}

/** The lazy tree has no node for an element's name. */
const componentName = /<\s*([A-Z][\w$]*(?:\.[A-Za-z_$][\w$]*)*)/y;

function jsx(walk: Walk, node: Jsx): Value {
  const { summary, source } = walk;
  summary.jsx = true;
  componentName.lastIndex = node.start;
  const name = summary.directives.includes("use client") ? null : componentName.exec(source.text);
  if (name?.[1] !== undefined) {
    const [first = "", ...rest] = name[1].split(".");
    const callee = rest.reduce((value, part) => member(walk, value, part, node), resolve(walk, first));
    rendered(walk, callee, node);
  }
  for (const attribute of node.openingElement?.attributes ?? []) {
    if ("argument" in attribute) walk.expression(attribute.argument, "other");
    else if (attribute.value !== null) walk.expression(attribute.value, "other");
  }
  for (const child of node.children) walk.expression(child, "other");
  return unknown;
}
