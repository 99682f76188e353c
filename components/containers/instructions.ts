/** Edits of whole instructions in a Dockerfile, by their lines. */
import type { Model } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";

/** Another text in the place of an instruction; null when there are no such lines. */
export function replaceLines(
  file: string,
  at: { line: number; endLine: number },
  text: string,
  model: Model,
): Edit | null {
  const starts = lineStarts(model.repo.read(file) ?? "");
  const start = starts[at.line - 1];
  const end = (starts[at.endLine] ?? (model.repo.read(file) ?? "").length + 1) - 1;
  if (start === undefined) return null;
  const carriage = (model.repo.read(file) ?? "")[end - 1] === "\r" ? 1 : 0;
  return { kind: "replace", file, start, end: end - carriage, text };
}

/** Lines before an instruction, above the comment that belongs to it; past the end: at the end. */
export function insertLines(file: string, before: number, lines: readonly string[], model: Model): Edit {
  const content = model.repo.read(file) ?? "";
  const newline = content.includes("\r\n") ? "\r\n" : "\n";
  const written = content.split(/\r?\n/);
  let line = Math.min(before, written.length + 1);
  while (line > 1 && /^\s*#/.test(written[line - 2] ?? "")) line -= 1;
  const at = lineStarts(content)[line - 1] ?? content.length;
  const lead = at === content.length && content !== "" && !content.endsWith("\n") ? newline : "";
  return { kind: "replace", file, start: at, end: at, text: `${lead}${lines.join(newline)}${newline}` };
}

/** Offsets at which the lines of a text begin. */
export function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
