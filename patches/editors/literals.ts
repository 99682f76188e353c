/** Items put into object and array literals, and where lines are broken. */
import type { Edit } from "../edit.ts";
import { indentAt, insert, replace, textOf } from "./source.ts";
import type { Range, Source } from "./source.ts";
import { typescript } from "./typescript.ts";
import type { ts } from "./typescript.ts";

export type Literal = ts.ObjectLiteralExpression | ts.ArrayLiteralExpression;

/** Lines longer than this are broken, as formatters do at 80 to 120. */
const widest = 100;

/** The line break and indentation before a node, or a space when it stands in the middle of a line. */
export function leadOf(source: Source, node: ts.Node): string {
  return /\r?\n[ \t]*$/.exec(source.text.slice(0, node.getStart(source.tree)))?.[0] ?? " ";
}

/** Whether the line of an offset still has room for the text. */
export function fits(source: Source, offset: number, text: string): boolean {
  const start = source.text.lastIndexOf("\n", offset - 1) + 1;
  const end = source.text.indexOf("\n", offset);
  const line = source.text.slice(start, end === -1 ? undefined : end).trimEnd();
  return line.length + text.length + ", ".length <= widest;
}

/** An object literal, or with `[]` an array, with one item a line, indented for the line of the offset. */
export function broken(source: Source, offset: number, list: readonly string[], brackets: "{}" | "[]" = "{}"): string {
  const [open, close] = brackets;
  const indent = indentAt(source, offset);
  const lead = `\n${indent}${source.style.indent}`;
  return `${open}${list.map((item) => lead + movedTo(lead, item)).join(",")}${lastComma(source)}\n${indent}${close}`;
}

/** The further lines of an item, moved in as far as its first. */
function movedTo(lead: string, item: string): string {
  return item.replaceAll("\n", lead);
}

function lastComma({ style }: Source): string {
  return style.trailingCommas === "none" ? "" : ",";
}

/** Puts items (properties of an object) behind those that are there: on their line or on lines of their own, as these are. */
export function addItems(source: Source, literal: Literal, items: readonly string[]): Edit[] {
  const list = itemsOf(literal);
  const last = list.at(-1);
  if (last === undefined) return [replace(source, insideOf(source, literal), emptyFilled(literal, items))];
  if (!source.text.slice(last.end, literal.end).includes("\n")) {
    const lines = onOwnLines(source, literal, items);
    if (lines !== null) return lines;
    return [insert(source, last.end, items.map((item) => `,${leadOf(source, last)}${item}`).join(""))];
  }
  const lead = `\n${indentAt(source, last.getStart(source.tree))}`;
  const lines = items.map((item) => lead + movedTo(lead, item)).join(",");
  const after = endOfLine(source, last.end);
  if (list.hasTrailingComma) return [insert(source, after, `${lines},`)];
  return [insert(source, last.end, ","), insert(source, after, lines)];
}

function itemsOf(literal: Literal): ts.NodeArray<ts.Node> {
  return typescript().isArrayLiteralExpression(literal) ? literal.elements : literal.properties;
}

function insideOf(source: Source, literal: Literal): Range {
  return { start: literal.getStart(source.tree) + 1, end: literal.end - 1 };
}

function emptyFilled(literal: Literal, items: readonly string[]): string {
  return typescript().isArrayLiteralExpression(literal) ? items.join(", ") : ` ${items.join(", ")} `;
}

/** The literal of one line spread over several, when that line would get too long; null when it fits or holds comments. */
function onOwnLines(source: Source, literal: Literal, added: readonly string[]): Edit[] | null {
  const start = literal.getStart(source.tree);
  if (source.text.slice(start, literal.end).includes("\n") || fits(source, literal.end, added.join(", "))) return null;
  const list = [...itemsOf(literal)];
  const gaps = list.map((property, index) => ({
    start: index === 0 ? start + 1 : (list[index - 1]?.end ?? start + 1),
    end: property.getStart(source.tree),
  }));
  const rest = { start: list.at(-1)?.end ?? start + 1, end: literal.end - 1 };
  if (![...gaps, rest].every((gap) => /^[\s,]*$/.test(textOf(source, gap)))) return null;
  const indent = indentAt(source, start);
  const lead = `\n${indent}${source.style.indent}`;
  return [
    ...gaps.map((gap, index) => replace(source, gap, index === 0 ? lead : `,${lead}`)),
    replace(
      source,
      rest,
      `${added.map((property) => `,${lead}${movedTo(lead, property)}`).join("")}${lastComma(source)}\n${indent}`,
    ),
  ];
}

/** Behind the comma and the comment that share the line with what ends here. */
function endOfLine(source: Source, offset: number): number {
  return (
    offset +
    (/^[ \t]*,?[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*\*\/)?/.exec(source.text.slice(offset))?.[0].trimEnd().length ?? 0)
  );
}
