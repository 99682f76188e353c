/** Removes types from a TypeScript module so that what is left reads as if written in JavaScript. */
import { spliced } from "../splice.ts";
import type { Replacement } from "../splice.ts";
import { linesRemoved } from "./lines-removed.ts";
import { lineAt, parseModule, typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

/** The module without types. Throws on syntax that is more than types: enums, namespaces, parameter properties, decorators. */
export function stripTypes(text: string): string {
  const tree = parseModule(text);
  const eraser: Eraser = { tree, text, cuts: [], lines: [] };
  for (const node of walk(tree)) refuseRuntimeTypes(node, eraser);
  erase(tree, eraser);
  return spliced(text, [...eraser.cuts, ...linesRemoved(text, eraser.lines)]);
}

interface Eraser {
  tree: ts.SourceFile;
  text: string;
  cuts: Replacement[];
  /** Whole statements and members that go, with the lines they stand on. */
  lines: { start: number; end: number }[];
}

function cut(eraser: Eraser, start: number, end: number): void {
  eraser.cuts.push({ start, end, text: "" });
}

function refuseRuntimeTypes(node: ts.Node, { tree, text }: Eraser): void {
  const ts = typescript();
  const runtime =
    ts.isEnumDeclaration(node) ||
    ts.isImportEqualsDeclaration(node) ||
    ts.isDecorator(node) ||
    (ts.isModuleDeclaration(node) && !declared(node)) ||
    (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent));
  if (!runtime) return;
  throw new Error(
    `The template's line ${lineAt(text, node.getStart(tree))} is more than types and cannot become JavaScript`,
  );
}

function declared(node: ts.Node): boolean {
  return hasModifier(node, typescript().SyntaxKind.DeclareKeyword);
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  const ts = typescript();
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false);
}

/** Erases in one node, then in its children, unless the node goes as a whole. */
function erase(node: ts.Node, eraser: Eraser): void {
  const ts = typescript();
  if (isTypeOnly(node)) {
    const documented = ts.isImportDeclaration(node) ? node.getStart(eraser.tree) : withComment(node, eraser);
    eraser.lines.push({ start: documented, end: node.end });
    return;
  }
  if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
  if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) {
    cut(eraser, node.pos, node.end);
    return;
  }
  eraseSpecifiers(node, eraser);
  eraseAssertion(node, eraser);
  eraseAnnotation(node, eraser);
  eraseAngles(node, eraser);
  eraseModifiers(node, eraser);
  ts.forEachChild(node, (child) => {
    if (!isThisParameter(child)) erase(child, eraser);
  });
}

/** From the comment that documents the node, when it stands directly above. */
function withComment(node: ts.Node, { tree, text }: Eraser): number {
  const comments = typescript().getLeadingCommentRanges(text, node.getFullStart()) ?? [];
  let start = node.getStart(tree);
  for (const comment of comments.toReversed()) {
    if (/\n\s*\n/.test(text.slice(comment.end, start)) || comment.pos === 0) break;
    start = comment.pos;
  }
  return start;
}

function isTypeOnly(node: ts.Node): boolean {
  const ts = typescript();
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isIndexSignatureDeclaration(node))
    return true;
  if (ts.isImportDeclaration(node)) return isTypeImport(node);
  if (ts.isExportDeclaration(node)) return node.isTypeOnly || allTypes(node.exportClause);
  if ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.body === undefined) return true;
  return (
    (ts.isStatement(node) || ts.isPropertyDeclaration(node)) &&
    (declared(node) || (ts.isPropertyDeclaration(node) && hasModifier(node, ts.SyntaxKind.AbstractKeyword)))
  );
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false;
  return importClause.isTypeOnly || (importClause.name === undefined && allTypes(importClause.namedBindings));
}

function allTypes(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  const ts = typescript();
  if (bindings === undefined || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return false;
  const names: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] = [...bindings.elements];
  return names.length > 0 && names.every((name) => name.isTypeOnly);
}

/** `import { type A, b }` keeps `b` alone. */
function eraseSpecifiers(node: ts.Node, eraser: Eraser): void {
  const ts = typescript();
  if (!ts.isNamedImports(node) && !ts.isNamedExports(node)) return;
  const names: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[] = [...node.elements];
  if (!names.some((name) => name.isTypeOnly)) return;
  const kept = names.filter((name) => !name.isTypeOnly).map((name) => name.getText(eraser.tree));
  if (kept.length === 0 && ts.isNamedImports(node)) {
    const comma = eraser.text.lastIndexOf(",", node.getStart(eraser.tree));
    cut(eraser, comma, node.end);
    return;
  }
  eraser.cuts.push({ start: node.getStart(eraser.tree), end: node.end, text: `{ ${kept.join(", ")} }` });
}

function eraseAssertion(node: ts.Node, eraser: Eraser): void {
  const ts = typescript();
  if (isAssertion(node)) {
    cut(eraser, node.expression.end, node.end);
    const { parent } = node;
    if (ts.isParenthesizedExpression(parent) && standsAlone(node.expression)) unwrap(parent, eraser);
    if (ts.isParenthesizedExpression(node.expression) && ts.isVariableDeclaration(parent))
      unwrap(node.expression, eraser);
  }
  if (ts.isTypeAssertionExpression(node))
    cut(eraser, node.getStart(eraser.tree), node.expression.getStart(eraser.tree));
}

function isAssertion(node: ts.Node): node is ts.AsExpression | ts.SatisfiesExpression | ts.NonNullExpression {
  const ts = typescript();
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node);
}

/** Takes the parentheses away. */
function unwrap(node: ts.ParenthesizedExpression, eraser: Eraser): void {
  cut(eraser, node.getStart(eraser.tree), node.expression.getStart(eraser.tree));
  cut(eraser, node.end - 1, node.end);
}

/** Whether an expression needs no parentheses wherever it stands. */
function standsAlone(node: ts.Expression): boolean {
  const ts = typescript();
  if (isAssertion(node)) return standsAlone(node.expression);
  return (
    ts.isIdentifier(node) ||
    ts.isPropertyAccessExpression(node) ||
    ts.isElementAccessExpression(node) ||
    ts.isCallExpression(node) ||
    ts.isParenthesizedExpression(node) ||
    node.kind === ts.SyntaxKind.ThisKeyword
  );
}

/** `name?: Type`, `name!: Type` and return types. */
function eraseAnnotation(node: ts.Node, eraser: Eraser): void {
  const ts = typescript();
  if (ts.isPropertyDeclaration(node) || ts.isParameter(node) || ts.isMethodDeclaration(node)) {
    eraseToken(node.questionToken, eraser);
  }
  if (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) eraseToken(node.exclamationToken, eraser);
  const annotated =
    ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isFunctionLike(node);
  if (annotated && node.type !== undefined) cut(eraser, node.type.pos - 1, node.type.end);
  if (!ts.isFunctionLike(node)) return;
  const [first, second] = node.parameters;
  if (first !== undefined && isThisParameter(first)) {
    cut(eraser, first.getStart(eraser.tree), second === undefined ? first.end : second.getStart(eraser.tree));
  }
}

function eraseToken(token: ts.Node | undefined, eraser: Eraser): void {
  if (token !== undefined) cut(eraser, token.getStart(eraser.tree), token.end);
}

function isThisParameter(node: ts.Node): boolean {
  const ts = typescript();
  return ts.isParameter(node) && node.name.getText() === "this";
}

/** `<T>` after names, on calls and in `extends Base<T>`. */
function eraseAngles(node: ts.Node, eraser: Eraser): void {
  const ts = typescript();
  const lists: (ts.NodeArray<ts.Node> | undefined)[] = [];
  if (ts.isFunctionLike(node) || ts.isClassLike(node)) lists.push(node.typeParameters);
  if (
    ts.isCallExpression(node) ||
    ts.isNewExpression(node) ||
    ts.isExpressionWithTypeArguments(node) ||
    ts.isTaggedTemplateExpression(node)
  ) {
    lists.push(node.typeArguments);
  }
  for (const list of lists) {
    if (list !== undefined) cut(eraser, list.pos - 1, eraser.text.indexOf(">", list.end) + 1);
  }
}

function eraseModifiers(node: ts.Node, eraser: Eraser): void {
  const ts = typescript();
  if (!ts.canHaveModifiers(node)) return;
  const erasable = new Set([
    ts.SyntaxKind.PublicKeyword,
    ts.SyntaxKind.PrivateKeyword,
    ts.SyntaxKind.ProtectedKeyword,
    ts.SyntaxKind.ReadonlyKeyword,
    ts.SyntaxKind.AbstractKeyword,
    ts.SyntaxKind.OverrideKeyword,
  ]);
  for (const modifier of ts.getModifiers(node) ?? []) {
    if (!erasable.has(modifier.kind)) continue;
    const space = /^\s*/.exec(eraser.text.slice(modifier.end))?.[0].length ?? 0;
    cut(eraser, modifier.getStart(eraser.tree), modifier.end + space);
  }
}
