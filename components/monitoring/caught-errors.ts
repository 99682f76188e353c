/** Errors that are caught and printed go to the logger, with what was said beside them. */
import type { Edit } from "../../patches/edit.ts";
import { toDialectExpression } from "../../patches/editors/dialect.ts";
import { replace, type Source } from "../../patches/editors/source.ts";
import { typescript, walk } from "../../patches/editors/typescript.ts";
import type { ts } from "../../patches/editors/typescript.ts";

/** `console.error("Saving failed:", error)` in a `catch` or an error handler; other forms are left as they are. */
export function caughtErrors(source: Source, logger: string): Edit[] {
  const ts = typescript();
  return [...walk(source.tree)].flatMap((node) => {
    if (!ts.isCallExpression(node) || !/^console\.(error|log)$/.test(node.expression.getText(source.tree))) return [];
    const error = errorAround(node);
    const args = error === null ? null : argumentsFor(source, node, error);
    if (args === null) return [];
    const text = toDialectExpression(`${logger}.error(${args})`, source.style);
    return [replace(source, { start: node.getStart(source.tree), end: node.end }, text)];
  });
}

/** The name of the error in hand: of the `catch` around, or of a handler with Express's four parameters. */
function errorAround(node: ts.Node): string | null {
  const ts = typescript();
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isCatchClause(at)) {
      const name = at.variableDeclaration?.name;
      return name !== undefined && ts.isIdentifier(name) ? name.text : null;
    }
    if (!ts.isFunctionLike(at)) continue;
    const [first] = at.parameters;
    return at.parameters.length === 4 && first !== undefined && ts.isIdentifier(first.name) ? first.name.text : null;
  }
  return null;
}

function argumentsFor(source: Source, { arguments: args }: ts.CallExpression, error: string): string | null {
  const ts = typescript();
  const last = args.at(-1);
  const said = args.length === 2 ? args[0] : undefined;
  const isError = [error, `${error}.stack`, `${error}.message`].includes(last?.getText(source.tree) ?? "");
  if (!isError || args.length > 2) return null;
  if (said === undefined) return error;
  const object = error === "err" ? "{ err }" : `{ err: ${error} }`;
  if (ts.isTemplateExpression(said)) return `${object}, ${said.getText(source.tree).replace(/[\s:=>-]+`$/, "`")}`;
  if (!ts.isStringLiteralLike(said)) return null;
  const text = said.text.replace(/[\s:=>-]+$/, "");
  return text === "" ? error : `${object}, ${JSON.stringify(text)}`;
}
