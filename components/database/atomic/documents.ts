/** `user.credits -= cost` on a Mongoose document: `$inc` has the database do the sum when the document is saved. */
import type { Model } from "../../../analyzers/model.ts";
import type { Query } from "../../../analyzers/queries/index.ts";
import { columnOf, tablesNamed } from "../../../analyzers/schema/index.ts";
import { majorOf } from "../../../analyzers/services/version-range.ts";
import type { Edit } from "../../../patches/edit.ts";
import { replace, type Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { savedObject, type Race } from "../race.ts";
import { functionAround } from "../transactions/stretch.ts";
import type { Attempt } from "../written.ts";
import { columnOfRow, comparisonsOf, sumOf, type Sum } from "./sum.ts";

/** Document.$inc came with Mongoose 6.4 (Mongoose changelog, 6.4.0). */
const firstMajor = 7;

export function incrementDocument(
  write: Query,
  races: readonly Race[],
  call: ts.Node,
  source: Source,
  model: Model,
): Attempt {
  const saved = savedObject(write, model);
  if (saved?.kind !== "name") return { obstacle: "what is saved there has no name" };
  if (!(majorOf(model.service(write.call.file)?.dependencies["mongoose"]) >= firstMajor))
    return { obstacle: "`$inc` of a document needs Mongoose 7" };
  const fn = functionAround(call);
  const edits: Edit[] = [];
  for (const { column, read } of races) {
    if (!isNumber(write.table ?? read.table, column, write, model))
      return { obstacle: `\`${column}\` is not declared as a number in a schema that is known` };
    const changes = [...walk(fn ?? source.tree)].flatMap((node) => changeOf(node, saved.name, column, source) ?? []);
    const own = changes.filter(({ node }) => functionAround(node) === fn);
    if (own.length === 0 || own.length !== changes.length || own.some(({ sum }) => sum === null))
      return { obstacle: `\`${column}\` is set in a way that is no plain sum` };
    for (const { node, sum } of own) {
      if (sum === null) continue;
      if (comparisonsOf(sum, node, source).length > 0)
        return { obstacle: `\`${column}\` is held against a number first, and test and change must become one query` };
      edits.push(replace(source, { start: node.getStart(source.tree), end: node.end }, written(sum, source)));
    }
  }
  return { edits, notes: [] };
}

function isNumber(table: string | null, column: string, { call }: Query, model: Model): boolean {
  const tables = table === null ? [] : tablesNamed(model, table, call.file);
  return tables.length > 0 && tables.every((each) => columnOf(each, column)?.type === "number");
}

interface Change {
  node: ts.BinaryExpression;
  /** Null where it is another value than a sum. */
  sum: Sum | null;
}

/** An assignment to that column of a row; the statement is nothing else. */
function changeOf(node: ts.Node, row: string, column: string, source: Source): Change | null {
  const ts = typescript();
  if (!ts.isBinaryExpression(node)) return null;
  const target = columnOfRow(node.left);
  if (target === null || target.row !== row || target.column !== column) return null;
  const { kind } = node.operatorToken;
  const adds = kind === ts.SyntaxKind.PlusEqualsToken;
  const isAlone = ts.isExpressionStatement(node.parent);
  if (adds || kind === ts.SyntaxKind.MinusEqualsToken) {
    const amount = node.right.getText(source.tree);
    return { node, sum: isAlone ? { ...target, sign: adds ? "+" : "-", amount, alias: null } : null };
  }
  if (kind !== ts.SyntaxKind.EqualsToken) return null;
  const sum = sumOf(node.right, source, "zero");
  const isOwn = sum?.row === target.row && sum.column === column && sum.alias === null;
  return { node, sum: isAlone && isOwn ? sum : null };
}

function written({ row, column, sign, amount }: Sum, source: Source): string {
  return `${row}.$inc(${quoted(column, source)}, ${sign === "+" ? amount : negated(amount)})`;
}

function negated(amount: string): string {
  return /^[\w.]+(\([^()]*\))?$/.test(amount) ? `-${amount}` : `-(${amount})`;
}

function quoted(text: string, { style }: Source): string {
  return style.quotes === "single" ? `'${text}'` : `"${text}"`;
}
