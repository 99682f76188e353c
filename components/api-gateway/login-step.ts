/** The statement of a handler that turns strangers away: a limit per user comes behind it. */
import type { CallSite } from "../../analyzers/model.ts";
import type { Body } from "../../patches/editors/function-body.ts";
import type { Range, Source } from "../../patches/editors/source.ts";
import { typescript } from "../../patches/editors/typescript.ts";

export interface LoginStep {
  statement: Range;
  /** The expression for the user's id; null where none is written in the handler. */
  user: string | null;
}

/** `!userId`, `!session?.user`, `!userId || !user`. */
const asks = /^!\s*([A-Za-z_$][\w$]*)(\??\.\w+)*(\s*\|\|\s*![\w$.?]+)*$/;

/** Null where none is found, or what costs comes before it. */
export function loginStep(source: Source, body: Body, cost: CallSite | null): LoginStep | null {
  const ts = typescript();
  for (const statement of body.statements) {
    if (!ts.isIfStatement(statement) || statement.elseStatement !== undefined) continue;
    const condition = statement.expression.getText(source.tree);
    const [, name = ""] = asks.exec(condition) ?? [];
    if (!/^(user_?id|uid|user|session|account|currentUser|auth)$/i.test(name)) continue;
    if (!/^\{?\s*(return|throw)\b/.test(statement.thenStatement.getText(source.tree))) continue;
    const range = { start: statement.getStart(source.tree), end: statement.end };
    const isInside = cost?.file === source.file && cost.span.start > body.range.start && cost.span.end < body.range.end;
    if (isInside && cost.span.start < range.end) return null;
    return { statement: range, user: userIn(source, body, name, condition) };
  }
  return null;
}

/** What is known to be there behind the check: the id that it asks for, or one that the handler reads without a question mark. */
function userIn(source: Source, { range }: Body, name: string, condition: string): string | null {
  const path = condition.replace(/^!\s*|\s*\|\|.*$/g, "").replaceAll("?.", ".");
  if (/^(user_?id|uid)$/i.test(name) || /\.(user_?)?id$/i.test(path)) return path;
  const text = source.text.slice(range.start, range.end);
  const read = [`${name}.user.id`, `${name}.id`, `${name}.userId`];
  return read.find((each) => new RegExp(`(?<![\\w.])${each.replaceAll(".", "\\.")}\\b`).test(text)) ?? null;
}
