/** How each library is told which rows of a list to read, and whether it gives the newest first. */
import type { Query } from "../../../analyzers/queries/index.ts";
import type { Edit } from "../../../patches/edit.ts";
import { setOptions } from "../../../patches/editors/calls.ts";
import { indentAt, insert, type Source } from "../../../patches/editors/source.ts";
import { typescript, type ts } from "../../../patches/editors/typescript.ts";

const skipped = "(page - 1) * limit";
/** Columns of a line; what is longer is broken. Prettier's own is 80, many files of hurried authors are wider. */
const wide = 100;

export function pageEdits(query: Query, call: ts.CallExpression, source: Source): Edit[] | null {
  if (query.dialect === "mongoose") return inChain(call, source);
  const range = { start: call.getStart(source.tree), end: call.end };
  return query.dialect === "prisma" ? setOptions(source, range, 0, { skip: skipped, take: "limit" }) : null;
}

/** `.skip(...).limit(limit)` behind the rest of the chain, but before what sends it. */
function inChain(call: ts.CallExpression, source: Source): Edit[] {
  const { last, isBroken } = endOfChain(call, source);
  const begin = source.text.lastIndexOf("\n", last.end - 1) + 1;
  const isLong = last.end - begin + `.skip(${skipped}).limit(limit);`.length > wide;
  const own = indentAt(source, last.end);
  const line = isBroken ? `\n${own}` : isLong ? `\n${own}${source.style.indent}` : "";
  return [insert(source, last.end, `${line}.skip(${skipped})${line}.limit(limit)`)];
}

function endOfChain(call: ts.CallExpression, source: Source): { last: ts.Expression; isBroken: boolean } {
  const ts = typescript();
  let last: ts.Expression = call;
  let isBroken = false;
  for (;;) {
    const access: ts.Node = last.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== last || !ts.isCallExpression(access.parent))
      break;
    if (/^(exec|lean|then|catch|cursor|orFail)$/.test(access.name.text)) break;
    isBroken ||= source.text.slice(last.end, access.name.getStart(source.tree)).includes("\n");
    last = access.parent;
  }
  return { last, isBroken };
}

/**
 * `.sort({ createdAt: -1 })`, `orderBy: { createdAt: "desc" }`: what an end cuts off is old then. Of a list that begins with
 * the oldest, or in no order that was said, the newest rows would be missing.
 */
export function isNewestFirst(query: Query, call: ts.CallExpression, source: Source): boolean {
  if (query.order.length === 0) return false;
  if (query.dialect === "prisma") return /\borderBy:\s*\[?\s*\{\s*\w+:\s*["']desc["']/.test(call.getText(source.tree));
  const chain = source.text.slice(call.getStart(source.tree), endOfChain(call, source).last.end);
  return /\.sort\(\s*(\{\s*["']?\w+["']?:\s*(-1|["']desc(ending)?["'])|["'`]-)/.test(chain);
}
