/** Properties of classes that are told by decorators what they are: `@Column() name: string`. */
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import type { Source } from "../../../patches/editors/source.ts";

/** Null when the file has no such class, or more than one. */
function classOf(source: Source, name: string): ts.ClassDeclaration | null {
  const ts = typescript();
  const [found, ...others] = [...walk(source.tree)].filter(
    (node): node is ts.ClassDeclaration => ts.isClassDeclaration(node) && node.name?.text === name,
  );
  return found !== undefined && others.length === 0 ? found : null;
}

export function propertyOf(source: Source, className: string, field: string): ts.PropertyDeclaration | null {
  const ts = typescript();
  const found = classOf(source, className)?.members.find(
    (member): member is ts.PropertyDeclaration =>
      ts.isPropertyDeclaration(member) && ts.isIdentifier(member.name) && member.name.text === field,
  );
  return found ?? null;
}

/** The call in `@Name(...)`, whose name fits the pattern. */
export function decoratorOf(
  node: ts.PropertyDeclaration | ts.ClassDeclaration,
  name: RegExp,
): ts.CallExpression | null {
  const ts = typescript();
  const calls = (ts.getDecorators(node) ?? []).flatMap(({ expression }) =>
    ts.isCallExpression(expression) && name.test(expression.expression.getText()) ? [expression] : [],
  );
  return calls[0] ?? null;
}
