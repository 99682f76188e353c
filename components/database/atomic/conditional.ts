/** "Is there enough? Then take it" as one query: the test stands in its condition, and who comes too late is refused as before. */
import { indentAt, insert, replace, type Source } from "../../../patches/editors/source.ts";
import { lineEnd } from "../../../patches/editors/statements.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { functionAround } from "../transactions/stretch.ts";
import type { Attempt } from "../written.ts";
import { entryOf, keysOf } from "./call-parts.ts";
import { columnOfRow, unwrapped } from "./sum.ts";
import { dropAlias, rangeOf, stepped, type Taking } from "./taking.ts";

export function askedInQuery(
  taking: Taking,
  tests: readonly ts.BinaryExpression[],
  call: ts.CallExpression,
  source: Source,
  hasWritten: boolean,
): Attempt {
  const ts = typescript();
  const [test, other] = tests;
  const refusal = test === undefined || other !== undefined ? null : refusalOf(test, taking, call, source);
  if (refusal === null) return { obstacle: "the test before it is not the plain one whether there is enough" };
  const where = entryOf(call.arguments[0], "where");
  const asked = call.arguments[0] === undefined ? null : keysOf(call.arguments[0]);
  const keys = where === null ? null : keysOf(where);
  const isPlain =
    where !== null &&
    ts.isObjectLiteralExpression(where) &&
    keys !== null &&
    keys.length > 0 &&
    keys.every((key) => !ts.isObjectLiteralExpression(entryOf(where, key) ?? where)) &&
    !keys.includes(taking.sum.column);
  if (!isPlain || asked === null || asked.some((key) => key !== "where" && key !== "data"))
    return { obstacle: "the row is named, or the result wanted, in a way that a query with a condition has not" };
  const method = ts.isPropertyAccessExpression(call.expression) ? call.expression.name : null;
  const awaited = call.parent;
  const statement = awaited.parent;
  if (method?.text !== "update" || !ts.isAwaitExpression(awaited) || !ts.isExpressionStatement(statement))
    return { obstacle: "the row that was changed is used" };
  const throws = ts.isThrowStatement(lastOf(refusal));
  if (hasWritten && !throws) return { obstacle: "other rows were written before, which would have to go again" };
  if (hasWritten && !isInTransaction(call, source))
    return { obstacle: "other rows were written before, which would have to go again" };
  const name = freeName(call);
  if (name === null) return { obstacle: "every name for the number of rows is taken there" };
  const shown = name === "count" ? "{ count }" : `{ count: ${name} }`;
  const indent = indentAt(source, statement.getStart(source.tree));
  const body = reindented(refusal.getText(source.tree), indentAt(source, refusal.parent.getStart(source.tree)), indent);
  const last = where.properties.at(-1);
  if (last === undefined) return { obstacle: "the row is not named" };
  return {
    edits: [
      ...dropAlias(taking, source),
      insert(source, awaited.getStart(source.tree), `const ${shown} = `),
      replace(source, rangeOf(method, source), "updateMany"),
      insert(source, last.end, `, ${taking.sum.column}: { gte: ${taking.sum.amount} }`),
      replace(source, rangeOf(taking.value, source), stepped(taking)),
      insert(source, lineEnd(source, statement.end), `\n${indent}if (${name} === 0) ${body}`),
    ],
    notes: [],
    alone: true,
  };
}

/** What is done when there is not enough: the branch of `if (row.stock < n)`, which ends the function. */
function refusalOf(test: ts.BinaryExpression, { sum }: Taking, call: ts.Node, source: Source): ts.Statement | null {
  const ts = typescript();
  const branch = branchOf(test, sum.row, source);
  if (branch === null || branch.elseStatement !== undefined) return null;
  if (sum.sign !== "-" || functionAround(branch) !== functionAround(call)) return null;
  const [low, high] =
    test.operatorToken.kind === ts.SyntaxKind.LessThanToken
      ? [test.left, test.right]
      : test.operatorToken.kind === ts.SyntaxKind.GreaterThanToken
        ? [test.right, test.left]
        : [];
  if (low === undefined || high === undefined) return null;
  const found = columnOfRow(low);
  const isColumn =
    found?.row === sum.row && found.column === sum.column && unwrapped(high).getText(source.tree) === sum.amount;
  const alias = sum.alias !== null && ts.isIdentifier(sum.alias.name) ? sum.alias.name.text : null;
  const isLeft = alias !== null && unwrapped(low).getText(source.tree) === alias && high.getText(source.tree) === "0";
  const ends = ts.isReturnStatement(lastOf(branch.thenStatement)) || ts.isThrowStatement(lastOf(branch.thenStatement));
  const holds = [...walk(branch.parent)].includes(call);
  const usesAlias =
    alias !== null && [...walk(branch.thenStatement)].some((node) => ts.isIdentifier(node) && node.text === alias);
  return (isColumn || isLeft) && ends && holds && !usesAlias ? branch.thenStatement : null;
}

/** The `if` that asks for nothing else, or before it whether the row is there at all. */
function branchOf(test: ts.BinaryExpression, row: string, { tree }: Source): ts.IfStatement | null {
  const ts = typescript();
  const { parent } = test;
  if (ts.isIfStatement(parent)) return parent.expression === test ? parent : null;
  const isEither = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.BarBarToken;
  if (!isEither || parent.right !== test || !ts.isIfStatement(parent.parent)) return null;
  const absent = parent.left.getText(tree).replace(/\s+/g, "");
  return new RegExp(`^(!${row}|${row}===?(null|undefined))$`).test(absent) ? parent.parent : null;
}

function lastOf(statement: ts.Statement): ts.Statement {
  const ts = typescript();
  return ts.isBlock(statement) ? (statement.statements.at(-1) ?? statement) : statement;
}

/** Within a transaction's callback an error takes back what was written before. */
function isInTransaction(node: ts.Node, { tree }: Source): boolean {
  const ts = typescript();
  for (let fn = functionAround(node); fn !== null; fn = functionAround(fn.parent)) {
    const taker = fn.parent;
    if (ts.isCallExpression(taker) && taker.expression.getText(tree).endsWith("$transaction")) return true;
  }
  return false;
}

function freeName(call: ts.Node): string | null {
  const taken = new Set(
    [...walk(functionAround(call) ?? call)].flatMap((node) => (typescript().isIdentifier(node) ? [node.text] : [])),
  );
  return ["count", "changed", "changedRows"].find((name) => !taken.has(name)) ?? null;
}

function reindented(text: string, from: string, to: string): string {
  return text
    .split("\n")
    .map((line, index) => (index === 0 || !line.startsWith(from) ? line : to + line.slice(from.length)))
    .join("\n");
}
