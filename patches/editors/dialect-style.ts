/** Quotes, semicolons, commas, indentation and line ends of a text in the template's own style, as the app writes them. */
import { spliced } from "../splice.ts";
import type { Replacement } from "../splice.ts";
import { listOf } from "./style.ts";
import type { Style } from "./style.ts";
import { parseModule, typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

export function restyle(text: string, style: Style): string {
  const tree = parseModule(text);
  const replacements: Replacement[] = [];
  for (const node of walk(tree)) {
    if (style.quotes === "single") replacements.push(...singleQuoted(node, tree));
    if (!style.semicolons) replacements.push(...unended(node, tree));
    if (style.trailingCommas !== "all") replacements.push(...uncomma(node, tree, style));
  }
  const written = spliced(text, replacements);
  return reindent(written, style.indent).replaceAll("\n", style.newline);
}

/** The other quote, unless that would need more escaping than it saves. */
function singleQuoted(node: ts.Node, tree: ts.SourceFile): Replacement[] {
  const ts = typescript();
  if (!ts.isStringLiteral(node) || ts.isJsxAttribute(node.parent)) return [];
  const start = node.getStart(tree);
  const raw = tree.text.slice(start, node.end);
  if (!raw.startsWith('"') || raw.includes("'")) return [];
  return [{ start, end: node.end, text: `'${raw.slice(1, -1).replaceAll('\\"', '"')}'` }];
}

function unended(node: ts.Node, tree: ts.SourceFile): Replacement[] {
  if (!mayEndOpen(node) || tree.text[node.end - 1] !== ";") return [];
  const next = /^\s*(?:\/\/[^\n]*\s*|\/\*[\s\S]*?\*\/\s*)*/.exec(tree.text.slice(node.end))?.[0] ?? "";
  const follower = tree.text[node.end + next.length] ?? "";
  const sameLine = !next.includes("\n") && follower !== "" && follower !== "}";
  if (sameLine || "([`+-/*,.".includes(follower === "" ? "}" : follower)) return [];
  return [{ start: node.end - 1, end: node.end, text: "" }];
}

function mayEndOpen(node: ts.Node): boolean {
  const ts = typescript();
  return (
    ts.isExpressionStatement(node) ||
    ts.isVariableStatement(node) ||
    ts.isReturnStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isBreakOrContinueStatement(node) ||
    ts.isDoStatement(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isExportAssignment(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isMethodSignature(node) ||
    // An overload's signature.
    (ts.isFunctionDeclaration(node) && node.body === undefined)
  );
}

function uncomma(node: ts.Node, tree: ts.SourceFile, style: Style): Replacement[] {
  const ts = typescript();
  const list = listOf(node);
  if (list?.hasTrailingComma !== true) return [];
  const call = ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isFunctionLike(node);
  if (style.trailingCommas === "es5" && !call) return [];
  const last = list.at(-1);
  if (last === undefined) return [];
  const comma = tree.text.indexOf(",", last.end);
  return [{ start: comma, end: comma + 1, text: "" }];
}

/** Two spaces become the app's unit, except inside template literals, whose text is data. */
function reindent(text: string, unit: string): string {
  if (unit === "  ") return text;
  const literals = templateTexts(text);
  const replacements: Replacement[] = [];
  for (const match of text.matchAll(/^(?: {2})+/gm)) {
    const inside = literals.some(({ start, end }) => start < match.index && match.index < end);
    if (inside) continue;
    replacements.push({
      start: match.index,
      end: match.index + match[0].length,
      text: unit.repeat(match[0].length / 2),
    });
  }
  return spliced(text, replacements);
}

function templateTexts(text: string): { start: number; end: number }[] {
  const ts = typescript();
  const tree = parseModule(text);
  return [...walk(tree)]
    .filter(
      (node) =>
        ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node),
    )
    .map((node) => ({ start: node.getStart(tree), end: node.end }));
}
