/** A new migration in code, made from the app's last one: its imports and its form, with other statements in `up` and `down`. */
import type { Model } from "../../../analyzers/model.ts";
import { indentAt, openSource, type Source } from "../../../patches/editors/source.ts";
import { toDialectExpression } from "../../../patches/editors/dialect.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { spliced, type Replacement } from "../../../patches/splice.ts";

/** Expressions in template style, each a promise; `name` is what a class is called. */
export interface Steps {
  name: string;
  /** `isOne`: they have to be a single one, for a function that returns its promise. */
  up: Direct;
  down: Direct;
}

type Direct = (tool: string, isOne: boolean) => string[];

/** Lines that begin at the margin, where a migration holds nothing but its two directions. */
const ownLine =
  /^(import\b|export (default|class|async function|function|const (up|down)\b)|(module\.)?exports(\.(up|down))?\s*=|["']use strict|[})\]/*]|\s|$)/;

/** Whether other migrations can be made after the form of this one, by its look alone. */
export function isPlainMigration(text: string): boolean {
  return /\bup\b/.test(text) && text.split("\n").every((line) => ownLine.test(line));
}

type Direction = ts.MethodDeclaration | ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction;

/** Null when the migration holds more than its two directions, or they are written in a way that others cannot follow. */
function migrationLike(source: Source, steps: Steps): string | null {
  if (!source.tree.statements.every((statement) => isOwnPart(statement))) return null;
  const [up, down] = [directionIn(source, "up"), directionIn(source, "down")];
  if (up === null || down === null) return null;
  const bodies = [bodyFor(source, up, steps.up), bodyFor(source, down, steps.down)];
  if (!bodies.every((body) => body !== null)) return null;
  const kept = [up, down].map(({ body }) => body).flatMap((body) => (body === undefined ? [] : [body]));
  const comments = commentsOutside(source, kept);
  return `${spliced(source.text, [...bodies, ...comments, ...renamed(source, steps.name)]).trimEnd()}\n`;
}

/** {@link migrationLike} of the first file that can be followed. */
export function likeTheLast(files: readonly string[], steps: Steps, { repo }: Pick<Model, "repo">): string | null {
  for (const file of files) {
    const source = openSource(repo, file);
    const text = source === null ? null : migrationLike(source, steps);
    if (text !== null) return text;
  }
  return null;
}

function isOwnPart(statement: ts.Statement): boolean {
  const ts = typescript();
  if (ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)) return true;
  if (ts.isImportDeclaration(statement)) return statement.importClause !== undefined;
  if (ts.isClassDeclaration(statement) || ts.isExportAssignment(statement)) return true;
  if (ts.isFunctionDeclaration(statement)) return /^(up|down)$/.test(statement.name?.text ?? "");
  return /^((module\.)?exports\.(up|down)|module\.exports|export const (up|down))\b/.test(statement.getText());
}

/** `up() {}`, `exports.up = ...`, `export const up = ...`, `up: async () => {}`: the only one of the name. */
function directionIn(source: Source, name: string): Direction | null {
  const ts = typescript();
  const found = [...walk(source.tree)].flatMap((node): Direction[] => {
    if (ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node))
      return node.name?.getText(source.tree) === name ? [node] : [];
    if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return [];
    const { parent } = node;
    const isNamed = ts.isBinaryExpression(parent)
      ? /^(module\.)?exports\.\w+$/.test(parent.left.getText(source.tree)) &&
        parent.left.getText(source.tree).endsWith(`.${name}`)
      : (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent)) &&
        parent.name.getText(source.tree) === name;
    return isNamed ? [node] : [];
  });
  return found.length === 1 ? (found[0] ?? null) : null;
}

function bodyFor(source: Source, direction: Direction, steps: Direct): Replacement | null {
  const ts = typescript();
  const [tool] = direction.parameters;
  const { body } = direction;
  if (tool === undefined || body === undefined || !ts.isIdentifier(tool.name)) return null;
  const isAsync = direction.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;
  const isOne = !isAsync || !ts.isBlock(body);
  const list = steps(tool.name.text, isOne).map((step) => toDialectExpression(step, source.style));
  const range = { start: body.getStart(source.tree), end: body.end };
  const [only, ...others] = list;
  if (isOne && (only === undefined || others.length > 0)) return null;
  if (!ts.isBlock(body)) return only === undefined ? null : { ...range, text: only };
  const indent = indentAt(source, direction.getStart(source.tree));
  const end = source.style.semicolons ? ";" : "";
  const step = `\n${indent}${source.style.indent}`;
  const lines = list.map((each) => `${step}${isAsync ? "await" : "return"} ${each.replaceAll("\n", step)}${end}`);
  return { ...range, text: `{${lines.join("")}\n${indent}}` };
}

/** What the old one is said to do; types that stand in comments stay. */
function commentsOutside(source: Source, bodies: readonly ts.Node[]): Replacement[] {
  const ts = typescript();
  const seen = new Map<number, Replacement>();
  for (const node of walk(source.tree)) {
    if (bodies.some((body) => node.pos >= body.pos && node.end <= body.end)) continue;
    for (const { pos, end } of ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? []) {
      if (/@(param|type|returns?)\b|eslint|@ts-/.test(source.text.slice(pos, end))) continue;
      const start = source.text.lastIndexOf("\n", pos) + 1;
      const rest = /^[ \t]*\r?\n?/.exec(source.text.slice(end))?.[0].length ?? 0;
      seen.set(pos, { start, end: end + rest, text: "" });
    }
  }
  return [...seen.values()];
}

/** The class's name, and the text that repeats it. */
function renamed(source: Source, name: string): Replacement[] {
  const ts = typescript();
  const old = source.tree.statements.find((statement) => ts.isClassDeclaration(statement))?.name?.text;
  return [...walk(source.tree)].flatMap((node) => {
    const start = node.getStart(source.tree);
    if (ts.isIdentifier(node) && node.text === old) return [{ start, end: node.end, text: name }];
    return ts.isStringLiteral(node) && node.text === old ? [{ start: start + 1, end: node.end - 1, text: name }] : [];
  });
}
