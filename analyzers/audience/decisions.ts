/** The `if`s of a function that stands before every route: which requests they send away or let through, by path. */
import { forStaff, identity, namesOfIdentity, refuses } from "./own-checks.ts";

/** One `if`: the paths it asks about, and what becomes of a request that meets it. */
export interface Decision {
  outcome: "refuses" | "lets through";
  /** Beginnings of paths, one of which must be met; empty for all paths. */
  at: readonly string[];
  notAt: readonly string[];
  /** True when the path is asked about, but in a way that is not understood. */
  isVague: boolean;
  isForStaff: boolean;
}

const PATH = String.raw`(?:[\w.?]*\b(?:pathname|path|route\??\.id|routeId|slug)\b\??)`;
const TEXT = "[\"'`](?:\\$\\{base\\})?([^\"'`$]+)[\"'`]";
const test = new RegExp(String.raw`(!?)\s*${PATH}\.startsWith\(\s*${TEXT}\s*\)|${PATH}\s*(!==?|===?)\s*${TEXT}`, "g");
export const asksPath = /\b(pathname|routeId|route\??\.id|event\.path|url\.path)\b/;
const passing = /^\{?\s*return\b(?!\s*(new Response|json|error|redirect|fail|sendRedirect|\{))/;

/** In the order in which they are made; what is left of the text and refuses is the last, for whoever got so far. */
export function decisionsIn(text: string): Decision[] {
  const { decisions, rest } = ifsIn(text, namesOfIdentity(text));
  const last: Decision = { outcome: "refuses", at: [], notAt: [], isVague: false, isForStaff: false };
  return isRefusal("", rest) ? [...decisions, last] : decisions;
}

/** The decisions, and what stands outside of all `if`s. */
function ifsIn(text: string, visitor: readonly string[]): { decisions: Decision[]; rest: string } {
  const decisions: Decision[] = [];
  let rest = "";
  let at = 0;
  for (const { index, 0: head } of text.matchAll(/\bif\s*\(/g)) {
    if (index < at) continue;
    const { condition, body, end } = statementAt(text, index + head.length - 1);
    const found = decisionOf(condition, body, visitor);
    // A condition that says nothing of the path holds what matters within it.
    if (found === null) decisions.push(...ifsIn(body, visitor).decisions);
    else decisions.push(found);
    rest += text.slice(at, index);
    at = end;
  }
  return { decisions, rest: rest + text.slice(at) };
}

function statementAt(text: string, open: number): { condition: string; body: string; end: number } {
  const condition = enclosed(text, open, "(", ")");
  const from = open + condition.length;
  const start = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
  const body = text[start] === "{" ? enclosed(text, start, "{", "}") : (/^[^;\n]*/.exec(text.slice(start))?.[0] ?? "");
  return { condition, body, end: start + body.length };
}

/** Null for a condition that decides nothing about a request. */
function decisionOf(condition: string, body: string, visitor: readonly string[]): Decision | null {
  const tests = [...condition.matchAll(test)].map(({ 1: not, 2: begins, 3: comparison, 4: equals }) => ({
    isNegated: not === "!" || comparison?.startsWith("!") === true,
    place: begins ?? equals ?? "",
  }));
  const isVague = tests.length === 0 && asksPath.test(condition);
  const isRefusing = isRefusal(condition, body);
  if (!isRefusing && !passing.test(body)) return null;
  const asksWho = identity.test(condition) || visitor.some((name) => new RegExp(`\\b${name}\\b`).test(condition));
  if (tests.length === 0 && !isVague && !(isRefusing && asksWho)) return null;
  return {
    outcome: isRefusing ? "refuses" : "lets through",
    at: tests.flatMap(({ isNegated, place }) => (isNegated ? [] : [place])),
    notAt: tests.flatMap(({ isNegated, place }) => (isNegated ? [place] : [])),
    isVague,
    isForStaff: forStaff.test(condition.replace(test, "")),
  };
}

/** Refusing other sites is no question of who asks. */
function isRefusal(condition: string, body: string): boolean {
  const isAboutOrigins = /origin|csrf/i.test(condition + body) && !/(?<![\w.])401(?![\w.])/.test(body);
  return refuses.test(body) && (!isAboutOrigins || identity.test(condition + body));
}

/** The text from an opening bracket to the one that closes it; to the end where none does. */
function enclosed(text: string, from: number, open: string, close: string): string {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    if (text[at] === close) depth -= 1;
    if (depth === 0) return text.slice(from, at + 1);
  }
  return text.slice(from);
}
