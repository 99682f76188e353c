/** Names that a stretch of statements declares or changes, and that the code behind it uses. */
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { within, type Stretch } from "./stretch.ts";

export interface Kept {
  names: readonly string[];
  /** Whether one of them is given another value later. */
  changes: boolean;
}

/** The names to hand out of a callback; or why that cannot be. */
export function keptNames(stretch: Stretch): Kept | { obstacle: string } {
  const ts = typescript();
  const { statements, source } = stretch;
  if (statements.some((each) => ts.isFunctionDeclaration(each) || ts.isClassDeclaration(each)))
    return { obstacle: "functions are declared between them" };
  const lists = statements.flatMap((each) => (ts.isVariableStatement(each) ? [each.declarationList] : []));
  const vars = statements
    .flatMap((each) => [...within(each)])
    .some((node) => ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0);
  if (vars) return { obstacle: "`var` declares a name between them that is everywhere in the function" };
  const declared = new Set(lists.flatMap((list) => list.declarations.flatMap(({ name }) => namesIn(name))));
  const uses = [...walk(stretch.fn)].filter((node) => node.pos >= stretch.end && isReference(node));
  const names = [...declared].filter((name) => uses.some((node) => node.getText(source.tree) === name));
  if (source.style.language === "typescript") {
    const changed = outerChanges(stretch, declared).find((name) =>
      uses.some((node) => node.getText(source.tree) === name),
    );
    if (changed !== undefined)
      return {
        obstacle: `\`${changed}\` is set between them and used later, which TypeScript does not follow into a callback`,
      };
  }
  return { names, changes: uses.some((node) => names.includes(node.getText(source.tree)) && isAssigned(node)) };
}

export function namesIn(name: ts.BindingName): string[] {
  const ts = typescript();
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesIn(element.name)));
}

/** Identifiers that stand for a value: no property, no key, no label. */
export function isReference(node: ts.Node): node is ts.Identifier {
  const ts = typescript();
  if (!ts.isIdentifier(node)) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
  if (ts.isPropertyAssignment(parent)) return parent.name !== node;
  if (ts.isBindingElement(parent)) return parent.propertyName !== node;
  return !ts.isMethodDeclaration(parent) && !ts.isPropertySignature(parent);
}

function outerChanges({ statements }: Stretch, declared: ReadonlySet<string>): string[] {
  const inner = new Set(declared);
  for (const node of statements.flatMap((statement) => [...walk(statement)]))
    if (typescript().isVariableDeclaration(node)) for (const name of namesIn(node.name)) inner.add(name);
  return statements
    .flatMap((statement) => [...walk(statement)])
    .flatMap((node) => (isReference(node) && isAssigned(node) && !inner.has(node.text) ? [node.text] : []));
}

function isAssigned(node: ts.Node): boolean {
  const ts = typescript();
  const { parent } = node;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent))
    return [ts.SyntaxKind.PlusPlusToken, ts.SyntaxKind.MinusMinusToken].includes(parent.operator);
  if (!ts.isBinaryExpression(parent) || parent.left !== node) return false;
  const { kind } = parent.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}
