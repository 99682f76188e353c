/** One source file opened for editing: its text, its tree and its style. */
import type { Repo } from "../../analyzers/repo/repo.ts";
import { isPython, isSource } from "../../analyzers/repo/source-file.ts";
import type { Edit } from "../edit.ts";
import { evidenceOf, styleOf } from "./style.ts";
import type { Style } from "./style.ts";
import { parse, syntaxErrorsOf } from "./typescript.ts";
import type { ts } from "./typescript.ts";

/** UTF-16 offsets, `end` exclusive; every `Span` of the model is one. */
export interface Range {
  start: number;
  end: number;
}

export interface Source {
  file: string;
  text: string;
  style: Style;
  tree: ts.SourceFile;
}

/** Opens a text; see {@link openSource} for a file of a repo. */
export function sourceOf(file: string, text: string, fallback: Partial<Style> = {}): Source {
  return { file, text, style: styleOf(text, file, fallback), tree: parse(file, text) };
}

/** Opens a file of a repo with its neighbours' style as fallback; null when it is absent or does not parse. */
export function openSource(repo: Repo, file: string): Source | null {
  return remembered(opened, repo, file, () => {
    const text = repo.read(file);
    if (text === null || !isScript(file)) return null;
    const tree = parse(file, text);
    if (syntaxErrorsOf(tree).length > 0) return null;
    return { file, text, tree, style: styleOf(text, file, neighbourStyle(repo, file)) };
  });
}

/** A repo never changes, so what was parsed of it once need not be again. */
const opened = new WeakMap<Repo, Map<string, Source | null>>();
const shown = new WeakMap<Repo, Map<string, Partial<Style>>>();

function remembered<T>(memory: WeakMap<Repo, Map<string, T>>, repo: Repo, file: string, make: () => T): T {
  const files = memory.get(repo) ?? new Map<string, T>();
  memory.set(repo, files);
  const known = files.get(file);
  if (known !== undefined) return known;
  const made = make();
  files.set(file, made);
  return made;
}

/** Whether a file is JavaScript or TypeScript by its name; declaration files are not. */
export function isScript(file: string): boolean {
  return isSource(file) && !isPython(file) && !/\.d\.[cm]?ts$/.test(file);
}

/** The style for a new file at this path: the one its neighbours show. */
export function styleFor(repo: Repo, file: string): Style {
  return styleOf(repo.read(file) ?? "", file, neighbourStyle(repo, file));
}

/** Enough files to outvote an odd one, few enough to parse in a blink. */
const neighbours = 8;

function neighbourStyle(repo: Repo, file: string): Partial<Style> {
  const language = file.replace(/.*\./, "").includes("ts") ? /\.[cm]?tsx?$/ : /\.[cm]?jsx?$/;
  const near = repo.files
    .filter(
      (other) => other !== file && isScript(other) && language.test(other) && !/\.(test|spec|config)\./.test(other),
    )
    .map((other) => ({ other, near: shared(file, other) }))
    .sort((a, b) => b.near - a.near)
    .slice(0, neighbours);
  const style: Partial<Style> = {};
  for (const { other } of near) {
    const evidence = remembered(shown, repo, other, () => evidenceOf(repo.read(other) ?? "", other));
    Object.assign(style, { ...evidence, ...style });
  }
  return { ...packageStyle(repo, file), ...style };
}

/** How many leading folders two paths have in common. */
function shared(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  let count = 0;
  while (count < left.length - 1 && left[count] === right[count]) count += 1;
  return count;
}

/** What package.json and tsconfig.json say when no file does. */
function packageStyle(repo: Repo, file: string): Partial<Style> {
  const manifest = nearest(repo, file, "package.json");
  const esm = manifest !== null && /"type"\s*:\s*"module"/.test(manifest);
  if (!/\.[cm]?tsx?$/.test(file)) return esm ? { modules: "esm", importExtension: ".js" } : { modules: "commonjs" };
  const config = nearest(repo, file, "tsconfig.json") ?? "";
  if (/"allowImportingTsExtensions"\s*:\s*true/.test(config)) return { modules: "esm", importExtension: ".ts" };
  const node = esm && /"module"\s*:\s*"(node16|node18|node20|nodenext)"/i.test(config);
  return { modules: "esm", importExtension: node ? ".js" : "" };
}

function nearest(repo: Repo, file: string, name: string): string | null {
  const folders = file.split("/").slice(0, -1);
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const text = repo.read([...folders.slice(0, depth), name].join("/"));
    if (text !== null) return text;
  }
  return null;
}

/** Replaces a span of the source. */
export function replace(source: Source, range: Range, text: string): Edit {
  return { kind: "replace", file: source.file, start: range.start, end: range.end, text };
}

/** Inserts at an offset; several insertions at one place keep the order they are given in. */
export function insert(source: Source, at: number, text: string): Edit {
  return { kind: "replace", file: source.file, start: at, end: at, text };
}

/** The source text of a span. */
export function textOf(source: Source, range: Range): string {
  return source.text.slice(range.start, range.end);
}

/** The white space that the line of an offset starts with. */
export function indentAt(source: Source, offset: number): string {
  const start = source.text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(source.text.slice(start, offset))?.[0] ?? "";
}

/** Where the line after an offset's begins; the end of the text when there is none. */
export function nextLine({ text }: Pick<Source, "text">, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
}
