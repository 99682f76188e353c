/**
 * The one place that knows the parser: oxc in its experimental lazy mode, its plain mode where that does not run.
 *
 * The lazy tree brings over only the nodes that are looked at; `bench/README.md` has the figures.
 */
import { parseSync, rawTransferSupported } from "oxc-parser";
import { isComponent } from "../repo/source-file.ts";
import { reshape } from "./estree.ts";
import type { Program } from "./tree-statements.ts";

export type ParseMode = "lazy" | "plain";

/** The mode that this machine supports: lazy needs Node 22 or later and 64 bits. */
export const parseMode: ParseMode = rawTransferSupported() ? "lazy" : "plain";

/** A parsed text. `release` gives the tree's memory back; no node may be read after it. */
export interface Parsed {
  program: Program;
  /** What went wrong, in words; null when the whole text was read. */
  problem: string | null;
  release: () => void;
}

interface Outcome {
  program: Program;
  error: { message: string; offset: number } | null;
  release: () => void;
}

const attempts = 8;
/** Where a statement may start: at the margin. Conflict markers stand there, too. */
const marginLine = /^(?:[\p{ID_Start}$_@('"`]|[<=>]{7})/gmu;

/**
 * Parses a file. At some errors the parser gives up: then the statement that holds the error is blanked out and the rest
 * is tried again, so that one bad statement does not hide the others. Throws only when the parser itself fails.
 */
export function parse(file: string, text: string, mode: ParseMode): Parsed {
  const whole = parseOnce(file, text, mode);
  if (whole.error === null) return { ...whole, problem: null };
  const line = text.slice(0, whole.error.offset).split("\n").length;
  const problem = `syntax error at line ${line} (${whole.error.message})`;
  let outcome = whole;
  let readable = text;
  for (let attempt = 0; attempt < attempts && outcome.error !== null; attempt += 1) {
    outcome.release();
    [readable, outcome] = parseWithout(file, readable, outcome.error.offset, mode);
  }
  const lost = outcome.error === null ? "the code around it was left out" : "nothing in the file could be read";
  return { ...outcome, problem: `${problem}: ${lost}` };
}

/** An open bracket shows only in the statement after it, so the one before the error is tried first, then its own. */
function parseWithout(file: string, text: string, offset: number, mode: ParseMode): [string, Outcome] {
  const starts = Array.from(text.matchAll(marginLine), ({ index }) => index);
  const own = starts.findLastIndex((start) => start <= offset);
  const [before = 0, from = 0, until = text.length] = [starts[own - 1], starts[own], starts[own + 1]];
  const withoutPrevious = blank(text, before, from);
  const previous = parseOnce(file, withoutPrevious, mode);
  if (previous.error === null) return [withoutPrevious, previous];
  previous.release();
  const withoutOwn = blank(text, from, until);
  return [withoutOwn, parseOnce(file, withoutOwn, mode)];
}

type Language = "ts" | "tsx" | "jsx" | "dts";

function parseOnce(file: string, text: string, mode: ParseMode): Outcome {
  const lang = languageOf(file);
  const outcome = parseAs(file, lang, text, mode);
  if (outcome.error === null || lang !== "jsx") return outcome;
  // Type annotations in JavaScript (Flow) read as TypeScript more often than not.
  const typed = parseAs(file, "tsx", text, mode);
  const [better, worse] = typed.error === null ? [typed, outcome] : [outcome, typed];
  worse.release();
  return better;
}

function parseAs(file: string, lang: Language, text: string, mode: ParseMode): Outcome {
  const options = { lang, sourceType: sourceTypeOf(file), preserveParens: false, experimentalLazy: mode === "lazy" };
  const result = parseSync(file, text, options);
  // The declared types are the plain tree's; `tree.ts` describes the shape that both modes have here.
  const program = result.program as unknown as Program;
  const [first] = result.errors;
  const gaveUp = first !== undefined && program.body.length === 0;
  if (mode === "plain") reshape(result.program as never);
  return {
    program,
    error: gaveUp ? { message: first.message, offset: first.labels[0]?.start ?? text.length } : null,
    release: "dispose" in result && typeof result.dispose === "function" ? result.dispose.bind(result) : () => {},
  };
}

function languageOf(file: string): Language {
  if (/\.d\.[mc]?ts$/.test(file)) return "dts";
  if (file.endsWith(".tsx")) return "tsx";
  return /\.[mc]?ts$/.test(file) || isComponent(file) ? "ts" : "jsx";
}

/** JavaScript files are read as what they turn out to be; everything else says what it is. */
function sourceTypeOf(file: string): "module" | "commonjs" | "unambiguous" {
  if (/\.c[jt]s$/.test(file)) return "commonjs";
  return /\.jsx?$/.test(file) || !/\.\w+$/.test(file) ? "unambiguous" : "module";
}

/** Blanks out a stretch of text; offsets and lines stay the same. */
function blank(text: string, from: number, until: number): string {
  return text.slice(0, from) + text.slice(from, until).replace(/[^\n\r]/g, " ") + text.slice(until);
}
