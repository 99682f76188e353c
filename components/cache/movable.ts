/** Whether code of a handler can run inside of a cache: it neither answers nor changes anything on the way. */
import type { Source } from "../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../patches/editors/typescript.ts";
import { declaredBy, mentions, ownNodes } from "./handler-body.ts";

/** Why this code cannot run inside of a cache; null when it can. */
export function obstacleIn(source: Source, made: readonly ts.Node[], [, ...others]: readonly string[]): string | null {
  const ts = typescript();
  const declared = new Set(made.flatMap((node) => (ts.isStatement(node) ? declaredBy(node) : [])));
  for (const each of made) {
    if (mentions(each, new Set(others))) return "it may answer before its end";
    for (const node of ownNodes(each)) {
      if (ts.isReturnStatement(node)) return "it may answer before its end";
      const name = nameSet(node);
      if (name !== null && !declared.has(name.text) && !isInner(name, each))
        return `it changes \`${name.text}\` on the way`;
    }
    if (ts.isVariableStatement(each) && (each.declarationList.flags & ts.NodeFlags.BlockScoped) === 0)
      return "its variables are declared with `var`";
    const random = randomIn(each.getText(source.tree));
    if (random !== null) return random;
  }
  return null;
}

/** The variable that an assignment, or `n += 1`, or `n++`, changes. */
function nameSet(node: ts.Node): ts.Identifier | null {
  const ts = typescript();
  const kinds = ts.SyntaxKind;
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    const isSet = kind >= kinds.FirstAssignment && kind <= kinds.LastAssignment;
    return isSet && ts.isIdentifier(node.left) ? node.left : null;
  }
  const isStep =
    ts.isPostfixUnaryExpression(node) ||
    (ts.isPrefixUnaryExpression(node) && [kinds.PlusPlusToken, kinds.MinusMinusToken].includes(node.operator));
  return isStep && ts.isIdentifier(node.operand) ? node.operand : null;
}

/** Declared somewhere within the statement: in a block, a loop. */
function isInner({ text }: ts.Identifier, statement: ts.Node): boolean {
  const ts = typescript();
  return [...walk(statement)].some(
    (node) => ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === text,
  );
}

/** Each visitor is meant to get another answer. */
function randomIn(text: string): string | null {
  return /Math\.random|\$sample\b|\b(random|rand)\(\)|\bshuffle|\b(uuid|nanoid)/i.test(text)
    ? "each visitor gets another choice, which a cache would end"
    : null;
}
