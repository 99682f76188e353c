/** The file's text: places in it, and the few facts that the parser's lazy tree leaves out. */
import type { Span } from "../summary.ts";
import type { Parameter, Ranged } from "./tree.ts";

const comments = /\/\*[^]*?\*\/|\/\/[^\n\r]*/g;
const blankOrComment = /(?:[\s;]|\/\*[^]*?\*\/|\/\/[^\n\r]*)*/y;
const directive = /(?:"([^"\\\n\r]*)"|'([^'\\\n\r]*)')[^\S\n\r]*(?=[;\n\r}/]|$)/y;
const rest = /^[\s,]*\.\.\.\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/u;
const accessibility = /\b(?:public|private|protected|readonly|override)\s+$/;

/** One file's text with its line table. */
export class Source {
  readonly text: string;
  readonly #lines: number[] = [0];

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) this.#lines.push(at + 1);
  }

  span({ start, end }: Ranged): Span {
    const line = this.#lineOf(start);
    const endLine = this.#lineOf(end);
    return { start, end, line: line + 1, endLine: endLine + 1, column: start - (this.#lines[line] ?? 0) };
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lines[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
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

  /** Name after `...` between the last element of a pattern or parameter list and its end; null when there is none. */
  rest(from: number, until: number): string | null {
    if (until - from < 4 || !this.text.startsWith("...", this.text.indexOf(".", from))) return null;
    return rest.exec(this.text.slice(from, until).replace(comments, blank))?.[1] ?? null;
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

function blank(text: string): string {
  return " ".repeat(text.length);
}

function skipBlanks(text: string, from: number): number {
  blankOrComment.lastIndex = from;
  blankOrComment.exec(text);
  return blankOrComment.lastIndex;
}
