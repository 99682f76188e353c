/** Bounds a page size where the request's text becomes a number, so that what is skipped is counted by the same number. */
import type { Model } from "../../analyzers/model.ts";
import { queriesOf } from "../../analyzers/queries/index.ts";
import { insert, openSource, type Source } from "../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../patches/editors/typescript.ts";
import type { Finding } from "../finding.ts";
import { sizeVariable } from "./page-size-fix.ts";
import type { Attempt } from "./written.ts";

/** Rows that a process reads without noticing, and more than clients that page ask for; a default above it stays. Ours. */
const usual = 1000;

const unknown: Attempt = { obstacle: "the number is made in a way that is not known" };

/** One variable may stand behind several findings: its edits are the same for all of them. */
export function boundPageSize(finding: Finding, model: Model): Attempt {
  const call = finding.call === null ? null : model.call(finding.call);
  const query = queriesOf(model).find((each) => each.call.id === finding.call);
  const name = query === undefined ? null : sizeVariable(query, model);
  const holder = call === null ? null : model.fn(call.fn);
  const source = call === null ? null : openSource(model.repo, call.file);
  if (name === null || holder === null || source === null) return unknown;
  const made = [...walk(source.tree)].find((node) => isDeclarationOf(node, name, holder.span, source));
  if (made === undefined || !typescript().isVariableDeclaration(made)) return unknown;
  const { initializer } = made;
  if (initializer === undefined || !isNumber(initializer)) return unknown;
  const most = Math.max(usual, ...numbersIn(initializer));
  return {
    edits: [
      insert(source, initializer.getStart(source.tree), "Math.min("),
      insert(source, initializer.end, `, ${most})`),
    ],
    notes: [`A request gets ${most} rows at most, whatever it asks for.`],
  };
}

function isDeclarationOf(
  node: ts.Node,
  name: string,
  within: { start: number; end: number },
  { tree }: Source,
): boolean {
  const isInside = within.start <= node.getStart(tree) && node.end <= within.end;
  return isInside && typescript().isVariableDeclaration(node) && node.name.getText(tree) === name;
}

/** `Number(x)`, `parseInt(x, 10) || 20`, `+x`, `Math.max(1, Number(x))`, `x ? Number(x) : 20`: never a text, never nothing. */
function isNumber(node: ts.Expression): boolean {
  const ts = typescript();
  if (ts.isNumericLiteral(node)) return true;
  if (ts.isParenthesizedExpression(node)) return isNumber(node.expression);
  if (ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.PlusToken;
  if (ts.isConditionalExpression(node)) return isNumber(node.whenTrue) && isNumber(node.whenFalse);
  if (ts.isCallExpression(node))
    return /^(Number(\.parse(Int|Float))?|parse(Int|Float)|Math\.(max|floor|ceil|abs))$/.test(
      node.expression.getText(),
    );
  if (!ts.isBinaryExpression(node)) return false;
  const joins = [ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken];
  return joins.includes(node.operatorToken.kind) && isNumber(node.left) && isNumber(node.right);
}

function numbersIn(node: ts.Node): number[] {
  return [...walk(node)].flatMap((each) => (typescript().isNumericLiteral(each) ? [Number(each.text)] : []));
}
