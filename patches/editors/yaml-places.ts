/** Where things stand in a YAML text, and how its authors write: what every edit of one asks. */
import { isScalar, stringify } from "yaml";
import type { Pair, YAMLMap } from "yaml";
import type { Json } from "../edit.ts";

/** Whether blank lines set the entries of a mapping apart. */
export function isSpaced(text: string, map: YAMLMap): boolean {
  const [before, last] = map.items.slice(-2);
  return before !== undefined && last !== undefined && /\n[ \t]*\r?\n/.test(text.slice(startOf(before), startOf(last)));
}

export function startOf(pair: Pair): number {
  return isScalar(pair.key) && pair.key.range !== null && pair.key.range !== undefined ? pair.key.range[0] : 0;
}

/** The last character of a mapping that is neither blank nor a comment line of its own. */
export function endOf(text: string, map: YAMLMap): number {
  return contentEnd(text, map.range?.[0] ?? 0, map.range?.[1] ?? 0);
}

/** The last character that is neither blank nor a comment line of its own. */
export function contentEnd(text: string, start: number, end: number): number {
  let at = end;
  for (;;) {
    const trimmed = start + text.slice(start, at).trimEnd().length;
    const line = text.lastIndexOf("\n", trimmed - 1) + 1;
    if (line <= start || !/^\s*#/.test(text.slice(line, trimmed))) return trimmed - 1;
    at = line;
  }
}

export function column(text: string, offset: number): number {
  return offset - (text.lastIndexOf("\n", offset - 1) + 1);
}

/** In the file's own habits; version 1.1 quotes what older readers take for a number or a boolean. */
export function render(value: Json, text: string): string {
  return stringify(value, { version: "1.1", lineWidth: 0, ...habitsOf(text) });
}

/** Indentation and quotes as most of the text has them, for what is written anew. */
export function habitsOf(text: string): { indent: number; singleQuote: boolean; indentSeq: boolean } {
  return {
    indent: stepOf(text),
    singleQuote: text.split("'").length > text.split('"').length,
    indentSeq: !/^( *)[^\s#-][^\n]*:[ \t]*\r?\n\1- /m.test(text),
  };
}

export function stepOf(text: string): number {
  return /^[^\s#-][^\n]*:[ \t]*\r?\n( +)[^\s#-]/m.exec(text)?.[1]?.length ?? 2;
}
