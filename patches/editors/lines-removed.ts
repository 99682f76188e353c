/** Removing whole statements without leaving a scar of blank lines. */
import type { Replacement } from "../splice.ts";
import type { Range } from "./source.ts";

/** One replacement per group of neighbouring ranges: their full lines, and the blank lines that had only set them apart. */
export function linesRemoved(text: string, ranges: readonly Range[]): Replacement[] {
  const lines = ranges
    .map((range) => ({ start: lineStart(text, range.start), end: lineEnd(text, range.end), spaced: false }))
    .sort((a, b) => a.start - b.start);
  const groups: typeof lines = [];
  for (const range of lines) {
    const last = groups.at(-1);
    const between = last === undefined ? null : text.slice(last.end, range.start);
    if (last === undefined || between === null || between.trim() !== "") groups.push(range);
    else {
      last.end = Math.max(last.end, range.end);
      last.spaced ||= between !== "";
    }
  }
  return groups.map(({ spaced, ...group }) => {
    const whole = withoutScar(text, group);
    return { ...whole, text: spaced && joins(text, whole) ? "\n" : "" };
  });
}

/** Whether lines meet that a blank line had kept apart. */
function joins(text: string, { start, end }: Range): boolean {
  return !/(?:^|\n\s*\n|\{\s*\n)$/.test(text.slice(0, start)) && /^[ \t]*[^\s}]/.test(text.slice(end));
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
}

function withoutScar(text: string, { start, end }: Range): Range {
  const before = text.slice(0, start);
  const after = /^(?:[ \t]*\r?\n)*/.exec(text.slice(end))?.[0].length ?? 0;
  if (start === 0 || /(?:\n[ \t]*\r?\n|\{[ \t]*\r?\n)$/.test(before)) return closing(text, start, end + after);
  return closing(text, start, end);
}

/** At the end of the file or of a block the blank lines before go too. */
function closing(text: string, start: number, end: number): Range {
  if (!/^\s*(?:\}|$)/.test(text.slice(end))) return { start, end };
  const blank = /(?:[ \t]*\r?\n)*$/.exec(text.slice(0, start))?.[0] ?? "";
  const keep = blank.indexOf("\n") + 1;
  return { start: start - blank.length + keep, end };
}
