/** What TypeScript knows of `user.teamId` by a test before it forgets inside a callback: code there would not compile. */
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import type { Stretch } from "./stretch.ts";

/** A property that the stretch reads and that was tested before it; null where there is none, or no types. */
export function forgottenTest({ source, statements, fn, start }: Stretch): string | null {
  if (source.style.language !== "typescript") return null;
  const tested = new Set<string>();
  for (const node of walk(fn)) {
    if (node.pos >= start) continue;
    for (const test of testsOf(node))
      for (const each of walk(test)) if (isPath(each) && each.pos < start) tested.add(pathOf(each, source.tree));
  }
  if (tested.size === 0) return null;
  for (const node of statements.flatMap((statement) => [...walk(statement)]))
    if (isPath(node) && tested.has(pathOf(node, source.tree))) return pathOf(node, source.tree);
  return null;
}

function testsOf(node: ts.Node): ts.Node[] {
  const ts = typescript();
  if (ts.isIfStatement(node) || ts.isWhileStatement(node)) return [node.expression];
  return ts.isSwitchStatement(node) ? [node.expression] : [];
}

function isPath(node: ts.Node): node is ts.PropertyAccessExpression {
  const ts = typescript();
  if (!ts.isPropertyAccessExpression(node)) return false;
  const inner = node.expression;
  return ts.isIdentifier(inner) || inner.kind === ts.SyntaxKind.ThisKeyword || isPath(inner);
}

function pathOf(node: ts.Node, tree: ts.SourceFile): string {
  return node.getText(tree).replace(/[?!\s]/g, "");
}
