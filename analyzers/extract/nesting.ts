/** Guards the parser, which is native code: text nested deeper than any hand would write overflows its stack and ends the process. */

/**
 * What an open bracket, an arrow or `<`, and another link of a chain (`a = a = ...`, `if (a) if (a) ...`) count for.
 *
 * On 8 MB of stack the parser (oxc 0.158) was seen to crash from 4,000 nested functions, 8,000 open parentheses or
 * arrows, 16,000 type arguments and 32,000 of any other link. Real code stays below 60 open brackets.
 */
const bracketWeight = 40;
const arrowWeight = 4;
const bound = 16_000;
/** Shorter texts cannot hold what crashes the parser on 8 MB. */
const harmless = 8_000;

const [ordinary, opens, closes, separates, links, quotes, slash] = [0, 1, 2, 3, 4, 5, 6];
const [less, greater, closingBrace] = [60, 62, 125];
const meaning = new Uint8Array(128);
for (const [characters, means] of [
  ["([{", opens],
  [")]}", closes],
  [",;", separates],
  ["=?:*<!~+-", links],
  ["\"'", quotes],
  ["/", slash],
] as const) {
  for (const character of characters) meaning[character.charCodeAt(0)] = means;
}

const longestPrefixChain = 4_000;
const prefixes = "new|await|typeof|void|delete|yield|keyof|do|else";
const prefixChain = new RegExp(`\\b(?:${prefixes})\\s+(?=(?:${prefixes})\\b)|\\belse\\b`, "g");

/**
 * True when the text is nested too deeply to be parsed and walked. An estimate without a grammar: quoted text and
 * comments are left out, a chain ends at a comma, a semicolon or a closing brace of its own
 * bracket level.
 */
export function isTooDeep(text: string): boolean {
  if (text.length < harmless) return false;
  const chains: number[] = [];
  let chain = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const means = code < 128 ? meaning[code] : ordinary;
    if (means === ordinary) continue;
    if (means === links) {
      const weight = code === less || text.charCodeAt(at + 1) === greater ? arrowWeight : 1;
      chain += weight;
      depth += weight;
    } else if (means === separates) {
      depth -= chain;
      chain = 0;
    } else if (means === opens) {
      chains.push(chain + 1);
      chain = 0;
      depth += bracketWeight + 1;
    } else if (means === closes) {
      if (chains.length === 0) continue;
      depth -= chain + bracketWeight;
      chain = chains.pop() ?? 0;
      // A block ends what led to it; without this, code without semicolons would look like one chain.
      if (code !== closingBrace) continue;
      depth -= chain;
      chain = 0;
    } else at = means === quotes ? afterString(text, at) : afterComment(text, at);
    if (depth > bound) return true;
  }
  return hasPrefixChain(text);
}

/** Offset of the closing quote on the same line; the opening one's where there is none, as in prose. */
function afterString(text: string, from: number): number {
  const quote = text.charCodeAt(from);
  for (let at = from + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === quote) return at;
    if (code === 10) return from;
    if (code === 92) at += 1;
  }
  return from;
}

function afterComment(text: string, from: number): number {
  const next = text.charCodeAt(from + 1);
  const end = next === 47 ? text.indexOf("\n", from) : next === 42 ? text.indexOf("*/", from + 2) : from;
  return end === -1 ? text.length : end;
}

function hasPrefixChain(text: string): boolean {
  if (text.length < 3 * longestPrefixChain) return false;
  let found = 0;
  prefixChain.lastIndex = 0;
  while (prefixChain.test(text)) {
    found += 1;
    if (found > longestPrefixChain) {
      prefixChain.lastIndex = 0;
      return true;
    }
  }
  return false;
}
