/** The third argument of a Drizzle table, which says its indexes: items put into the one there is, or a new one. */
import type { Edit } from "../../../patches/edit.ts";
import { toDialectExpression } from "../../../patches/editors/dialect.ts";
import { addItems, broken, fits, leadOf, type Literal } from "../../../patches/editors/literals.ts";
import { insert, type Source } from "../../../patches/editors/source.ts";
import { lineAt, typescript, walk, type ts } from "../../../patches/editors/typescript.ts";

export interface TableItem {
  /** What it is called where the items are properties of an object. */
  key: string;
  /** The expression, in template style, given what the table's columns are reached by: `table`. */
  value: (row: string) => string;
}

/** Null when there is no such table on the line, or what returns its items is more than a literal. */
export function addTableItems(
  source: Source,
  line: number,
  items: readonly TableItem[],
  arrays: boolean,
): Edit[] | null {
  const call = tableAt(source, line);
  const [, columns, extras] = call?.arguments ?? [];
  if (call === undefined || columns === undefined) return null;
  if (extras === undefined) return newExtras(source, columns, items, formIn(source) ?? (arrays ? "[]" : "{}"));
  const literal = literalOf(extras);
  const row = literal === null ? null : rowName(extras);
  if (literal === null || row === null) return null;
  const isObject = typescript().isObjectLiteralExpression(literal);
  if (isObject && literal.properties.some(({ name }) => items.some(({ key }) => name?.getText(source.tree) === key)))
    return null;
  return addItems(source, literal, texts(source, items, row, isObject ? "{}" : "[]"));
}

function tableAt(source: Source, line: number): ts.CallExpression | undefined {
  const ts = typescript();
  return [...walk(source.tree)].find(
    (node): node is ts.CallExpression =>
      ts.isCallExpression(node) &&
      lineAt(source.text, node.getStart(source.tree)) === line &&
      node.arguments[1] !== undefined &&
      ts.isObjectLiteralExpression(node.arguments[1]) &&
      node.arguments.length <= 3,
  );
}

function texts(source: Source, items: readonly TableItem[], row: string, form: "[]" | "{}"): string[] {
  return items.map(({ key, value }) => {
    const text = toDialectExpression(value(row), source.style);
    return form === "{}" ? `${key}: ${text}` : text;
  });
}

function newExtras(source: Source, columns: ts.Expression, items: readonly TableItem[], form: "[]" | "{}"): Edit[] {
  const row = rowIn(source) ?? "table";
  const list = texts(source, items, row, form);
  const lead = leadOf(source, columns);
  const [open, close] = form === "[]" ? ["", ""] : ["(", ")"];
  const head = `,${lead}(${row}) => ${open}`;
  const line = form === "[]" ? `[${list.join(", ")}]` : `{ ${list.join(", ")} }`;
  // One line only for one item; more are read one by one.
  const body =
    list.length === 1 && fits(source, columns.end, head.trim() + line) ? line : broken(source, columns.end, list, form);
  return [insert(source, columns.end, `${head}${body}${close}`)];
}

/** The array or object that `(table) => [...]`, `(table) => ({...})` or a function's only `return` gives. */
function literalOf(extras: ts.Expression): Literal | null {
  const ts = typescript();
  if (!ts.isArrowFunction(extras) && !ts.isFunctionExpression(extras)) return null;
  const [only, ...others] = ts.isBlock(extras.body) ? extras.body.statements : [];
  const returned = ts.isBlock(extras.body)
    ? only !== undefined && ts.isReturnStatement(only) && others.length === 0
      ? only.expression
      : undefined
    : extras.body;
  const bare = returned === undefined ? undefined : unwrapped(returned);
  return bare !== undefined && (ts.isArrayLiteralExpression(bare) || ts.isObjectLiteralExpression(bare)) ? bare : null;
}

function unwrapped(node: ts.Expression): ts.Expression {
  return typescript().isParenthesizedExpression(node) ? unwrapped(node.expression) : node;
}

function rowName(extras: ts.Expression): string | null {
  const ts = typescript();
  const name = ts.isArrowFunction(extras) || ts.isFunctionExpression(extras) ? extras.parameters[0]?.name : undefined;
  return name !== undefined && ts.isIdentifier(name) ? name.text : null;
}

/** Third arguments of the file's other tables. */
function extrasIn(source: Source): ts.Expression[] {
  const ts = typescript();
  return [...walk(source.tree)].flatMap((node) => {
    const isTable = ts.isCallExpression(node) && /[tT]able$/.test(node.expression.getText(source.tree));
    return isTable && node.arguments[2] !== undefined ? [node.arguments[2]] : [];
  });
}

function rowIn(source: Source): string | null {
  return extrasIn(source).flatMap((extras) => rowName(extras) ?? [])[0] ?? null;
}

function formIn(source: Source): "[]" | "{}" | null {
  const [literal] = extrasIn(source).flatMap((extras) => literalOf(extras) ?? []);
  if (literal === undefined) return null;
  return typescript().isArrayLiteralExpression(literal) ? "[]" : "{}";
}
