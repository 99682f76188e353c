/** Texts that make one number, or a few rows, of all rows: sums, counts, the best of a sorted list. */

/** What the app computes by a function of its own no database can: all but conversions, and what is no call at all. */
const OWN_CALL = /(?<![.\w$])(?!(?:if|for|while|switch|Number|parseInt|parseFloat|String|Date|BigInt)\b)[\w$]+\(/;

/** `sort(byScore).slice(0, 10)` */
export function isCut(after: string): boolean {
  const end = closing(after, after.indexOf("("));
  return end !== null && /^\s*\.slice\(\s*0\s*,\s*\d+\s*\)/.test(after.slice(end + 1));
}

/** `reduce((sum, order) => sum + order.total, 0)` */
export function isSum(after: string): boolean {
  const end = closing(after, after.indexOf("("));
  return (
    end !== null &&
    /,\s*(0|0\.0|0n)\s*,?\s*\)$/.test(after.slice(0, end + 1)) &&
    /\+|Math\.(max|min)/.test(after.slice(0, end))
  );
}

/**
 * `.forEach((order) => { total += order.cents; })`, `of orders) total += order.cents;`: every line of the body adds to a
 * number, or asks whether to.
 */
export function isLoopSum(after: string): boolean {
  const body = bodyOf(after) ?? "";
  const lines = body.split(/[\n;]/).map((line) => line.trim());
  // Work per row, and texts that are put together, are more than a number.
  if (/\bawait\b|\+=[^\n;]*["'`]/.test(body) || OWN_CALL.test(body)) return false;
  const steps = lines.filter((line) => !/^[{}()\s]*$|^(\}?\s*else\b|if\b)[^+]*$|^(const|let)\b/.test(line));
  return (
    steps.length > 0 && steps.every((line) => /^\(?[^(]*(\+=|\+\+|=\s*\(.*\|\|\s*0\)\s*\+)/.test(withoutTest(line)))
  );
}

/** `if (order.paid) total += 1` */
function withoutTest(line: string): string {
  const test = /^(\}?\s*else\s+)?if\s*\(/.exec(line);
  const end = test === null ? null : closing(line, test[0].length - 1);
  return end === null ? line : line.slice(end + 1);
}

/** What is done per row: of a callback, of a loop with braces, or of one with a single statement. */
function bodyOf(after: string): string | null {
  if (/^\??\.forEach\(/.test(after)) {
    const end = closing(after, after.indexOf("("));
    const arrow = after.indexOf("=>");
    return end === null || arrow < 0 || arrow > end ? null : after.slice(arrow + 2, end);
  }
  const head = /^\s*\)\s*/.exec(after);
  if (head === null) return null;
  if (after[head[0].length] !== "{") return after.slice(head[0].length).split(/[;\n]/)[0] ?? null;
  const end = closing(after, head[0].length, "{}");
  return end === null ? null : after.slice(head[0].length + 1, end);
}

/** Index of the bracket that closes the one at `open`; brackets in texts are rare enough here. */
export function closing(text: string, open: number, [left, right] = "()"): number | null {
  let depth = 0;
  for (let at = open; at < text.length && at < open + 2_000; at += 1) {
    if (text[at] === left) depth += 1;
    if (text[at] === right) depth -= 1;
    if (depth === 0) return at;
  }
  return null;
}
