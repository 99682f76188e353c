/** Whether a handler counts wrong passwords and codes itself, beside the account or the code, and refuses after some. */
import { runByHandlers } from "../../analyzers/code/closure.ts";
import { escaped, textOf } from "../../analyzers/code/text.ts";
import type { Fn, Model, Route } from "../../analyzers/model.ts";

const name = String.raw`\w*(?:attempts?|tries|failures|failed_?logins?|fail(?:ed)?_?count)\w*`;
/** `record.attempts >= 5`, `5 <= user.failedLogins`; a bare `attempts < 3` is a loop that tries again. */
const compared = new RegExp(String.raw`\.${name}\b[^;\n]{0,20}?(?:>=?)|(?:<=?)\s*\w+\??\.${name}\b`, "i");
const raised = new RegExp(
  String.raw`\b${name}["']?\s*:\s*(?:\{\s*increment\b|[^,;\n]{0,60}\+\s*1\b)|\.${name}\s*(?:\+\+|\+=|=[^=;\n]{0,60}\+\s*1\b)|\$inc\b[^;]{0,60}?\b${name}|\b${name}\s*=\s*(?:COALESCE\(\s*)?${name}[^;\n]{0,12}\+\s*1\b|F\(\s*["']${name}["']\s*\)\s*\+`,
  "i",
);

/** Both in what the route's own handlers run: the count is raised, and something is refused by it. */
export function countsAttempts(route: Route, model: Model): boolean {
  const texts = runByHandlers(route, model).map((fn) => bodyOf(fn, model));
  if (texts.some((text) => compared.test(text)) && texts.some((text) => raised.test(text))) return true;
  const whole = texts.join("\n");
  return [...whole.matchAll(raisedAny)].some(([, column = ""]) => isSetBack(column, whole));
}

/** A column that a query raises by one, whatever it is called. */
const raisedAny = /\b(\w+)\s*:\s*\{\s*(?:increment|_?inc)\s*:\s*1\b/g;

/** What is looked at, raised and set back to nothing by the same handler counts what went wrong there. */
function isSetBack(column: string, text: string): boolean {
  const name = escaped(column);
  return new RegExp(`\\b${name}\\s*:\\s*0\\b`).test(text) && new RegExp(`\\.${name}\\b`).test(text);
}

/** Lines that are commented out count nothing. */
function bodyOf(fn: Fn, model: Model): string {
  const lines = textOf(model, fn).split("\n");
  return lines.map((line) => (/^[ \t]*(\/\/|\/?\*)/.test(line) ? "" : line)).join("\n");
}
