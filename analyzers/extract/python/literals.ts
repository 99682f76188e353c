/** Texts and numbers as they are written. */

const prefixed = /^([a-z]{0,2})("""|'''|"|')/i;
const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\n": "" };

/** What a string literal says; bytes count as text. Escapes of characters by number are left as they are written. */
export function stringValue(written: string): string {
  const [start, prefix = "", quote = ""] = prefixed.exec(written) ?? [""];
  const end = written.endsWith(quote) && written.length >= start.length + quote.length ? quote.length : 0;
  const inner = written.slice(start.length, written.length - end);
  return /r/i.test(prefix) ? inner : unescaped(inner);
}

/** The opening of a string literal: prefix and quotes. */
export function opening(written: string): { length: number; quote: number; isRaw: boolean } {
  const [start, prefix = "", quote = ""] = prefixed.exec(written) ?? [""];
  return { length: start.length, quote: quote.length, isRaw: /r/i.test(prefix) };
}

export function unescaped(text: string): string {
  return text.includes("\\") ? text.replace(/\\([ntr\n\\'"])/g, (_, one: string) => escapes[one] ?? one) : text;
}

/** The number, null for one that is not plain (complex, or too large to be one). */
export function numberValue(written: string): number | null {
  const value = Number(written.replaceAll("_", ""));
  return Number.isFinite(value) ? value : null;
}
