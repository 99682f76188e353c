/** Finding statements by what they do, and putting code before, after and around them. */
import type { Edit } from "../edit.ts";
import { declaredNames } from "./dialect-commonjs.ts";
import { toDialectSnippet } from "./dialect.ts";
import { indentAt, insert } from "./source.ts";
import type { Range, Source } from "./source.ts";
import { exported } from "./style.ts";
import { parseModule, typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

export interface Statement extends Range {
  /** First line of the statement's own text, without its comments. */
  line: number;
  /** Names it declares; `app` for `const app = express()`. */
  declares: string[];
  /** What the statement calls or is set to, `app.listen` for `app.listen(3000)` and for `const server = app.listen(3000)`; null for others. */
  calls: string | null;
  kind: "import" | "declaration" | "expression" | "return" | "export" | "other";
}

/** The statements of the module, or of the innermost block that holds the offset. */
export function statementsOf(source: Source, inside?: number): Statement[] {
  const list = inside === undefined ? source.tree.statements : blockAt(source, inside);
  return [...list].map((node) => described(source, node));
}

/** The innermost statement around an offset (a block is not one); null between statements. */
export function statementAt(source: Source, offset: number): Statement | null {
  const node = nodeAt(source, offset);
  return node === null ? null : described(source, node);
}

/** The statements of the module that call something of this text: `callsIn(source, /^app\.listen$/)`. */
export function statementsCalling(source: Source, callee: RegExp): Statement[] {
  return statementsOf(source).filter((statement) => statement.calls !== null && callee.test(statement.calls));
}

function nodeAt(source: Source, offset: number): ts.Statement | null {
  const ts = typescript();
  let best: ts.Statement | null = null;
  for (const node of walk(source.tree)) {
    const holds = node.getStart(source.tree) <= offset && offset < node.end;
    if (holds && ts.isStatement(node) && !ts.isBlock(node)) best = node;
  }
  return best;
}

function blockAt(source: Source, offset: number): readonly ts.Statement[] {
  const ts = typescript();
  let best: readonly ts.Statement[] = source.tree.statements;
  for (const node of walk(source.tree)) {
    const list = ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseOrDefaultClause(node) ? node.statements : null;
    if (list !== null && node.getStart(source.tree) < offset && offset < node.end) best = list;
  }
  return best;
}

function described(source: Source, node: ts.Statement): Statement {
  const start = node.getStart(source.tree);
  const line = source.tree.getLineAndCharacterOfPosition(start).line + 1;
  return {
    start,
    end: node.end,
    line,
    declares: declaredNames(node),
    calls: calleeOf(source, node),
    kind: kindOf(node),
  };
}

function kindOf(node: ts.Statement): Statement["kind"] {
  const ts = typescript();
  if (ts.isImportDeclaration(node)) return "import";
  if (ts.isExportDeclaration(node) || ts.isExportAssignment(node)) return "export";
  if (ts.isVariableStatement(node) || ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node))
    return "declaration";
  if (ts.isExpressionStatement(node)) return "expression";
  return ts.isReturnStatement(node) ? "return" : "other";
}

function calleeOf(source: Source, node: ts.Statement): string | null {
  const ts = typescript();
  const expression = ts.isVariableStatement(node)
    ? node.declarationList.declarations[0]?.initializer
    : ts.isExpressionStatement(node) || ts.isReturnStatement(node)
      ? node.expression
      : undefined;
  const inner = expression === undefined ? undefined : valueOf(expression);
  if (inner === undefined || !(ts.isCallExpression(inner) || ts.isNewExpression(inner))) return null;
  return inner.expression.getText(source.tree).replace(/\s+/g, "");
}

/** Through `await`, parentheses, `as` and assignments to what is computed. */
function valueOf(node: ts.Expression): ts.Expression {
  const ts = typescript();
  if (ts.isAwaitExpression(node) || ts.isParenthesizedExpression(node) || ts.isAsExpression(node))
    return valueOf(node.expression);
  const assigns = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return assigns ? valueOf(node.right) : node;
}

/**
 * Code (template style, any number of statements) on its own lines before the statement, above its comments. A statement
 * that is the only one of an `if` or a loop without braces stands for that `if` or loop.
 */
export function insertBefore(source: Source, statement: Range, code: string): Edit {
  const place = listed(source, statement);
  const start = withComments(source, place.start);
  const indent = indentAt(source, place.start);
  return insert(source, start, `${indented(toDialectSnippet(code, source.style), indent)}\n${indent}`);
}

/** Code on its own lines after the statement, as {@link insertBefore}; `gap` puts a blank line between. */
export function insertAfter(source: Source, statement: Range, code: string, gap: "none" | "blank" = "none"): Edit {
  const place = listed(source, statement);
  const indent = indentAt(source, place.start);
  const written = `${indent}${indented(toDialectSnippet(code, source.style), indent)}`;
  return insert(source, lineEnd(source, place.end), `\n${gap === "blank" ? "\n" : ""}${written}`);
}

/** The statement itself, or the one around it that stands in a list, where others can stand beside it. */
function listed(source: Source, statement: Range): Range {
  const ts = typescript();
  let node: ts.Node | null = nodeAt(source, statement.start);
  while (node !== null && !isList(node.parent)) node = ts.isSourceFile(node.parent) ? null : node.parent;
  return node === null ? statement : { start: node.getStart(source.tree), end: node.end };
}

function isList(node: ts.Node): boolean {
  const ts = typescript();
  return ts.isSourceFile(node) || ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseOrDefaultClause(node);
}

/** Code as the last lines of the module. */
export function append(source: Source, code: string): Edit {
  const text = toDialectSnippet(code, source.style).trimEnd();
  const lead = source.text === "" ? "" : /\n\s*$/.test(source.text) ? "\n" : "\n\n";
  return insert(source, source.text.length, `${lead}${text}\n`);
}

/** Where the comments that belong to the statement begin. */
export function withComments(source: Source, start: number): number {
  const ts = typescript();
  const node = [...walk(source.tree)].find((found) => found.getStart(source.tree) === start);
  const comments = node === undefined ? [] : (ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? []);
  let at = start;
  for (const comment of comments.toReversed()) {
    const ownLine = /(^|\n)[ \t]*$/.test(source.text.slice(0, comment.pos));
    if (!ownLine || /\n\s*\n/.test(source.text.slice(comment.end, at)) || source.text.startsWith("#!", comment.pos))
      break;
    at = comment.pos;
  }
  return at;
}

/** Behind a comment that shares the statement's last line, unless more code follows there. */
export function lineEnd(source: Source, offset: number): number {
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*?\*\/[ \t]*(?=\r?\n|$))?/.exec(source.text.slice(offset))?.[0] ?? "";
  return offset + rest.trimEnd().length;
}

/** Every line but the first moved in; text inside template literals stays where it is. */
export function indented(code: string, indent: string): string {
  const trimmed = code.trimEnd();
  if (indent === "") return trimmed;
  return lineStarts(trimmed)
    .toReversed()
    .reduce((text, at) => text.slice(0, at) + indent + text.slice(at), trimmed);
}

/** Offsets at which a line of code begins: not the first line, no blank lines, none inside a template literal. */
export function lineStarts(code: string): number[] {
  const ts = typescript();
  const tree = parseModule(code);
  const literals = [...walk(tree)].filter(
    (node) =>
      ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node),
  );
  const inLiteral = (at: number): boolean => literals.some((node) => node.getStart(tree) < at && at < node.end);
  return [...code.matchAll(/\n(?=[^\r\n])/g)].map((match) => match.index + 1).filter((at) => !inLiteral(at));
}

/**
 * Wraps a statement in `try { ... } catch (error) { handler }`, its lines moved in by one level; so are the lines that the
 * `inner` edits bring into the statement, which come back among the edits. Null for imports and
 * exports, and when names that the statement declares are used outside it.
 */
export function wrapInTry(
  source: Source,
  statement: Range,
  handler: string,
  inner: readonly Edit[] = [],
): Edit[] | null {
  const node = nodeAt(source, statement.start);
  if (node === null || ["import", "export"].includes(kindOf(node)) || exported(node) || escapes(node)) return null;
  const start = node.getStart(source.tree);
  const step = source.style.indent;
  const indent = indentAt(source, start);
  const caught = indented(toDialectSnippet(handler, source.style), indent + step);
  return [
    insert(source, start, `try {\n${indent}${step}`),
    ...lineStarts(source.text.slice(start, node.end)).map((at) => insert(source, start + at, step)),
    ...inner.map((edit) =>
      edit.kind === "replace" ? { ...edit, text: edit.text.replace(/\n(?=.)/g, `\n${step}`) } : edit,
    ),
    insert(source, lineEnd(source, node.end), `\n${indent}} catch (error) {\n${indent}${step}${caught}\n${indent}}`),
  ];
}

/** Whether a name declared by the statement is used outside it. */
function escapes(node: ts.Statement): boolean {
  const ts = typescript();
  if (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) return true;
  const names = new Set(declaredNames(node));
  if (names.size === 0) return false;
  const scope = node.parent;
  return [...walk(scope)].some(
    (other) => ts.isIdentifier(other) && names.has(other.text) && (other.pos < node.pos || other.end > node.end),
  );
}
