/** Where the value of a call goes: into a variable, a field, nowhere, or on to other code. */
import type { Range, Source } from "./source.ts";
import { typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

export type Home =
  /** Code that names it (`app`, `this.app`) can stand after the statement. */
  | { kind: "named"; name: string; statement: Range }
  /** Nobody keeps it; the expression is the whole statement. */
  | { kind: "unused"; statement: Range; expression: Range }
  /** A field's initial value; `constructorBody` is the inside of the braces, null without a constructor. */
  | { kind: "field"; name: string; constructorBody: Range | null }
  /** An argument, an arrow's body, a statement that has no siblings. */
  | { kind: "elsewhere"; expression: Range };

/**
 * The home of the call that has exactly this range, looked for through `await`-less wrappers (`as`, parentheses) and through
 * methods that return the object itself (`chain` matches their names: `/^(on|once)$/`). With `awaited` the home of what the
 * call's promise brings. Null when there is no such call.
 */
export function homeOf(source: Source, call: Range, chain: RegExp, awaited: "awaited" | null = null): Home | null {
  const ts = typescript();
  for (const node of walk(source.tree)) {
    const exact = node.getStart(source.tree) === call.start && node.end === call.end;
    if (!exact || !(ts.isCallExpression(node) || ts.isNewExpression(node))) continue;
    const made = awaited !== null && ts.isAwaitExpression(node.parent) ? node.parent : node;
    return climb(source, made, chain);
  }
  return null;
}

function climb(source: Source, call: ts.Expression, chain: RegExp): Home {
  const ts = typescript();
  const outer = outermost(call, chain);
  const expression = rangeOf(source, outer);
  const { parent } = outer;
  const named = (name: string, from: ts.Node): Home => {
    const statement = siblingStatement(from);
    return statement === null
      ? { kind: "elsewhere", expression }
      : { kind: "named", name, statement: rangeOf(source, statement) };
  };
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return named(parent.name.text, parent);
  if (
    ts.isBinaryExpression(parent) &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    parent.right === outer
  ) {
    return assigned(parent, named) ?? { kind: "elsewhere", expression };
  }
  if (ts.isExpressionStatement(parent) && isListed(parent))
    return { kind: "unused", statement: rangeOf(source, parent), expression };
  if (ts.isPropertyDeclaration(parent) && ts.isIdentifier(parent.name)) return field(source, parent, parent.name.text);
  return { kind: "elsewhere", expression };
}

/** Up through `call.on(...)`, `call as Server` and `(call)`, which all are the same object. */
function outermost(call: ts.Expression, chain: RegExp): ts.Expression {
  const ts = typescript();
  const { parent } = call;
  if (
    ts.isAsExpression(parent) ||
    ts.isSatisfiesExpression(parent) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isNonNullExpression(parent)
  ) {
    return outermost(parent, chain);
  }
  const chained =
    ts.isPropertyAccessExpression(parent) && chain.test(parent.name.text) && ts.isCallExpression(parent.parent);
  return chained && parent.parent.expression === parent ? outermost(parent.parent, chain) : call;
}

/** `app = express()`, `this.app = express()`, `const app = module.exports = express()`. */
function assigned(assignment: ts.BinaryExpression, named: (name: string, from: ts.Node) => Home): Home | null {
  const ts = typescript();
  const { parent } = assignment;
  if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return named(parent.name.text, parent);
  const target = assignment.left.getText();
  if (/^(module\.)?exports\b/.test(target)) {
    return ts.isBinaryExpression(parent) && parent.right === assignment ? assigned(parent, named) : null;
  }
  return /^[\w$.]+$/.test(target) ? named(target, assignment) : null;
}

function field(source: Source, property: ts.PropertyDeclaration, name: string): Home {
  const ts = typescript();
  const builder = property.parent.members.find((member) => ts.isConstructorDeclaration(member));
  const body = builder !== undefined && ts.isConstructorDeclaration(builder) ? builder.body : undefined;
  const inside = body === undefined ? null : { start: body.getStart(source.tree) + 1, end: body.end - 1 };
  return { kind: "field", name: `this.${name}`, constructorBody: inside };
}

/** The statement around a node, when other statements may stand beside it and nothing but expressions lies between. */
function siblingStatement(node: ts.Node): ts.Statement | null {
  const ts = typescript();
  for (let each = node; each !== undefined; each = each.parent) {
    if (ts.isFunctionLike(each)) return null;
    if (ts.isVariableStatement(each) || ts.isExpressionStatement(each)) return isListed(each) ? each : null;
  }
  return null;
}

/** The inside of the braces that a statement stands in, or the whole file: as far as names declared by it are known. */
export function blockAround(source: Source, statement: Range): Range {
  const ts = typescript();
  const around = [...walk(source.tree)].filter(
    (node) =>
      (ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseBlock(node)) &&
      node.getStart(source.tree) < statement.start &&
      statement.end < node.end,
  );
  const smallest = around.toSorted((a, b) => a.end - a.pos - (b.end - b.pos))[0];
  return smallest === undefined ? { start: 0, end: source.text.length } : rangeOf(source, smallest);
}

function isListed({ parent }: ts.Statement): boolean {
  const ts = typescript();
  return ts.isBlock(parent) || ts.isSourceFile(parent) || ts.isModuleBlock(parent) || ts.isCaseOrDefaultClause(parent);
}

function rangeOf(source: Source, node: ts.Node): Range {
  return { start: node.getStart(source.tree), end: node.end };
}
