/** Functions and classes that take their name from where they stand: a variable, a property, an assignment. */
import type { CallUse, Value } from "../summary.ts";
import type { ClassNode, Expression, FunctionNode } from "./tree.ts";
import type { Statement } from "./tree-statements.ts";
import type { FunctionRole, Walk } from "./walk.ts";

/** Walks an expression; when it is a function or a class without a name of its own, it gets `name`. */
export function namedValue(
  walk: Walk,
  node: Expression,
  name: string | null,
  use: CallUse,
  role: FunctionRole = {},
): Value {
  if (isFunction(node)) return { kind: "fn", fn: walk.functionLike(node, { name, ...role }) };
  if (isClass(node)) return { kind: "class", class: walk.classLike(node, name, role.range ?? node) };
  return walk.expression(node, use);
}

export function isFunction(node: Expression | Statement): node is FunctionNode {
  return (
    node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression" || node.type === "FunctionDeclaration"
  );
}

function isClass(node: Expression | Statement): node is ClassNode {
  return node.type === "ClassExpression" || node.type === "ClassDeclaration";
}
