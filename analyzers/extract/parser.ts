/**
 * The one place that knows the parser: oxc in its experimental lazy mode, its plain mode where that does not run.
 *
 * The lazy tree brings over only the nodes that are looked at; `bench/README.md` has the figures.
 */
import { parseSync, rawTransferSupported } from "oxc-parser";
import { reshape } from "./estree.ts";
import type { Program } from "./tree.ts";

export type ParseMode = "lazy" | "plain";

/** The mode that this machine supports: lazy needs Node 22 or later and 64 bits. */
export const parseMode: ParseMode = rawTransferSupported() ? "lazy" : "plain";

/** A parsed text. `release` gives the tree's memory back; no node may be read after it. */
export interface Parsed {
  program: Program;
  /** What went wrong, in words; null when the whole text was read. */
  problem: string | null;
  release(): void;
}

interface Outcome {
  program: Program;
  error: { message: string; offset: number } | null;
  release(): void;
}

const attempts = 8;
const topLevelLine = /^[\p{ID_Start}$_@('"`]/gmu;

/**
 * Parses a file. At some errors the parser gives up: then the statement that holds the error is blanked out and the rest
 * is tried again, so that one bad statement does not hide the others. Throws only when the parser itself fails.
 */
export function parse(file: string, text: string, mode: ParseMode): Parsed {
  let outcome = parseOnce(file, text, mode);
  if (outcome.error === null) return { ...outcome, problem: null };
  const { message, offset } = outcome.error;
  let readable = text;
  for (let attempt = 0; attempt < attempts && outcome.error !== null; attempt += 1) {
    readable = withoutStatementAt(readable, outcome.error.offset);
    outcome.release();
    outcome = parseOnce(file, readable, mode);
  }
  const line = text.slice(0, offset).split("\n").length;
  const lost = outcome.error === null ? "the code around it was left out" : "nothing in the file could be read";
  return { ...outcome, problem: `syntax error at line ${line} (${message}): ${lost}` };
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
  return /\.[mc]?ts$/.test(file) ? "ts" : "jsx";
}

/** JavaScript files are read as what they turn out to be; everything else says what it is. */
function sourceTypeOf(file: string): "module" | "commonjs" | "unambiguous" {
  if (/\.c[jt]s$/.test(file)) return "commonjs";
  return /\.jsx?$/.test(file) ? "unambiguous" : "module";
}

/** Blanks out the lines from the top-level line before an error to the next one after it. Offsets stay the same. */
function withoutStatementAt(text: string, offset: number): string {
  let start = 0;
  let end = text.length;
  topLevelLine.lastIndex = 0;
  for (let match = topLevelLine.exec(text); match !== null; match = topLevelLine.exec(text)) {
    if (match.index <= offset) start = match.index;
    else {
      end = match.index;
      break;
    }
  }
  return text.slice(0, start) + text.slice(start, end).replace(/[^\n\r]/g, " ") + text.slice(end);
}
