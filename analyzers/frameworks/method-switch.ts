/** The methods that one handler tells apart itself: `if (req.method === "POST")`, `switch (req.method)`. */
import type { Handler } from "../model.ts";
import type { LinkedApp } from "./framework.ts";

/** A stretch of the handler that runs for these methods only; offsets in its text. */
export interface Branch {
  methods: string[];
  start: number;
  end: number;
}

export interface MethodSwitch {
  /** Empty where the handler takes every method. */
  methods: string[];
  branches: Branch[];
}

const VERB = /GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS/;
const SUBJECT = String.raw`(?:\b\w+\s*\??\.\s*(?:method|httpMethod)|(?<![\w.])(?:method|httpMethod))(?:\s*\??\.\s*to(?:Upper|Lower)Case\(\))?`;
const NAMED = String.raw`["'\x60](${VERB.source})["'\x60]`;
const EQUAL = new RegExp(`${SUBJECT}\\s*===?\\s*${NAMED}|${NAMED}\\s*===?\\s*${SUBJECT}`, "gi");
const UNEQUAL = new RegExp(`${SUBJECT}\\s*!==?\\s*${NAMED}|${NAMED}\\s*!==?\\s*${SUBJECT}`, "gi");
const AMONG = new RegExp(`\\[([^\\][]*)\\]\\s*\\.includes\\(\\s*${SUBJECT}`, "gi");
const SWITCH = new RegExp(`\\bswitch\\s*\\(\\s*${SUBJECT}[^)]*\\)\\s*\\{`, "gi");
const CASES = new RegExp(`(?:\\bcase\\s+${NAMED}\\s*:\\s*)+`, "gi");
/** What a handler says to methods that it does not take. */
const REFUSAL = /\b(405|404|400|501)\b|not[\s_-]?(allowed|supported|implemented|found)|METHOD_NOT/i;

/** The work per method, `ALL` where it takes every one; each leaves out what only other methods run. */
export function byMethod({ sites, repo }: LinkedApp, work: Handler): { method: string; work: Handler }[] {
  const span = work.fn === null ? undefined : sites.fnNode(work.fn)?.fact.span;
  const text = span === undefined ? "" : (repo.read(work.place.file)?.slice(span.start, span.end) ?? "");
  const { methods, branches } = methodSwitch(text);
  if (span === undefined || methods.length === 0) return [{ method: "ALL", work }];
  return methods.map((method) => {
    const except = branches
      .filter((branch) => !branch.methods.includes(method))
      .map(({ start, end }) => ({ start: span.start + start, end: span.start + end }));
    return { method, work: except.length === 0 ? work : { ...work, except } };
  });
}

/** `text` is the handler's source. */
export function methodSwitch(text: string): MethodSwitch {
  const code = blanked(text, /\/\*[^]*?\*\/|(?<![:"'`])\/\/[^\n]*/g);
  const bones = blanked(code, /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g);
  const branches = [...ifBranches(code, bones), ...switchBranches(code, bones)];
  const refused = verbsIn(code, UNEQUAL);
  const listed = [...code.matchAll(AMONG)].flatMap(([, list = ""]) => verbsIn(list, new RegExp(NAMED, "gi")));
  const named = [...branches.flatMap(({ methods }) => methods), ...refused, ...listed];
  const methods = [...new Set(named)].filter((method) => method !== "OPTIONS" && method !== "HEAD");
  const isOpen = refused.length === 0 && listed.length === 0 && takesOthers(code, branches);
  return isOpen ? { methods: [], branches: [] } : { methods, branches };
}

/** Whether something other than a refusal happens for methods that no branch names. */
function takesOthers(code: string, branches: readonly Branch[]): boolean {
  const last = Math.max(0, ...branches.map(({ end }) => end));
  const rest = code.slice(last);
  return branches.length > 0 && !REFUSAL.test(rest) && /\bres(ponse)?\b\s*\.|\breturn\s+\w|\bawait\b/.test(rest);
}

function ifBranches(code: string, bones: string): Branch[] {
  return [...bones.matchAll(/\bif\s*\(/g)].flatMap(({ index, 0: head }) => {
    const open = index + head.length - 1;
    const close = closing(bones, open);
    const condition = code.slice(open, close);
    const methods = verbsIn(condition, EQUAL);
    if (methods.length === 0 || verbsIn(condition, UNEQUAL).length > 0) return [];
    const start = close + (/^\s*/.exec(bones.slice(close))?.[0].length ?? 0);
    const end = bones.charAt(start) === "{" ? closing(bones, start) : statementEnd(bones, start);
    return [{ methods, start, end }];
  });
}

function switchBranches(code: string, bones: string): Branch[] {
  return [...code.matchAll(SWITCH)].flatMap(({ index, 0: head }) => {
    const open = index + head.length - 1;
    const close = closing(bones, open);
    const block = code.slice(open, close);
    const labels = [...block.matchAll(CASES)];
    return labels.map(({ index: at, 0: label }) => {
      const start = at + label.length;
      const next = /\bcase\s|\bdefault\s*:/.exec(block.slice(start))?.index ?? block.length - start;
      return { methods: verbsIn(label, new RegExp(NAMED, "gi")), start: open + start, end: open + start + next };
    });
  });
}

function verbsIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, first, second]) => (first ?? second ?? "").toUpperCase());
}

/** The place behind the bracket that closes the one at `open`. */
function closing(bones: string, open: number): number {
  let depth = 0;
  for (let at = open; at < bones.length; at += 1) {
    const char = bones.charAt(at);
    if (char === "(" || char === "{" || char === "[") depth += 1;
    else if ((char === ")" || char === "}" || char === "]") && (depth -= 1) === 0) return at + 1;
  }
  return bones.length;
}

function statementEnd(bones: string, start: number): number {
  const length = /^[^;\n]*(?:\([^]*?\))?[^;\n]*/.exec(bones.slice(start))?.[0].length ?? 0;
  return start + length;
}

function blanked(text: string, what: RegExp): string {
  return text.replace(what, (found) => found.replace(/[^\n"'`]/g, " "));
}
