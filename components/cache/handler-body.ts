/** The code of a handler as the pen sees it: its parameters, and the list of statements at whose end it answers. */
import type { Fn } from "../../analyzers/model.ts";
import type { Source } from "../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../patches/editors/typescript.ts";

export interface HandlerBody {
  /** Names of the parameters in order: request and response, or one for both. */
  params: string[];
  /** Statements that run before those of the list below, outside of the `try` around it. */
  before: ts.Statement[];
  statements: ts.Statement[];
}

export function handlerBody(source: Source, { span }: Fn): HandlerBody | { cannot: string } {
  const ts = typescript();
  const node = [...walk(source.tree)].find(
    (each): each is ts.FunctionLikeDeclaration =>
      ts.isFunctionLike(each) && each.end === span.end && span.start <= each.getStart(source.tree),
  );
  const body = node?.body;
  if (node === undefined || body === undefined || !ts.isBlock(body)) return { cannot: "the handler is one expression" };
  const params = node.parameters.map(({ name }) => (ts.isIdentifier(name) ? name.text : null));
  const named = params.filter((name) => name !== null);
  if (named.length < params.length) return { cannot: "its parameters are taken apart where they are named" };
  const statements = [...body.statements];
  const last = statements.at(-1);
  if (last !== undefined && ts.isTryStatement(last) && last.finallyBlock === undefined)
    return { params: named, before: statements.slice(0, -1), statements: [...last.tryBlock.statements] };
  return { params: named, before: [], statements };
}

/** Whether some name stands in the code as a value, not as a member or key. */
export function mentions(node: ts.Node, names: ReadonlySet<string>): boolean {
  return namesIn(node).some(({ text }) => names.has(text));
}

/** The identifiers of the code that are values: variables, not members and keys. */
export function namesIn(node: ts.Node): ts.Identifier[] {
  const ts = typescript();
  return [...walk(node)].filter((each): each is ts.Identifier => {
    if (!ts.isIdentifier(each)) return false;
    const { parent } = each;
    if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent))
      return (ts.isPropertyAccessExpression(parent) ? parent.expression : parent.left) === each;
    if (ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isPropertySignature(parent))
      return parent.name !== each;
    return !(ts.isBindingElement(parent) && parent.propertyName === each);
  });
}

/** The names that statements declare at their own level. */
export function declaredBy(statement: ts.Statement): string[] {
  const ts = typescript();
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name }) =>
    [...walk(name)].flatMap((node) => {
      if (!ts.isIdentifier(node)) return [];
      return ts.isBindingElement(node.parent) && (node.parent.propertyName === node || node.parent.initializer === node)
        ? []
        : [node.text];
    }),
  );
}

/** Nodes of the code that run with it: not those of functions within it. */
export function* ownNodes(node: ts.Node): Generator<ts.Node> {
  const ts = typescript();
  yield node;
  if (ts.isFunctionLike(node)) return;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* ownNodes(child);
}
