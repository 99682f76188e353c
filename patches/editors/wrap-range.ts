/** Puts the statements of a stretch into a block of their own: a head before them, a tail behind, their lines moved in. */
import type { Edit } from "../edit.ts";
import { indentAt, insert, type Range, type Source } from "./source.ts";
import { lineEnd, lineStarts } from "./statements.ts";

/** Head and tail are code of one line or several, without the indentation of the place; `inner` edits lie in the stretch. */
export function wrapRange(
  source: Source,
  range: Range,
  { head, tail }: { head: string; tail: string },
  inner: readonly Edit[],
): Edit[] {
  const indent = indentAt(source, range.start);
  const step = source.style.indent;
  const moved = lineStarts(source.text.slice(range.start, range.end)).map((at) =>
    insert(source, range.start + at, step),
  );
  const lines = tail.replaceAll("\n", `\n${indent}`);
  return [
    insert(source, range.start, `${head}\n${indent}${step}`),
    ...moved,
    ...inner,
    insert(source, lineEnd(source, range.end), `\n${indent}${lines}`),
  ];
}

/** Whether a stretch begins its line: only then do its lines move as one. */
export function beginsLine({ text }: Source, { start }: Range): boolean {
  return /(^|\n)[ \t]*$/.test(text.slice(Math.max(0, start - 200), start));
}
