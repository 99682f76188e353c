/** The code of a path below another one. */
import { posix } from "node:path";
import type { Source } from "../../../patches/editors/source.ts";
import { typescript } from "../../../patches/editors/typescript.ts";
import type { ts } from "../../../patches/editors/typescript.ts";

/** The folder as it is written there, with what lies below it; `inner` may be empty. */
export function pathBelow(source: Source, folder: ts.Expression, inner: string): string {
  const ts = typescript();
  const text = folder.getText(source.tree);
  if (inner === "") return text;
  if (ts.isStringLiteralLike(folder)) return JSON.stringify(posix.join(folder.text, inner));
  const isJoin = ts.isCallExpression(folder) && /(^|\.)(join|resolve)$/.test(folder.expression.getText(source.tree));
  const last = isJoin ? folder.arguments.at(-1) : undefined;
  return last === undefined
    ? `${text} + ${JSON.stringify(`/${inner}`)}`
    : `${source.text.slice(folder.getStart(source.tree), last.end)}, ${JSON.stringify(inner)})`;
}
