/** A number that a query writes, and what takes its place. */
import type { Edit } from "../../../patches/edit.ts";
import { nextLine, replace, type Range, type Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { isReference } from "../transactions/kept.ts";
import { functionAround } from "../transactions/stretch.ts";
import { unwrapped, type Sum } from "./sum.ts";

export interface Taking {
  /** What the column is set to, as written. */
  value: ts.Expression;
  sum: Sum;
  /** The key to write before it, where name and value are one: `{ stock }`. */
  key: string | null;
}

export function rangeOf(node: ts.Node, { tree }: Source): Range {
  return { start: node.getStart(tree), end: node.end };
}

/** `{ decrement: n }` */
export function stepped({ key, sum: { sign, amount } }: Taking): string {
  return `${key === null ? "" : `${key}: `}{ ${sign === "+" ? "increment" : "decrement"}: ${amount} }`;
}

/** The constant that held the new value goes where nothing else uses it. */
export function dropAlias({ sum: { alias }, value }: Taking, source: Source): Edit[] {
  const ts = typescript();
  if (alias === null || !ts.isIdentifier(alias.name)) return [];
  const name = alias.name.text;
  const fn = functionAround(alias);
  const uses = [...walk(fn ?? source.tree)].filter((node) => isReference(node) && node.text === name);
  const statement = alias.parent.parent;
  const list = alias.parent;
  const isAlone = ts.isVariableStatement(statement) && "declarations" in list && list.declarations.length === 1;
  if (!isAlone || uses.some((node) => node !== alias.name && unwrapped(value) !== node)) return [];
  const start = source.text.lastIndexOf("\n", statement.getStart(source.tree)) + 1;
  return [replace(source, { start, end: nextLine(source, statement.end) }, "")];
}
