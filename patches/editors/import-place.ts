/** Where a new import belongs: among its kind, and in CommonJS above any code that runs. */
import type { Edit } from "../edit.ts";
import { restyle } from "./dialect-style.ts";
import { declarationsOf } from "./import-declarations.ts";
import { insert, nextLine } from "./source.ts";
import type { Range, Source } from "./source.ts";
import { typescript } from "./typescript.ts";

/** A statement in template style that imports a module. */
export interface NewImport {
  from: string;
  text: string;
}

/** Whether new imports of this file are written with `require`. */
export function requires(source: Source): boolean {
  return (
    source.style.modules === "commonjs" &&
    (source.style.language === "javascript" || declarationsOf(source).some((found) => found.form === "require"))
  );
}

/** Puts new import statements into their places: packages behind the packages, the app's own files behind everything. */
export function placeImports(source: Source, imports: readonly NewImport[]): Edit[] {
  const own = imports.filter(({ from }) => isOwn(from));
  const foreign = imports.filter(({ from }) => !isOwn(from));
  const last = requires(source) ? lastOfHead(source) : declarationsOf(source).at(-1);
  if (last === undefined)
    return imports.length === 0 ? [] : [insertFirst(source, written(source, [...foreign, ...own]))];
  const packages = requires(source) ? undefined : declarationsOf(source).findLast(({ from }) => !isOwn(from));
  return [
    ...(foreign.length === 0 ? [] : [insertBehind(source, packages ?? last, written(source, foreign))]),
    ...(own.length === 0 ? [] : [insertBehind(source, last, written(source, own))]),
  ];
}

function isOwn(from: string): boolean {
  return from.startsWith(".");
}

function written(source: Source, imports: readonly NewImport[]): string {
  return restyle(imports.map(({ text }) => text).join("\n"), { ...source.style, newline: "\n" });
}

function insertFirst(source: Source, text: string): Edit {
  const at = preambleEnd(source);
  const rest = source.text.slice(at);
  const blank = /^\r?\n/.test(rest) || rest.trim() === "" ? "" : "\n";
  return insert(source, at, `${/[^\n\uFEFF]$/.test(source.text.slice(0, at)) ? "\n" : ""}${text}\n${blank}`);
}

/** At the start of the next line, where the lines of an import that goes end: both edits can be had. */
function insertBehind(source: Source, last: Range, text: string): Edit {
  const at = nextLine(source, last.end);
  const alone = /^[ \t]*(?:\/\/[^\n]*|\/\*[^\n]*\*\/[ \t]*)?\r?\n$/.test(source.text.slice(last.end, at));
  return alone ? insert(source, at, `${text}\n`) : insert(source, last.end, `\n${text}`);
}

/**
 * The last `require` before code starts to run, since a `const` further down cannot be used above itself. Loading the
 * environment (dotenv) counts as part of the head, and so does what a `require` puts in place (`Promise = require(...)`):
 * what is required after them may need it.
 */
function lastOfHead(source: Source): Range | undefined {
  const ts = typescript();
  const places = new Set(declarationsOf(source).map(({ start }) => start));
  let last: Range | undefined;
  for (const statement of source.tree.statements) {
    const range = { start: statement.getStart(source.tree), end: statement.end };
    const loads =
      ts.isExpressionStatement(statement) &&
      /\bdotenv\b|\.config\(|^(?:[\w$.]+\s*=\s*)?require\(/.test(statement.getText(source.tree));
    const directive = ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
    if (places.has(range.start) || loads) last = range;
    else if (!directive) break;
  }
  return last;
}

/** After the byte order mark, `#!` line, leading file comment and directives. */
export function preambleEnd(source: Source): number {
  const ts = typescript();
  let at = source.text.startsWith("\uFEFF") ? 1 : 0;
  if (source.text.startsWith("#!", at)) at = nextLine(source, at);
  const comment = ts.getLeadingCommentRanges(source.text, at)?.[0];
  if (comment !== undefined && /^[ \t]*\r?\n[ \t]*\r?\n/.test(source.text.slice(comment.end)))
    at = nextLine(source, nextLine(source, comment.end));
  for (const statement of source.tree.statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) break;
    at = nextLine(source, statement.end);
  }
  return at;
}
