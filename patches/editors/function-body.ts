/** The inside of a function: where its first statement stands, and what its parameters are called. */
import { freeName } from "./imports.ts";
import type { Range, Source } from "./source.ts";
import { typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

export interface Body {
  range: Range;
  /** The first statement that is no directive. */
  first: Range;
  /** The statements of the body; those of the `try` that it is, where it is one. */
  statements: readonly ts.Statement[];
  /** Plain names of the parameters, null for destructured ones. */
  params: (string | null)[];
  /** The type that is written for what it returns. */
  returns: string | null;
  /** A name that the file does not use otherwise. */
  free: (name: string) => string;
}

/** The body of the function with exactly this range; null for an arrow without braces and for an empty body. */
export function bodyOf(source: Source, { start, end }: Range): Body | null {
  const ts = typescript();
  for (const node of walk(source.tree)) {
    if (!ts.isFunctionLike(node) || node.getStart(source.tree) !== start || node.end !== end) continue;
    const body = "body" in node ? node.body : undefined;
    if (body === undefined || !ts.isBlock(body)) return null;
    const own = body.statements.filter(
      (statement) => !(ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)),
    );
    const [first] = own;
    if (first === undefined) return null;
    const inner = own.find((statement) => ts.isTryStatement(statement));
    return {
      range: { start: body.getStart(source.tree), end: body.end },
      first: { start: first.getStart(source.tree), end: first.end },
      statements:
        inner !== undefined && own.indexOf(inner) === own.length - 1 ? [...own, ...inner.tryBlock.statements] : own,
      params: node.parameters.map(({ name }) => (ts.isIdentifier(name) ? name.text : null)),
      returns: node.type?.getText(source.tree) ?? null,
      free: (name) => freeName(source, name),
    };
  }
  return null;
}
