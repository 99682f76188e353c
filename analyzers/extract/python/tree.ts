/** The one place that knows the Python parser: its tree as plain nodes, with what went wrong in words. */
import { parser } from "@lezer/python";

/** A node of the syntax tree. Punctuation and keywords are nodes, too, named as they are written. */
export interface Node {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly children: readonly Node[];
}

export interface Parsed {
  root: Node;
  /** What went wrong, in words; null when the whole text was read. */
  problem: string | null;
}

/** Deeper than any hand nests; the walk takes a few frames of the stack per level, and Node's default holds about 10,000. */
const deepest = 600;
/** More brackets than this, open at once, need not be parsed to be known as too deep. */
const mostOpen = 500;

interface Building extends Node {
  readonly children: Node[];
}

/** An estimate without a grammar: brackets in texts and comments count, and those left open there stay so. */
export function isTooDeep(text: string): boolean {
  let open = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 40 || code === 91 || code === 123) open += 1;
    else if (open > 0 && (code === 41 || code === 93 || code === 125)) open -= 1;
    if (open > mostOpen) return true;
  }
  return false;
}

/** Parses a text; what is damaged is left out of the tree. Throws a RangeError when it is nested too deeply. */
export function parse(text: string): Parsed {
  const root: Building = { name: "Script", from: 0, to: text.length, children: [] };
  const above: Building[] = [];
  let damaged: number | null = null;
  parser.parse(text).iterate({
    enter: ({ name, from, to, type }) => {
      if (type.isError) {
        if (!isBareYield(above.at(-1), from, to)) damaged ??= from;
        return false;
      }
      if (above.length > deepest) throw new RangeError("nested too deeply");
      const node: Building = above.length === 0 ? root : { name, from, to, children: [] };
      above.at(-1)?.children.push(node);
      above.push(node);
      return true;
    },
    leave: () => {
      above.pop();
    },
  });
  return { root, problem: damaged === null ? null : problemAt(text, damaged) };
}

/** The grammar wants a value behind `yield`, and the language does not. */
function isBareYield(holder: Node | undefined, from: number, to: number): boolean {
  return from === to && holder?.name.startsWith("Yield") === true && holder.children.length === 1;
}

function problemAt(text: string, offset: number): string {
  const line = text.slice(0, offset).split("\n").length;
  return `syntax error at line ${line}: the code around it was left out`;
}

/** The first child of this name; null when there is none. */
export function child({ children }: Node, name: string): Node | null {
  return children.find((each) => each.name === name) ?? null;
}

/** True for a token of the grammar's own: punctuation, keywords, comments. */
export function isToken({ name }: Node): boolean {
  return !/^[A-Z]/.test(name) || tokens.has(name);
}

const tokens = new Set(["Comment", "AssignOp", "UpdateOp", "CompareOp", "ArithOp", "At", "FormatConversion"]);

/** The children between separators: `a, b = c` split at `,`. Tokens other than the separator are left out. */
export function parts(children: readonly Node[], separator: string): Node[][] {
  const found: Node[][] = [[]];
  for (const node of children) {
    if (node.name === separator) found.push([]);
    else if (!isToken(node)) found.at(-1)?.push(node);
  }
  return found;
}
