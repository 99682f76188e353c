/** `data: { stock: row.stock - n }` -> `{ decrement: n }`; where the number was tested before, the test goes into the query. */
import type { Model } from "../../../analyzers/model.ts";
import { isWrite, type Query } from "../../../analyzers/queries/index.ts";
import { queriesIn } from "../../../analyzers/queries/siblings.ts";
import { columnOf, tablesNamed } from "../../../analyzers/schema/index.ts";
import { replace, type Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import type { Attempt } from "../written.ts";
import { entryOf, keyOf } from "./call-parts.ts";
import { askedInQuery } from "./conditional.ts";
import { comparisonsOf, sumOf, type Sum } from "./sum.ts";
import { dropAlias, rangeOf, stepped, type Taking } from "./taking.ts";

export function incrementValue(write: Query, call: ts.CallExpression, source: Source, model: Model): Attempt {
  const data = entryOf(call.arguments[0], "data");
  const takings = data === null ? [] : takingsIn(data, write, source, model);
  if (takings.length !== 1) return { obstacle: "what is written is no plain sum on one column of the row" };
  const [taking] = takings;
  if (taking === undefined) return { obstacle: "what is written is no plain sum on one column of the row" };
  const tests = comparisonsOf(taking.sum, call, source);
  if (tests.length > 0) {
    const others = queriesIn(write.call.fn, model).filter(
      (query) => isWrite(query) && query !== write && query.call.span.start < write.call.span.start,
    );
    return askedInQuery(taking, tests, call, source, others.length > 0);
  }
  if (taking.sum.alias === null && isStepped(taking)) return { obstacle: "it is not seen where the row is tested" };
  return {
    edits: [...dropAlias(taking, source), replace(source, rangeOf(taking.value, source), stepped(taking))],
    notes: [],
  };
}

function isStepped({ value }: Taking): boolean {
  return typescript().isObjectLiteralExpression(value);
}

function takingsIn(data: ts.Expression, write: Query, source: Source, model: Model): Taking[] {
  const ts = typescript();
  if (!ts.isObjectLiteralExpression(data)) return [];
  return data.properties.flatMap((property) => {
    const isShort = ts.isShorthandPropertyAssignment(property);
    if (!ts.isPropertyAssignment(property) && !isShort) return [];
    const key = isShort ? property.name.text : keyOf(property);
    const value = isShort ? property.name : property.initializer;
    if (key === null || !isNumber(write, key, model)) return [];
    const sum = sumOf(value, source) ?? decrementOf(value, key, write, source, model);
    return sum === null || sum.column !== key ? [] : [{ value, sum, key: isShort ? key : null }];
  });
}

/** `stock: { decrement: n }`, of the row that was read before. */
function decrementOf(value: ts.Expression, column: string, write: Query, source: Source, model: Model): Sum | null {
  const ts = typescript();
  const amount = entryOf(value, "decrement");
  if (amount === null) return null;
  const read = queriesIn(write.call.fn, model).find(
    (query) => query.operation === "one" && query.table === write.table && query.call.span.end < write.call.span.start,
  );
  const row = [...walk(source.tree)].find(
    (node): node is ts.VariableDeclaration =>
      ts.isVariableDeclaration(node) &&
      ts.isIdentifier(node.name) &&
      read !== undefined &&
      node.getStart(source.tree) <= read.call.span.start &&
      read.call.span.end <= node.end,
  );
  if (row === undefined || !ts.isIdentifier(row.name)) return null;
  return { row: row.name.text, column, sign: "-", amount: amount.getText(source.tree), alias: null };
}

function isNumber({ table, call }: Query, column: string, model: Model): boolean {
  const named = table === null ? [] : tablesNamed(model, table, call.file);
  const tables = named.filter(({ source }) => source === "prisma");
  return (
    tables.length > 0 && tables.every((each) => /^(int|bigint|float|decimal)$/.test(columnOf(each, column)?.type ?? ""))
  );
}
