/** The file's text: places in it, and the few facts that the parser's lazy tree leaves out. */
import type { Span } from "../summary.ts";
import type { Parameter, Ranged } from "./tree.ts";

const comments = /\/\*[^]*?\*\/|\/\/[^\n\r]*/g;
const blankOrComment = /(?:[\s;]|\/\*[^]*?\*\/|\/\/[^\n\r]*)*/y;
const directive = /(?:"([^"\\\n\r]*)"|'([^'\\\n\r]*)')[^\S\n\r]*(?=[;\n\r}/]|$)/y;
const restElement = /^[\s,]*\.\.\.\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/u;
const onlyRestParameter = /^[^()]*\(\s*\.\.\.\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/u;
const restList = /^[\s,]*\.\.\.\s*\[/;
const onlyRestList = /^[^()]*\(\s*\.\.\.\s*\[/;
const plainName = /^\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*$/u;
const accessibility = /\b(?:public|private|protected|readonly|override)\s+$/;

/** One file's text with its line table. */
export class Source {
  readonly text: string;
  readonly #lines: number[] = [0];
  #last = 0;

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) this.#lines.push(at + 1);
  }

  span({ start, end }: Ranged): Span {
    const line = this.#lineOf(start);
    const endLine = this.#lineOf(end);
    return { start, end, line: line + 1, endLine: endLine + 1, column: start - (this.#lines[line] ?? 0) };
  }

  /** Index of the line that holds an offset. Asked for in roughly ascending order, so the last answer is tried first. */
  #lineOf(offset: number): number {
    let low = this.#last;
    const next = this.#lines[low + 1] ?? Infinity;
    if ((this.#lines[low] ?? 0) <= offset && offset < next) return low;
    let high = this.#lines.length - 1;
    if (offset < next) [low, high] = [0, low];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lines[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    this.#last = low;
    return low;
  }

  /** The directive prologue (`"use strict"`) of a body that starts at `from` and has its first statement at `until`. */
  directives(from: number, until: number): string[] {
    const found: string[] = [];
    for (let at = skipBlanks(this.text, from); at < until; at = skipBlanks(this.text, directive.lastIndex)) {
      directive.lastIndex = at;
      const match = directive.exec(this.text);
      if (match === null) break;
      found.push(match[1] ?? match[2] ?? "");
    }
    return found;
  }

  /** Name after `...` behind the last element of a pattern, which ends at `from`; null when there is none. */
  rest(from: number, until: number): string | null {
    return restAfter(this.text.slice(from, until), restElement);
  }

  /**
   * Name of the rest parameter of a function that has no other, between its head's start and its body. The tree's own
   * range of the parameter list is not to be trusted: it counts bytes.
   */
  onlyRest(from: number, until: number): string | null {
    return restAfter(this.text.slice(from, until), onlyRestParameter);
  }

  /** Names in the list of `...[a, { b }]` behind the last parameter, or as the `only` one; null for what is no plain name. */
  restItems(from: number, until: number, only: boolean): (string | null)[] {
    const text = this.text.slice(from, until);
    if (!text.includes("...")) return [];
    const code = text.replace(comments, blank);
    const head = (only ? onlyRestList : restList).exec(code)?.[0];
    return head === undefined ? [] : listed(code.slice(head.length)).map((item) => plainName.exec(item)?.[1] ?? null);
  }

  /** True for `constructor(private x)`: an access modifier stands before the parameter's name. */
  isParameterProperty(parameter: Parameter): boolean {
    const { start } = parameter.pattern;
    return start > parameter.start && accessibility.test(this.text.slice(parameter.start, start));
  }

  /** The expression after `extends` between a class's head and its body; null when the class extends nothing. */
  heritage(from: number, until: number): Ranged | null {
    const head = this.text.slice(from, until).replace(comments, blank);
    const clause = /\bextends\s+([^]*?)(?:\s+implements\s[^]*)?\s*$/.exec(head);
    if (clause?.[1] === undefined) return null;
    const start = from + clause.index + clause[0].indexOf(clause[1], "extends".length);
    return { start, end: start + clause[1].length };
  }
}

function restAfter(text: string, pattern: RegExp): string | null {
  if (!text.includes("...")) return null;
  return pattern.exec(text.replace(comments, blank))?.[1] ?? null;
}

/** The items of a list whose opening bracket was read, as text. */
function listed(text: string): string[] {
  const items = [""];
  let depth = 0;
  for (const char of text) {
    if ("[{(".includes(char)) depth += 1;
    else if ("]})".includes(char)) depth -= 1;
    if (depth < 0) break;
    if (depth === 0 && char === ",") items.push("");
    else items.push(`${items.pop() ?? ""}${char}`);
  }
  return items;
}

function blank(text: string): string {
  return " ".repeat(text.length);
}

function skipBlanks(text: string, from: number): number {
  blankOrComment.lastIndex = from;
  blankOrComment.exec(text);
  return blankOrComment.lastIndex;
}
