/** Whether code at the top of a module runs in every case. */
import type { Range, Source } from "./source.ts";
import { typescript } from "./typescript.ts";
import type { ts } from "./typescript.ts";

/**
 * True when something decides whether the expression with this range is evaluated at all: `if`, `?:`, `&&`, `switch`, a loop,
 * `try`. What only steps in for a missing value (`global.pool ?? new Pool()`) is none.
 */
export function isUnderCondition(source: Source, range: Range): boolean {
  return decides(source, source.tree, range);
}

function decides(source: Source, node: ts.Node, range: Range): boolean {
  const ts = typescript();
  const inner = within(source, node, range);
  if (inner === undefined) return false;
  const decided =
    (ts.isIfStatement(node) && inner !== node.expression) ||
    (ts.isConditionalExpression(node) && inner !== node.condition) ||
    (ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken &&
      inner === node.right) ||
    ts.isCaseOrDefaultClause(node) ||
    ts.isTryStatement(node) ||
    ts.isIterationStatement(node, false);
  return decided || decides(source, inner, range);
}

function within(source: Source, node: ts.Node, { start, end }: Range): ts.Node | undefined {
  return typescript().forEachChild(node, (child) =>
    child.getStart(source.tree) <= start && end <= child.end ? child : undefined,
  );
}
