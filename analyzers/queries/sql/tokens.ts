/** SQL text as tokens, with the expressions that code puts between its parts. */
import type { Expr } from "../../flow/expression.ts";

export type Part = string | Expr;

export type Token =
  /** A key word or a name; `text` is lower case unless quoted, `quoted` names are never key words. */
  | { kind: "word"; text: string; quoted: boolean; at: number }
  | { kind: "text"; value: string; holes: Expr[]; at: number }
  | { kind: "number"; value: number; at: number }
  /** `$1` (its number), `?` (null), `:name`. */
  | { kind: "placeholder"; name: string | null; at: number }
  | { kind: "hole"; expr: Expr; at: number }
  | { kind: "sign"; text: string; at: number };

/** Stands for an expression in the joined text; a private-use character that no SQL holds. */
const HOLE = "\uE000";

const blank = /(?:\s+|--[^\n]*|\/\*[^]*?\*\/)+/y;
const string = /[eEnN]?'(?:[^'\\]|''|\\[^])*'|\$(\w*)\$[^]*?\$\1\$/y;
const quoted = /"((?:[^"]|"")*)"|`([^`]*)`|\[([A-Za-z_]\w*)\]/y;
const number = /\d+(?:\.\d+)?/y;
const placeholder = /\$(\d+)|\?|(?<!:):([A-Za-z_]\w*)|@([A-Za-z_]\w*)/y;
const word = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const sign = /->>|->|::|<=|>=|<>|!=|\|\||~\*|[^]/y;

/** Never throws: what is no SQL becomes signs. */
export function tokensOf(parts: readonly Part[]): Token[] {
  const holes = parts.filter((part) => typeof part !== "string");
  const text = parts.map((part) => (typeof part === "string" ? part : HOLE)).join("");
  const tokens: Token[] = [];
  let used = 0;
  const take = (count: number): Expr[] => holes.slice(used, (used += count));
  const at = (pattern: RegExp, position: number): RegExpExecArray | null => {
    pattern.lastIndex = position;
    return pattern.exec(text);
  };
  for (let position = 0; position < text.length;) {
    const skipped = at(blank, position);
    if (skipped !== null) {
      used += countHoles(skipped[0]);
      position += skipped[0].length;
      continue;
    }
    const found = at(string, position) ?? at(quoted, position) ?? at(number, position) ?? at(placeholder, position);
    const whole = found ?? at(word, position) ?? at(sign, position);
    if (whole === null) break;
    tokens.push(tokenOf(whole[0], position, take(countHoles(whole[0]))));
    position += whole[0].length;
  }
  return tokens;
}

function countHoles(text: string): number {
  return text.split(HOLE).length - 1;
}

function tokenOf(text: string, at: number, holes: Expr[]): Token {
  const [hole] = holes;
  if (text === HOLE && hole !== undefined) return { kind: "hole", expr: hole, at };
  if (/^([eEnN]?'|\$\w*\$)/.test(text)) return { kind: "text", value: text.replace(/^[eEnN]?'|'$/g, ""), holes, at };
  if (/^["`[]/.test(text) && text.length > 2) return { kind: "word", text: text.slice(1, -1), quoted: true, at };
  if (/^\d/.test(text)) return { kind: "number", value: Number(text), at };
  if (/^(\$\d|\?$|:\w|@\w)/.test(text)) {
    const name = text.slice(1);
    return { kind: "placeholder", name: name === "" ? null : name, at };
  }
  if (/^[\p{L}_]/u.test(text)) return { kind: "word", text: text.toLowerCase(), quoted: false, at };
  return { kind: "sign", text, at };
}

export function isWord(token: Token | undefined, ...words: string[]): boolean {
  return token?.kind === "word" && !token.quoted && words.includes(token.text);
}

export function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === "sign" && token.text === text;
}

/** Pieces between separators that stand outside of brackets. */
export function splitBy(tokens: readonly Token[], isSeparator: (token: Token, index: number) => boolean): Token[][] {
  const pieces: Token[][] = [[]];
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (isSign(token, "(")) depth += 1;
    if (isSign(token, ")")) depth -= 1;
    if (depth === 0 && isSeparator(token, index)) pieces.push([]);
    else pieces.at(-1)?.push(token);
  }
  return pieces;
}

/** The tokens within the brackets that begin at `from`; null when there are none. */
export function bracketed(tokens: readonly Token[], from: number): Token[] | null {
  if (!isSign(tokens[from], "(")) return null;
  let depth = 0;
  for (let index = from; index < tokens.length; index += 1) {
    if (isSign(tokens[index], "(")) depth += 1;
    if (isSign(tokens[index], ")")) depth -= 1;
    if (depth === 0) return tokens.slice(from + 1, index);
  }
  return tokens.slice(from + 1);
}
