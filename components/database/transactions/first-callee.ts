/** What a chain of calls begins with. */
import { typescript, type ts } from "../../../patches/editors/typescript.ts";

/** What is called first in a chain: `db.insert` of `db.insert(orders).values(order)`. */
export function firstCallee(call: ts.CallExpression | ts.TaggedTemplateExpression): ts.Expression {
  const ts = typescript();
  const callee = ts.isCallExpression(call) ? call.expression : call.tag;
  for (let at: ts.Expression = callee; ;) {
    if (ts.isCallExpression(at)) return firstCallee(at);
    if (!ts.isPropertyAccessExpression(at) && !ts.isNonNullExpression(at) && !ts.isParenthesizedExpression(at))
      return callee;
    at = at.expression;
  }
}
