/** `row.stock - quantity`, found where a query is given its result: what is added to or taken from which column. */
import type { Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { functionAround } from "../transactions/stretch.ts";

export interface Sum {
  /** Variable of the row that was read. */
  row: string;
  column: string;
  sign: "+" | "-";
  /** Source text of what is added or taken. */
  amount: string;
  /** The declaration that works it out, where the query names it: `const left = row.stock - quantity`. */
  alias: ts.VariableDeclaration | null;
}

/** Null where the value is no plain sum on a row's column. */
export function sumOf(value: ts.Expression, source: Source, none: "zero" | "unknown" = "unknown"): Sum | null {
  const ts = typescript();
  if (ts.isIdentifier(value)) {
    const alias = declarationOf(value, source);
    const inner = alias?.initializer === undefined ? null : sumOf(alias.initializer, source, none);
    return alias === null || inner === null ? null : { ...inner, alias };
  }
  const node = unwrapped(value);
  if (!ts.isBinaryExpression(node)) return null;
  const sign = signOf(node.operatorToken.kind);
  const left = columnOfRow(none === "zero" ? withoutZero(node.left) : node.left);
  if (sign === null || left === null) return null;
  const amount = node.right.getText(source.tree);
  const isOwn = [...walk(node.right)].some((each) => ts.isIdentifier(each) && each.text === left.row);
  // A text would be appended, where a number is added.
  return isOwn || ts.isBinaryExpression(unwrapped(node.right)) ? null : { ...left, sign, amount, alias: null };
}

/** `row.points || 0`: nothing counts as none. */
function withoutZero(node: ts.Expression): ts.Expression {
  const ts = typescript();
  const inner = unwrapped(node);
  if (!ts.isBinaryExpression(inner) || inner.right.getText() !== "0") return node;
  const { kind } = inner.operatorToken;
  const isDefault = kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken;
  return isDefault ? inner.left : node;
}

function signOf(kind: ts.SyntaxKind): "+" | "-" | null {
  const { SyntaxKind } = typescript();
  return kind === SyntaxKind.PlusToken ? "+" : kind === SyntaxKind.MinusToken ? "-" : null;
}

/** `row.stock`, `row!.stock` */
export function columnOfRow(node: ts.Expression): { row: string; column: string } | null {
  const ts = typescript();
  const access = unwrapped(node);
  if (!ts.isPropertyAccessExpression(access)) return null;
  const row = unwrapped(access.expression);
  return ts.isIdentifier(row) ? { row: row.text, column: access.name.text } : null;
}

export function unwrapped(node: ts.Expression): ts.Expression {
  const ts = typescript();
  return ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) ? unwrapped(node.expression) : node;
}

/** The one constant of that name in the function. */
function declarationOf(identifier: ts.Identifier, { tree }: Source): ts.VariableDeclaration | null {
  const ts = typescript();
  const found = [...walk(functionAround(identifier) ?? tree)].filter(
    (node): node is ts.VariableDeclaration =>
      ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === identifier.text,
  );
  const [own, other] = found;
  const isConst = own !== undefined && (own.parent.flags & ts.NodeFlags.Const) !== 0;
  return own !== undefined && other === undefined && isConst ? own : null;
}

/** Tests in the function, before the offset, that hold the column (or its new value) against another number. */
export function comparisonsOf({ row, column, alias }: Sum, before: ts.Node, { tree }: Source): ts.BinaryExpression[] {
  const ts = typescript();
  const fn = functionAround(before);
  const name = alias !== null && ts.isIdentifier(alias.name) ? alias.name.text : null;
  const isNumber = (node: ts.Expression): boolean => {
    const found = columnOfRow(node);
    const inner = unwrapped(node);
    return (found?.row === row && found.column === column) || (ts.isIdentifier(inner) && inner.text === name);
  };
  return [...walk(fn ?? tree)].filter(
    (node): node is ts.BinaryExpression =>
      ts.isBinaryExpression(node) &&
      node.end <= before.getStart(tree) &&
      compares(node.operatorToken.kind) &&
      [node.left, node.right].some(isNumber),
  );
}

function compares(kind: ts.SyntaxKind): boolean {
  const { SyntaxKind: kinds } = typescript();
  return [
    kinds.LessThanToken,
    kinds.LessThanEqualsToken,
    kinds.GreaterThanToken,
    kinds.GreaterThanEqualsToken,
    kinds.EqualsEqualsEqualsToken,
    kinds.EqualsEqualsToken,
  ].includes(kind);
}
