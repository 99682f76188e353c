/** The call of the cache as source: on one line where it fits, else each argument on its own. */
import { restyle } from "../../patches/editors/dialect-style.ts";
import type { Source } from "../../patches/editors/source.ts";
import { indented } from "../../patches/editors/statements.ts";

export interface CacheCall {
  /** Expressions in template style. */
  key: string;
  options: string;
}

/** What makes the answer: one expression of the app's, or its statements, as they stand in the source. */
export type Load =
  | { kind: "expression"; head: string; text: string }
  | { kind: "block"; head: string; lines: string[] };

/** What most formatters allow. */
const widest = 100;

/** `lead` is what stands before the call on its line, with the indent. */
export function writtenCall(source: Source, lead: string, call: CacheCall, load: Load): string {
  const indent = /^[ \t]*/.exec(lead)?.[0] ?? "";
  const step = source.style.indent;
  const [key, options] = [restyled(source, call.key), restyled(source, call.options)];
  const open = `cached(${key}, ${options}, ${load.head} `;
  const first = load.kind === "block" ? "{" : `${load.text.split("\n")[0] ?? ""});`;
  if (`${lead}${open}${first}`.length <= widest) return `${open}${loaded(load, indent, "", step)})`;
  const inner = indent + step;
  const comma = source.style.trailingCommas === "all" ? "," : "";
  const last = `${load.head} ${loaded(load, inner, step, step)}${comma}`;
  return `cached(\n${inner}${key},\n${inner}${options},\n${inner}${last}\n${indent})`;
}

/** `moved` is how much deeper than the statement itself the arguments stand. */
function loaded(load: Load, indent: string, moved: string, step: string): string {
  if (load.kind === "expression") return indented(load.text, moved);
  const lines = load.lines.map((line) => `${indent}${step}${indented(line, moved + step)}`);
  return `{\n${lines.join("\n")}\n${indent}}`;
}

function restyled(source: Source, expression: string): string {
  const text = restyle(`const it = ${expression};`, { ...source.style, newline: "\n" }).trimEnd();
  return text.replace(/;$/, "").slice("const it = ".length);
}
