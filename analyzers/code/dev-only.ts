/** Code that production never runs: branches that ask for development or tests. */
import type { Model } from "../model.ts";

const asksForDevelopment =
  /NODE_ENV\s*!==?\s*["'`]prod|NODE_ENV\s*===?\s*["'`](dev|test|local)|(^|[^!\w$.])(\w+\.)*is_?(dev|test|local)\w*\b(?!\s*===?\s*false)|!\s*(\w+\.)*(is_?)?prod(uction)?(mode|env)?\b(?!\s*[.(])/i;
const asksForProduction =
  /NODE_ENV\s*===?\s*["'`]prod|(^|[^!\w$.])(\w+\.)*is_?prod\w*\b|!\s*(\w+\.)*is_?(dev|test|local)\w*\b/i;

/** What decides whether a stretch of code runs, as far as it is about the environment. */
type Branch = "development" | "production" | "other";

/** True when some `if` around the place lets it run in development or tests alone. */
export function isDevOnly({ repo }: Pick<Model, "repo">, place: { file: string; span: { start: number } }): boolean {
  const text = repo.read(place.file) ?? "";
  if (!/NODE_ENV|is_?dev|is_?test|is_?local|prod/i.test(text)) return false;
  const { around, closed } = branchesBefore(text, place.span.start);
  return around.includes("development") || statementBranch(text, place.span.start, closed) === "development";
}

/** `if (dev) app.use(...)` without braces, `else app.use(...)`. */
function statementBranch(text: string, start: number, closed: Branch): Branch {
  const before = text.slice(Math.max(0, start - 300), start);
  const from = Math.max(before.lastIndexOf(";"), before.lastIndexOf("{"), before.lastIndexOf("}")) + 1;
  const statement = before.slice(from);
  const head = new RegExp(`^\\s*(?:else\\s+)?${asks.source}`).exec(statement)?.[0];
  if (head !== undefined) return headBranch(head, closed);
  return /^\s*else\s/.test(statement) ? headBranch("else", closed) : "other";
}

/** The branches that are open at an offset, and the one closed last before it. */
function branchesBefore(text: string, end: number): { around: Branch[]; closed: Branch } {
  const around: Branch[] = [];
  let closed: Branch = "other";
  const signs = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[{}]/g;
  for (let match = signs.exec(text); match !== null && match.index < end; match = signs.exec(text)) {
    if (match[0] === "{") around.push(headBranch(text.slice(Math.max(0, match.index - 200), match.index), closed));
    if (match[0] === "}") closed = around.pop() ?? "other";
  }
  return { around, closed };
}

/** `if (...)`, with brackets in the condition to two levels. */
const asks = /\bif\s*\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/;

/** What the words right before a block say. */
function headBranch(head: string, closed: Branch): Branch {
  if (/\belse\s*$/.test(head))
    return closed === "production" ? "development" : closed === "development" ? "production" : "other";
  const condition = new RegExp(`${asks.source}\\s*$`).exec(head)?.[1];
  if (condition === undefined) return "other";
  if (asksForDevelopment.test(condition)) return /\|\|/.test(condition) ? "other" : "development";
  return asksForProduction.test(condition) ? "production" : "other";
}

/** A function that returns at once outside of tests or development. */
export function leavesInProduction(code: string): boolean {
  return /\{\s*if\s*\([^)]*NODE_ENV\s*!==?\s*["'`](test|dev\w*)["'`][^)]*\)\s*\{?\s*return\b/.test(code.slice(0, 400));
}
