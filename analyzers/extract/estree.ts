/** The parser's plain tree (ESTree) in the shape of its lazy one, for machines on which the lazy mode does not run. */

/** A node of the plain tree; every other property is a node, a list of nodes or a plain value. */
export interface Plain {
  type: string;
  start: number;
  end: number;
  [property: string]: unknown;
}

type Rewrite = (node: Plain) => void;

/** Types are read at their head only, and the superclass from the text. */
const skipped = new Set([
  "typeAnnotation",
  "returnType",
  "typeParameters",
  "typeArguments",
  "implements",
  "superClass",
  "superTypeArguments",
]);

const rewrites: Record<string, Rewrite> = {
  Identifier: rename("IdentifierReference"),
  Literal: (node) => {
    node.type = literalType(node);
  },
  MemberExpression: (node) => {
    if (node["computed"] === true) node.type = "ComputedMemberExpression";
    else
      node.type =
        typeOf(node["property"]) === "PrivateIdentifier" ? "PrivateFieldExpression" : "StaticMemberExpression";
  },
  MetaProperty: (node) => {
    node.type = isPlain(node["meta"]) && node["meta"]["name"] === "import" ? "ImportMeta" : "NewTarget";
  },
  ArrayExpression: (node) => {
    node["elements"] = list(node["elements"]).map((item) => item ?? { ...node, type: "Elision", elements: [] });
  },
  ObjectExpression: (node) => nodes(node["properties"], "Property").forEach(rename("ObjectProperty")),
  ObjectPattern: (node) => {
    node["properties"] = nodes(node["properties"], "Property");
    nodes(node["properties"], "Property").forEach(rename("BindingProperty"));
  },
  ArrayPattern: (node) => {
    node["elements"] = list(node["elements"]).filter((item) => typeOf(item) !== "RestElement");
  },
  FunctionDeclaration: reshapeFunction,
  FunctionExpression: reshapeFunction,
  ArrowFunctionExpression: reshapeFunction,
  TSDeclareFunction: reshapeFunction,
  TSEmptyBodyFunctionExpression: reshapeFunction,
  CatchClause: (node) => {
    const pattern = node["param"];
    if (isPlain(pattern)) node["param"] = { type: "CatchParameter", start: pattern.start, end: pattern.end, pattern };
  },
  ExportNamedDeclaration: (node) => {
    if (node["declaration"] !== null) node.type = "ExportDeclaration";
    else if (node["source"] !== null) node.type = "ExportFromDeclaration";
  },
  TSModuleDeclaration: (node) => {
    if (node["kind"] === "global") node.type = "TSGlobalDeclaration";
    else node.type = typeOf(node["id"]) === "Literal" ? "TSExternalModuleDeclaration" : "TSNamespaceDeclaration";
  },
  Program: withoutDirectives,
};

/** Rewrites a plain tree in place: node types, parameters and patterns as the lazy tree has them. */
export function reshape(node: Plain): void {
  rewrites[node.type]?.(node);
  for (const key in node) {
    if (skipped.has(key)) continue;
    const value = node[key];
    if (Array.isArray(value)) value.filter(isPlain).forEach(reshape);
    else if (isPlain(value)) reshape(value);
  }
}

function reshapeFunction(node: Plain): void {
  const params = nodes(node["params"]).filter((param) => param["name"] !== "this" && param.type !== "RestElement");
  node["params"] = { type: "FormalParameters", items: params.map(reshapeParameter) };
  const body = node["body"];
  if (!isPlain(body) || body.type !== "BlockStatement") return;
  body.type = "FunctionBody";
  withoutDirectives(body);
}

function reshapeParameter(param: Plain): Plain {
  const inner = isPlain(param["parameter"]) ? param["parameter"] : param;
  const hasDefault = inner.type === "AssignmentPattern" && isPlain(inner["left"]);
  const pattern = hasDefault && isPlain(inner["left"]) ? inner["left"] : inner;
  const { typeAnnotation = null, optional = false } = pattern;
  const decorators = list(param["decorators"]);
  const initializer = hasDefault ? inner["right"] : null;
  const { start, end } = param;
  const shaped = { ...pattern, decorators: [] };
  return { type: "FormalParameter", start, end, decorators, pattern: shaped, typeAnnotation, initializer, optional };
}

function withoutDirectives(node: Plain): void {
  node["body"] = nodes(node["body"]).filter((statement) => typeof statement["directive"] !== "string");
}

function literalType(node: Plain): string {
  if ("regex" in node) return "RegExpLiteral";
  if ("bigint" in node) return "BigIntLiteral";
  switch (typeof node["value"]) {
    case "string":
      return "StringLiteral";
    case "number":
      return "NumericLiteral";
    case "boolean":
      return "BooleanLiteral";
    default:
      return "NullLiteral";
  }
}

function rename(type: string): Rewrite {
  return (node) => {
    node.type = type;
  };
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function typeOf(value: unknown): string | null {
  return isPlain(value) ? value.type : null;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function nodes(value: unknown, type?: string): Plain[] {
  return list(value)
    .filter(isPlain)
    .filter((node) => type === undefined || node.type === type);
}
