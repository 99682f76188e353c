/** Adding block attributes to a model of a Prisma schema: beside those it has, in its own indentation. */
import type { Replacement } from "../splice.ts";

/** One line of a model's body: its text without the line end, and where it begins in the file. */
interface Line {
  start: number;
  text: string;
}

/** An attribute such as `@@index([a, b])`, over as many lines as its brackets take. */
interface Attribute {
  name: string;
  first: Line;
  last: Line;
}

/** Attributes that say how rows are found; those that say where the model lives (`@@map`, `@@schema`) come behind them. */
const keys: ReadonlySet<string> = new Set(["index", "fulltext", "unique", "id"]);

/** The body of a model; null when the file does not declare it exactly once, each brace on a line of its own. */
export function modelBody(text: string, model: string): string | null {
  const body = bodyOf(text, model);
  return body === null ? null : body.lines.map((line) => line.text).join("\n");
}

/** Puts attributes (`@@index([userId])`) into a model; null as for {@link modelBody}. */
export function addAttributes(text: string, model: string, attributes: readonly string[]): Replacement | null {
  const body = bodyOf(text, model);
  const field = body?.lines.find((line) => /^[ \t]*[A-Za-z]/.test(line.text));
  if (body === null || field === undefined) return null;
  const there = attributesIn(body.lines);
  const beside = there.findLast(({ name }) => name === "index") ?? there.findLast(({ name }) => keys.has(name));
  if (beside !== undefined) return behind(beside.last, "\n", attributes, indentOf(beside.first));
  const [before] = there;
  if (before !== undefined) return ahead(before.first.start, attributes, indentOf(before.first));
  const last = body.lines.findLast((line) => line.text.trim() !== "") ?? field;
  const hasGap = body.lines.at(-1) !== last;
  return hasGap ? ahead(body.end, attributes, indentOf(field)) : behind(last, "\n\n", attributes, indentOf(field));
}

function behind(line: Line, gap: string, attributes: readonly string[], indent: string): Replacement {
  const at = line.start + line.text.length;
  return { start: at, end: at, text: gap + attributes.map((each) => indent + each).join("\n") };
}

function ahead(at: number, attributes: readonly string[], indent: string): Replacement {
  return { start: at, end: at, text: attributes.map((each) => `${indent}${each}\n`).join("") };
}

function indentOf({ text }: Line): string {
  return /^[ \t]*/.exec(text)?.[0] ?? "";
}

/** `end`: where the line of the closing brace begins. */
function bodyOf(text: string, model: string): { lines: Line[]; end: number } | null {
  if (!/^\w+$/.test(model)) return null;
  // Without an anchor the engine looks for the word alone, which is quick also in a schema of thousands of lines.
  const heads = text.matchAll(new RegExp(`model[ \\t]+${model}[ \\t]*\\{[ \\t]*(?://[^\\n]*)?\\r?\\n`, "g"));
  const isFirst = ({ index }: RegExpExecArray): boolean =>
    text.slice(text.lastIndexOf("\n", index) + 1, index).trim() === "";
  const [head, ...more] = [...heads].filter(isFirst);
  if (head === undefined || more.length > 0) return null;
  const lines: Line[] = [];
  for (let start = head.index + head[0].length; start < text.length;) {
    const found = text.indexOf("\n", start);
    const end = found < 0 ? text.length : found;
    const line = { start, text: text.slice(start, end).replace(/\r$/, "") };
    if (bare(line) === "}") return { lines, end: start };
    lines.push(line);
    start = end + 1;
  }
  return null;
}

function attributesIn(lines: readonly Line[]): Attribute[] {
  const found: Attribute[] = [];
  for (const [index, first] of lines.entries()) {
    const name = /^@@([\w.]+)/.exec(bare(first))?.[1];
    if (name === undefined) continue;
    let depth = 0;
    const last = lines.slice(index).find((line) => {
      depth += depthOf(bare(line));
      return depth <= 0;
    });
    found.push({ name, first, last: last ?? first });
  }
  return found;
}

function depthOf(text: string): number {
  const signs = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, "");
  return (signs.match(/[([]/g)?.length ?? 0) - (signs.match(/[)\]]/g)?.length ?? 0);
}

/** Without its comment, unless the slashes stand in a text. */
function bare({ text }: Line): string {
  return (/^(?:[^"/]|"(?:[^"\\]|\\.)*"|\/(?!\/))*/.exec(text)?.[0] ?? text).trim();
}
