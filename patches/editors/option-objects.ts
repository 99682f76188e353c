/** Options that a call is given by name: the literal behind the name, when it is there for such calls alone. */
import type { Source } from "./source.ts";
import { exported } from "./style.ts";
import { typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

/**
 * The literal of `const options = { ... }` when the file uses the name for nothing but this argument of calls of the same
 * function, and for reading or setting single properties: what is added there reaches nobody else. Null otherwise.
 */
export function ownLiteral(
  source: Source,
  call: ts.CallExpression | ts.NewExpression,
  argument: ts.Expression,
): ts.ObjectLiteralExpression | null {
  const ts = typescript();
  const index = call.arguments?.indexOf(argument) ?? -1;
  if (!ts.isIdentifier(argument)) return null;
  const named = [...walk(source.tree)].filter(
    (node): node is ts.Identifier => ts.isIdentifier(node) && node.text === argument.text && !isMemberName(node),
  );
  const [declaration, ...more] = named.flatMap((node) =>
    ts.isVariableDeclaration(node.parent) && node.parent.name === node ? [node.parent] : [],
  );
  if (declaration === undefined || more.length > 0 || !isPrivateConstant(declaration)) return null;
  const callee = call.expression.getText(source.tree);
  const others = named.filter((node) => node !== declaration.name);
  const isOwn = ({ parent }: ts.Identifier, node: ts.Identifier): boolean => {
    if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
    if (!ts.isCallExpression(parent) && !ts.isNewExpression(parent)) return false;
    return parent.arguments?.[index] === node && parent.expression.getText(source.tree) === callee;
  };
  if (!others.every((node) => isOwn(node, node))) return null;
  const { initializer } = declaration;
  return initializer !== undefined && ts.isObjectLiteralExpression(initializer) ? initializer : null;
}

/** `name` in `object.name` and `{ name: value }`. */
function isMemberName(node: ts.Identifier): boolean {
  const ts = typescript();
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node;
}

function isPrivateConstant({ parent }: ts.VariableDeclaration): boolean {
  const ts = typescript();
  const statement = parent.parent;
  return (parent.flags & ts.NodeFlags.Const) !== 0 && ts.isVariableStatement(statement) && !exported(statement);
}
