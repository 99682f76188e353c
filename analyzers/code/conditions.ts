/** What decides whether a piece of code runs: the tests around it and those before it that leave early, as source text. */
import type { Span } from "../summary.ts";

/** Comments and the insides of texts, which must not be taken for code. */
const comment = /^\/[/*]/;
const inert = /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
const leaving = /\b(return|throw|continue|process\.exit)\b[^;{}]*;?\s*$/;
const leavingAtOnce = /\bif\s*\([^]*\)\s*(return|throw|continue|process\.exit)\b/;

/** A block that is still open where the code stands. */
interface Block {
  /** What stands before its brace. */
  header: string;
  from: number;
  /** Tests before the code, in this block, that leave it. */
  left: string[];
}

/**
 * The tests in front of the span, the outermost first, functions around it included: `if (x) {`, `x && f()`. Those that leave
 * (`if (x) return;`) are given as `unless (x) return`.
 * Read from the text without a grammar: what looks odd is left out.
 */
export function conditionsOf(text: string, { start }: Pick<Span, "start">): string[] {
  const shown = blanked(text.slice(0, start), (part) => comment.test(part));
  const code = blanked(text.slice(0, start), () => true);
  const open: Block[] = [{ header: "", from: 0, left: [] }];
  let boundary = 0;
  const since = (end: number): string => shown.slice(boundary, end).trim();
  for (let at = 0; at < code.length; at += 1) {
    const sign = code[at];
    if (sign === "{") {
      open.push({ header: since(at), from: at + 1, left: [] });
    } else if (sign === "}" && open.length > 1) {
      const closed = open.pop();
      const isTest = closed !== undefined && /\bif\s*\(/.test(closed.header);
      if (isTest) open.at(-1)?.left.push(...closed.left);
      if (isTest && leaving.test(code.slice(closed.from, at))) open.at(-1)?.left.push(asExit(closed.header));
    } else if (sign === ";") {
      if (leavingAtOnce.test(code.slice(boundary, at))) open.at(-1)?.left.push(asExit(since(at)));
    } else continue;
    boundary = at + 1;
  }
  return [...open.flatMap(({ header, left }) => [header, ...left]), since(code.length)].filter((each) =>
    /\b(if|unless)\s*\(|&&\s*\(?$|\?\s*$|\bcase\b/.test(each),
  );
}

function asExit(test: string): string {
  return test.replace(/^[^]*?\bif\b/, "unless");
}

function blanked(text: string, isToGo: (part: string) => boolean): string {
  return text.replace(inert, (part) => (isToGo(part) ? (comment.test(part) ? " " : "_").repeat(part.length) : part));
}

/** True for a test, as {@link conditionsOf} gives it, that lets code run only where developers work. */
export function isForDevelopment(test: string): boolean {
  if (test.startsWith("unless")) return /NODE_ENV\W*===?\W*prod/.test(test);
  return /NODE_ENV\W*(===?\W*(dev|test|local)|!==?\W*prod)/.test(test);
}

/** True when the result is kept and the work is not done again: `if (!x) x = work()`, `if (x) return x;` before it. */
export function isDoneOnce(text: string, call: { span: Pick<Span, "start">; statement: Pick<Span, "start"> }): boolean {
  const tests = conditionsOf(text, call.span);
  const lead = text.slice(call.statement.start, call.span.start);
  return tests.some((test) => {
    const kept = /^unless\s*\(\s*([\w.$]+)\s*\)\s*\{?\s*return\s+([\w.$]+)/.exec(test);
    if (kept !== null && kept[1] === kept[2]) return true;
    const missing = /\(\s*!\s*([\w.$]+)\s*\)/.exec(test)?.[1];
    return missing !== undefined && lead.trimStart().startsWith(`${missing} =`);
  });
}
