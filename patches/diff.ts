/** Unified diffs as git writes and applies them. */
import { structuredPatch } from "diff";

/** One file's two sides; null where it does not exist. */
export interface Sides {
  path: string;
  before: string | null;
  after: string | null;
}

export interface FileDiff {
  text: string;
  added: number;
  removed: number;
}

/** The diff of one file with three lines of context; empty when both sides are the same. */
export function fileDiff({ path, before, after }: Sides): FileDiff {
  if (before === after) return { text: "", added: 0, removed: 0 };
  const hunks = structuredPatch("", "", before ?? "", after ?? "", "", "", { context: 3 }).hunks;
  const lines = hunks.flatMap((hunk) => [header(hunk), ...hunk.lines]);
  const count = (sign: string): number =>
    hunks.flatMap((hunk) => hunk.lines).filter((line) => line.startsWith(sign)).length;
  const names = hunks.length === 0 ? [] : [`--- ${side("a", path, before)}`, `+++ ${side("b", path, after)}`];
  const head = [`diff --git ${quoted(`a/${path}`)} ${quoted(`b/${path}`)}`, ...mode(before, after), ...names];
  return { text: `${[...head, ...lines].join("\n")}\n`, added: count("+"), removed: count("-") };
}

/** The diff of many files, in order of their paths. */
export function unifiedDiff(files: readonly Sides[]): string {
  return [...files]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((file) => fileDiff(file).text)
    .join("");
}

interface Hunk {
  oldStart: number;
  oldLines: number;
  newStart: number;
  newLines: number;
}

/** A side without lines starts at line 0, as in git. */
function header({ oldStart, oldLines, newStart, newLines }: Hunk): string {
  return `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`;
}

function range(start: number, lines: number): string {
  if (lines === 0) return `${start - 1},0`;
  return lines === 1 ? `${start}` : `${start},${lines}`;
}

/** git wants the index line, too, to create or remove an empty file. */
function mode(before: string | null, after: string | null): string[] {
  const empty = "index 0000000..e69de29";
  if (before === null) return ["new file mode 100644", ...(after === "" ? [empty] : [])];
  if (after === null) return ["deleted file mode 100644", ...(before === "" ? ["index e69de29..0000000"] : [])];
  return [];
}

/** A name with spaces ends in a tab, so that readers know where it ends. */
function side(prefix: string, path: string, text: string | null): string {
  if (text === null) return "/dev/null";
  const name = quoted(`${prefix}/${path}`);
  return name.includes(" ") && !name.startsWith('"') ? `${name}\t` : name;
}

const escapes: Readonly<Record<string, string>> = {
  "\u0007": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

/** git's C-style quoting of names with control characters, quotes, backslashes or anything beyond ASCII. */
function quoted(name: string): string {
  // oxlint-disable-next-line eslint/no-control-regex -- control characters are what is looked for
  if (!/[\u0000-\u001f"\\\u007f-\uffff]/.test(name)) return name;
  const bytes = [...Buffer.from(name, "utf8")];
  const written = bytes.map((byte) => {
    const character = String.fromCharCode(byte);
    if (byte >= 0x20 && byte < 0x7f && escapes[character] === undefined) return character;
    return escapes[character] ?? `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${written.join("")}"`;
}
