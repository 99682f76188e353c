/** Forgets what was made of a table where the table is written: after the write is done, before anybody is told of it. */
import type { CallSite } from "../../analyzers/model.ts";
import { callNodeAt } from "../../patches/editors/calls.ts";
import type { Edit } from "../../patches/edit.ts";
import { toDialectSnippet } from "../../patches/editors/dialect.ts";
import { freeName } from "../../patches/editors/imports.ts";
import { indentAt, replace, type Source } from "../../patches/editors/source.ts";
import { insertAfter } from "../../patches/editors/statements.ts";
import { typescript, type ts } from "../../patches/editors/typescript.ts";

/** `forget("product");` behind the statement that waits for the write; why not, where none does. */
export function forgetAfter(source: Source, call: CallSite, code: string): Edit[] | { cannot: string } {
  const ts = typescript();
  const node = callNodeAt(source, call.span);
  const statement = node === null ? null : statementAround(node);
  const cannot = (why: string): { cannot: string } => ({ cannot: `${why} at ${call.file}:${call.line}` });
  if (node === null || statement === null) return cannot("the write could not be found");
  if (!isInAsync(statement)) return cannot("nobody can wait for the write");
  if (ts.isReturnStatement(statement) && statement.expression !== undefined) {
    const { expression } = statement;
    if (!isWhole(node, expression)) return cannot("the answer is given together with the write");
    const inner = ts.isAwaitExpression(expression) ? expression.expression : expression;
    const name = freeName(source, "written");
    const indent = indentAt(source, statement.getStart(source.tree));
    const end = source.style.semicolons ? ";" : "";
    const text = `const ${name} = await ${inner.getText(source.tree)}${end}\n${indent}${toDialectSnippet(`${code};`, source.style).trimEnd()}\n${indent}return ${name}${end}`;
    const isListed = ts.isBlock(statement.parent) || ts.isCaseOrDefaultClause(statement.parent);
    return isListed
      ? [replace(source, { start: statement.getStart(source.tree), end: statement.end }, text)]
      : cannot("the write stands behind an `if` without braces");
  }
  if (!isAwaited(node, call)) return cannot("nobody waits for the write");
  if (!ts.isExpressionStatement(statement) && !ts.isVariableStatement(statement))
    return cannot("the write stands in a condition");
  const isListed =
    ts.isBlock(statement.parent) || ts.isSourceFile(statement.parent) || ts.isCaseOrDefaultClause(statement.parent);
  if (!isListed) return cannot("the write stands behind an `if` without braces");
  if (/\.(json|send|redirect|end|render)\(/.test(statement.getText(source.tree)))
    return cannot("the answer is given together with the write");
  return [insertAfter(source, { start: statement.getStart(source.tree), end: statement.end }, `${code};`)];
}

/** The innermost statement, unless a function that is one expression lies in between. */
function statementAround(node: ts.Node): ts.Statement | null {
  const ts = typescript();
  for (let each: ts.Node = node; !ts.isSourceFile(each); each = each.parent) if (ts.isStatement(each)) return each;
  return null;
}

function isInAsync(statement: ts.Node): boolean {
  const ts = typescript();
  for (let each: ts.Node = statement; !ts.isSourceFile(each); each = each.parent) {
    if (!ts.isFunctionLike(each)) continue;
    return (
      ts.canHaveModifiers(each) && (ts.getModifiers(each) ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)
    );
  }
  return false;
}

/** The write is all that the expression is: itself, waited for, or with more called on it. */
function isWhole(node: ts.Node, expression: ts.Expression): boolean {
  const ts = typescript();
  let each: ts.Node = node;
  while (each !== expression) {
    const { parent } = each;
    const isChain =
      (ts.isPropertyAccessExpression(parent) || ts.isCallExpression(parent)) && parent.expression === each;
    if (!isChain && !ts.isAwaitExpression(parent) && !ts.isParenthesizedExpression(parent)) return false;
    each = parent;
  }
  return true;
}

/** Waited for by its own statement; behind a function that is handed on, by who waits for them all. */
function isAwaited(node: ts.Node, call: CallSite): boolean {
  const ts = typescript();
  let isAfter = call.awaited;
  for (let each = node.parent; !ts.isStatement(each); each = each.parent) {
    if (ts.isFunctionLike(each)) isAfter = false;
    else if (ts.isAwaitExpression(each)) isAfter = true;
  }
  return isAfter;
}
