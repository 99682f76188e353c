/** The loop in which a row is looked up for every item, where that is done each time and by the item alone. */
import type { Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";

export interface Lookup {
  /** The whole query, its chain included. */
  query: ts.Expression;
  /** `await Product.findById(item.productId)`: what is replaced. */
  awaited: ts.AwaitExpression;
  /** What the row is called in the loop. */
  row: ts.Identifier;
  /** What the items are called, and the list they come from, as written. */
  item: string;
  list: string;
  /** The statement before which all rows can be fetched. */
  statement: ts.Statement;
  body: ts.Node;
  /** Statements of the loop that stand before the query. */
  before: readonly ts.Statement[];
}

export function lookupAround(call: ts.CallExpression, source: Source): Lookup | null {
  const ts = typescript();
  const query = endOfChain(call);
  const awaited = query.parent;
  const declared = awaited.parent;
  if (!ts.isAwaitExpression(awaited) || !ts.isVariableDeclaration(declared) || !ts.isIdentifier(declared.name))
    return null;
  const own = declared.parent.parent;
  if (!ts.isVariableStatement(own) || own.declarationList.declarations.length !== 1 || !ts.isBlock(own.parent))
    return null;
  const loop = ofStatement(own.parent, source) ?? ofCallback(own.parent, source);
  const statement = loop === null ? null : statementAround(loop.at);
  if (loop === null || statement === null || !isPath(loop.list, source)) return null;
  const before = own.parent.statements.slice(0, own.parent.statements.indexOf(own));
  return {
    query,
    awaited,
    row: declared.name,
    item: loop.item,
    list: loop.list.getText(source.tree),
    statement,
    body: own.parent,
    before,
  };
}

interface Loop {
  item: string;
  list: ts.Expression;
  at: ts.Node;
}

/** `for (const item of items) { ... }` */
function ofStatement(body: ts.Block, { tree }: Source): Loop | null {
  const ts = typescript();
  const loop = body.parent;
  if (!ts.isForOfStatement(loop) || loop.awaitModifier !== undefined || !ts.isVariableDeclarationList(loop.initializer))
    return null;
  const [own] = loop.initializer.declarations;
  return own !== undefined && ts.isIdentifier(own.name)
    ? { item: own.name.getText(tree), list: loop.expression, at: loop }
    : null;
}

/** `await Promise.all(items.map(async (item) => { ... }))` */
function ofCallback(body: ts.Block, { tree }: Source): Loop | null {
  const ts = typescript();
  const fn = body.parent;
  const call = fn.parent;
  if (!ts.isArrowFunction(fn) || !ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression))
    return null;
  const [own, index] = fn.parameters;
  const isMap = call.expression.name.text === "map" && own !== undefined && index === undefined;
  if (!isMap || !ts.isIdentifier(own.name)) return null;
  return { item: own.name.getText(tree), list: call.expression.expression, at: call };
}

function endOfChain(call: ts.CallExpression): ts.Expression {
  const ts = typescript();
  let last: ts.Expression = call;
  for (;;) {
    const access: ts.Node = last.parent;
    if (!ts.isPropertyAccessExpression(access) || !ts.isCallExpression(access.parent)) return last;
    last = access.parent;
  }
}

/** `orders`, `cart.items`, `req.body.items`: reading it once more changes nothing. */
function isPath(node: ts.Expression, source: Source): boolean {
  return /^[\w$]+(\.[\w$]+)*$/.test(node.getText(source.tree));
}

function statementAround(node: ts.Node): ts.Statement | null {
  const ts = typescript();
  for (let at = node; at.parent !== undefined; at = at.parent) {
    if (ts.isFunctionLike(at)) return null;
    if (ts.isStatement(at) && ts.isBlock(at.parent)) return at;
  }
  return null;
}

/** Whether the row is changed in the loop: rows of one query are shared by the items that name the same. */
export function changesRow({ row, body }: Lookup): boolean {
  const ts = typescript();
  return [...walk(body)].some((node) => {
    if (!ts.isIdentifier(node) || node.text !== row.text || node === row) return false;
    let at: ts.Node = node;
    while (ts.isPropertyAccessExpression(at.parent) && at.parent.expression === at) at = at.parent;
    const { parent } = at;
    const isCalled =
      ts.isCallExpression(parent) &&
      parent.expression === at &&
      !/\.(toObject|toJSON|get|map|some|find|filter|includes|toString)$/.test(at.getText());
    const isSet =
      ts.isBinaryExpression(parent) &&
      parent.left === at &&
      parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
      parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment;
    return (
      isCalled ||
      isSet ||
      ts.isDeleteExpression(parent) ||
      ts.isPostfixUnaryExpression(parent) ||
      (ts.isPrefixUnaryExpression(parent) && parent.operator !== ts.SyntaxKind.ExclamationToken)
    );
  });
}
