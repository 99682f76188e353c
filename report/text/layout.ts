/** Columns, wrapping and colour of the terminal's text; what is measured is what is seen. */
import { stripVTControlCharacters } from "node:util";
import picocolors from "picocolors";

/** How the text is drawn: colours or none, and how wide the screen is. */
export interface Canvas {
  paint: ReturnType<typeof picocolors.createColors>;
  width: number;
}

export function canvas(colour: boolean, width: number): Canvas {
  return { paint: picocolors.createColors(colour), width: Math.min(Math.max(width, 60), 140) };
}

/** Columns a text takes on the screen: colour codes none, wide East Asian characters and emoji two. */
export function columns(text: string): number {
  let width = 0;
  for (const character of stripVTControlCharacters(text)) {
    const code = character.codePointAt(0) ?? 0;
    const isWide = (code >= 0x11_00 && code <= 0x11_5f) || (code >= 0x2e_80 && code <= 0xff_60) || code >= 0x1_f3_00;
    width += isWide ? 2 : 1;
  }
  return width;
}

export function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columns(text)));
}

/** Cuts plain text to the width; the end says that there was more. */
export function clip(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let kept = "";
  for (const character of text) {
    if (columns(kept + character) > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Cuts a path in its middle folders, so that file name and line stay. */
export function clipPath(path: string, width: number): string {
  if (columns(path) <= width) return path;
  return `…${path.slice(-(width - 1))}`;
}

/** Plain text in lines of at most the width, words whole unless one alone is too long. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && columns(line) + 1 + columns(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A text behind a lead (which may be coloured), its further lines indented to where it began. */
export function hang(
  lead: string,
  text: string,
  width: number,
  paint: (line: string) => string = (line) => line,
): string {
  const indent = " ".repeat(columns(lead));
  return wrap(text, Math.max(20, width - columns(lead)))
    .map((line, index) => (index === 0 ? lead : indent) + paint(line))
    .join("\n");
}

/** Rows with every column but the last padded to its widest cell. */
export function table(rows: readonly (readonly string[])[], gap = 2): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, columns(cell));
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : pad(cell, (widths[index] ?? 0) + gap)))
      .join("")
      .trimEnd(),
  );
}

/** `1 finding`, `3 findings`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** A path as a word of a shell command. */
export function quoted(path: string): string {
  return /^[\w./+@:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
