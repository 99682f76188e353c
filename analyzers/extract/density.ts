/** Guards the parser against very long lines: for each error it quotes the whole line, so many errors in one line end the process. */

/** Every mark of punctuation can be an error. Marks times characters of a line: 400 MB of quotes were seen to be borne (oxc 0.158). */
const bound = 4e8;
/** Shorter lines cannot come to the bound. */
const harmless = 20_000;
const marks = new Set("(){}[],;:=<>?".split("").map((mark) => mark.charCodeAt(0)));

/** Length of the first line that is too long and too dense to be parsed, as minified and generated code is; null when there is none. */
export function denseLine(text: string): number | null {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf("\n", from);
    const until = end === -1 ? text.length : end;
    if (until - from > harmless && marksIn(text, from, until) * (until - from) > bound) return until - from;
    from = until + 1;
  }
  return null;
}

function marksIn(text: string, from: number, until: number): number {
  let count = 0;
  for (let at = from; at < until; at += 1) if (marks.has(text.charCodeAt(at))) count += 1;
  return count;
}
