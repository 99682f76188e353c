/** What a file gives to the framework that looks for it there: its exports by name, however they are written. */
import { knownOf } from "../link/known.ts";
import type { FileNode } from "../link/program.ts";
import type { Tokens } from "../link/token.ts";
import type { Known, Place } from "../model.ts";
import type { Value } from "../summary.ts";
import type { LinkedApp } from "./framework.ts";

/** Re-exports of re-exports. */
const MAX_STARS = 8;

/** Whether the module exports the name, itself or by `export * from` another file of the app. */
export function hasExport(app: LinkedApp, file: FileNode, name: string, depth = 0): boolean {
  const { exports, reexports } = file.summary;
  if (Object.hasOwn(exports, name) || reexports.some(({ as }) => as === name)) return true;
  if (name === "default") return Object.hasOwn(exports, "module.exports");
  if (depth > MAX_STARS) return false;
  const { modules, program } = app.linked.solver;
  return reexports.some(({ as, name: all, specifier }) => {
    const target = as === "*" && all === "*" ? modules.resolve(file.path, specifier) : null;
    const next = target?.kind === "file" ? program.files.get(target.file) : undefined;
    return next !== undefined && hasExport(app, next, name, depth + 1);
  });
}

/**
 * What an export is. Where a wrapper's result cannot be followed, what the wrapper was given stands for it: it is what the
 * author wrote to be run.
 */
export function exportTokens({ linked: { solver } }: LinkedApp, file: FileNode, name: string): Tokens {
  const tokens = solver.exported(file, name);
  const value = tokens.length > 0 ? undefined : behind(file, file.summary.exports[name]);
  const call = value?.kind === "call" ? file.calls[value.call] : undefined;
  const given = call?.fact.args.flatMap((arg) => solver.evaluate(file, arg, null)).filter(({ kind }) => kind === "fn");
  return given === undefined || given.length === 0 ? tokens : given;
}

function behind(file: FileNode, value: Value | undefined): Value | undefined {
  if (value?.kind !== "name") return value;
  const bound = file.fns[value.fn]?.fact.bindings ?? {};
  return Object.hasOwn(bound, value.name) ? bound[value.name]?.[0] : value;
}

/** The value of an exported constant as far as it is written out. */
export function exportedValue({ linked: { solver } }: LinkedApp, file: FileNode, name: string): Known {
  const value = Object.hasOwn(file.summary.exports, name) ? file.summary.exports[name] : undefined;
  return value === undefined ? { kind: "unknown" } : knownOf(solver, file, value, null);
}

/** Where the name is exported. */
export function exportPlace(app: LinkedApp, file: FileNode, name: string): Place {
  const text = withoutComments(app.repo.read(file.path) ?? "");
  const line = (at: number) => text.slice(0, at).split("\n").length;
  if (name === "default") {
    const at = text.search(/^[ \t]*(export\s+default\b|export\s*\{[^}]*\bdefault\b|module\.exports\b)/m);
    return { file: file.path, line: at < 0 ? 1 : line(at + blank(text, at)) };
  }
  const declared = new RegExp(
    `^[^\\S\\n]*export\\s+(?:async\\s+)?(?:function\\*?|const|let|var|class)\\s+${name}\\b`,
    "m",
  );
  const at = text.search(declared);
  if (at >= 0) return { file: file.path, line: line(at) };
  const listed = new RegExp(`^[^\\S\\n]*export\\s*(?:const|let|var)?\\s*\\{[^}]*?\\b${name}\\b(?!\\s+as\\b)`, "m").exec(
    text,
  );
  return { file: file.path, line: listed === null ? 1 : line(listed.index + listed[0].length) };
}

function blank(text: string, at: number): number {
  return /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
}

/** The text with comments blanked out, line by line as it was. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\/|(?<![:"'`])\/\/[^\n]*/g, (comment) => comment.replace(/[^\n]/g, " "));
}
