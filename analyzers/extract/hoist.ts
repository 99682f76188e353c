/** Declarations of a function body, before the walk: block scopes flattened, so that uses above a declaration find it. */
import { declare } from "./names.ts";
import { declaredNames } from "./patterns.ts";
import type { Expression, List, Pattern } from "./tree.ts";
import type { ImportNode, ModuleName, Statement, VariableNode } from "./tree-statements.ts";
import { collect, type Walk } from "./walk.ts";

export function hoist(walk: Walk, statements: List<Statement>): void {
  for (const statement of statements) hoistStatement(walk, statement);
}

function hoistStatement(walk: Walk, node: Statement): void {
  switch (node.type) {
    case "VariableDeclaration":
      hoistVariables(walk, node);
      break;
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
    case "TSImportEqualsDeclaration":
      if (node.id) declare(walk, node.id.name);
      break;
    case "TSNamespaceDeclaration":
      if (node.declare) break;
      if ("name" in node.id) declare(walk, node.id.name);
      if (node.body !== null) hoistStatement(walk, node.body);
      break;
    case "ImportDeclaration":
      hoistImport(walk, node);
      break;
    case "ExportDeclaration":
    case "ExportDefaultDeclaration":
      if (node.declaration.type.endsWith("Declaration")) hoistStatement(walk, node.declaration as Statement);
      break;
    case "ExpressionStatement":
      hoistReassigned(walk, node.expression);
      break;
    default:
      hoistNested(walk, node);
  }
}

function hoistNested(walk: Walk, node: Statement): void {
  switch (node.type) {
    case "BlockStatement":
    case "TSModuleBlock":
      hoist(walk, node.body);
      break;
    case "IfStatement":
      hoistStatement(walk, node.consequent);
      if (node.alternate !== null) hoistStatement(walk, node.alternate);
      break;
    case "ForStatement":
      if (node.init?.type === "VariableDeclaration") hoistVariables(walk, node.init);
      hoistStatement(walk, node.body);
      break;
    case "ForOfStatement":
    case "ForInStatement":
      if (node.left.type === "VariableDeclaration") hoistVariables(walk, node.left);
      hoistStatement(walk, node.body);
      break;
    case "WhileStatement":
    case "DoWhileStatement":
    case "LabeledStatement":
    case "WithStatement":
      hoistStatement(walk, node.body);
      break;
    case "SwitchStatement":
      for (const { consequent } of node.cases) hoist(walk, consequent);
      break;
    case "TryStatement":
      hoist(walk, node.block.body);
      if (node.handler?.param) hoistPattern(walk, node.handler.param.pattern);
      if (node.handler) hoist(walk, node.handler.body.body);
      if (node.finalizer) hoist(walk, node.finalizer.body);
      break;
    default:
  }
}

function hoistVariables(walk: Walk, node: VariableNode): void {
  if (node.declare) return;
  for (const { id } of node.declarations) hoistPattern(walk, id);
}

function hoistPattern(walk: Walk, pattern: Pattern): void {
  for (const name of declaredNames(walk, pattern)) declare(walk, name);
}

/** `options = options ?? {}`: a parameter that is given another value is a name with several values. */
function hoistReassigned(walk: Walk, node: Expression): void {
  if (node.type !== "AssignmentExpression" || node.left.type !== "IdentifierReference") return;
  const { name } = node.left;
  if (walk.frame.names.get(name)?.kind === "param") declare(walk, name);
}

function hoistImport(walk: Walk, node: ImportNode): void {
  const specifier = String(node.source.value);
  for (const { local, imported } of importedNames(node)) {
    walk.frame.names.set(local, { kind: "imported", specifier, name: imported });
  }
}

/** The names of an import declaration as imported and as called here. */
export function importedNames(node: ImportNode): { imported: string; local: string }[] {
  return collect(node.specifiers ?? [], (specifier) => {
    const local = specifier.local.name;
    if ("imported" in specifier) return { imported: moduleName(specifier.imported), local };
    return { imported: specifier.type === "ImportDefaultSpecifier" ? "default" : "*", local };
  });
}

export function moduleName(node: ModuleName): string {
  return "name" in node ? node.name : String(node.value);
}
