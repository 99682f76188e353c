/** How a server action says no: as it does elsewhere, for its form reads that. */
import type { Body } from "../../patches/editors/function-body.ts";
import type { Source } from "../../patches/editors/source.ts";
import { typescript, walk } from "../../patches/editors/typescript.ts";
import type { ts } from "../../patches/editors/typescript.ts";
import { refusalText } from "./refusal-shape.ts";

/** A `return` of the same shape as one that is there, or a `throw` where it throws; null where neither is written. */
export function actionRefusal(source: Source, { range }: Body): string | null {
  const ts = typescript();
  let throws: string | null = null;
  for (const node of walk(source.tree)) {
    const start = node.getStart(source.tree);
    if (start < range.start || node.end > range.end) continue;
    if (ts.isReturnStatement(node) && node.expression !== undefined && ts.isObjectLiteralExpression(node.expression)) {
      const same = sameShape(source, node.expression);
      if (same !== null) return `return ${same};`;
    }
    if (ts.isThrowStatement(node))
      throws ??=
        /^(new )?([A-Z]\w*)?Error\(\s*["'`][^"'`$]*["'`]\s*\)$/.exec(node.expression.getText(source.tree))?.[0] ?? null;
  }
  return throws === null ? null : `throw ${throws.replace(/\([^]*$/, "")}(${JSON.stringify(refusalText)});`;
}

/** `{ error: "Wrong password" }` with another text; what stands beside it must be fixed and say failure, as far as it says anything. */
function sameShape(source: Source, object: ts.ObjectLiteralExpression): string | null {
  const ts = typescript();
  let isError = false;
  const parts: string[] = [];
  for (const property of object.properties) {
    if (!ts.isPropertyAssignment(property)) return null;
    const name = property.name.getText(source.tree);
    const value = property.initializer;
    const text = value.getText(source.tree);
    if (/^["']?(error|message|msg|formError)["']?$/.test(name) && ts.isStringLiteralLike(value)) {
      parts.push(`${name}: ${JSON.stringify(refusalText)}`);
      isError ||= /error/i.test(name);
    } else if (/^["']?(status|statusCode|code)["']?$/.test(name) && /^[45]\d\d$/.test(text)) {
      parts.push(`${name}: 429`);
      isError = true;
    } else if (/^["']?(success|ok)["']?$/.test(name) && text === "false") {
      parts.push(`${name}: false`);
      isError = true;
    } else if (/^(\{\s*\}|\[\s*\]|null|undefined)$/.test(text)) parts.push(`${name}: ${text}`);
    else return null;
  }
  return isError && parts.length > 0 ? `{ ${parts.join(", ")} }` : null;
}
