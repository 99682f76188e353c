/** Templates are written once, as TypeScript modules; this turns them into the app's own dialect. */
import { spliced } from "../splice.ts";
import type { Replacement } from "../splice.ts";
import { toCommonJs } from "./dialect-commonjs.ts";
import { restyle } from "./dialect-style.ts";
import { stripTypes } from "./dialect-types.ts";
import type { Style } from "./style.ts";
import { parseModule, typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

export interface DialectOptions {
  /** Module specifier as written in the template -> the one to write; those are taken as they are, without {@link Style.importExtension}. */
  specifiers?: Readonly<Record<string, string>>;
}

/**
 * Rewrites a template (ES module, erasable TypeScript, double quotes, semicolons, two spaces, `.ts` in relative imports)
 * into the style: TypeScript or plain JavaScript, ES module or CommonJS, quotes, semicolons, indentation, commas.
 *
 * Throws when the template uses what the target cannot say (enums; top-level await in CommonJS): a bug of the template.
 */
export function toDialect(template: string, style: Style, options: DialectOptions = {}): string {
  const plain = template.replaceAll("\r\n", "\n");
  const named = writeSpecifiers(plain, style, options.specifiers ?? {});
  return restyle(toLanguage(named, style), style);
}

/** Types and module system alone; the layout stays the template's. */
function toLanguage(text: string, style: Style): string {
  if (style.language === "typescript") return text;
  const untyped = stripTypes(text);
  return style.modules === "commonjs" ? toCommonJs(untyped) : untyped;
}

/** A statement or a few, as {@link toDialect}, but without any change of imports. */
export function toDialectSnippet(code: string, style: Style): string {
  return toDialect(code, { ...style, modules: "esm" });
}

/** An expression, as {@link toDialect}. */
export function toDialectExpression(code: string, style: Style): string {
  const statement = toDialectSnippet(`(${code});\n`, style).trimEnd();
  const inner = statement.replace(/;$/, "");
  return inner.startsWith("(") && inner.endsWith(")") ? inner.slice(1, -1) : code;
}

function writeSpecifiers(text: string, style: Style, chosen: Readonly<Record<string, string>>): string {
  const replacements: Replacement[] = [];
  const tree = parseModule(text);
  for (const node of walk(tree)) {
    const specifier = specifierOf(node);
    if (specifier === null) continue;
    const name = chosen[specifier.text] ?? withExtension(specifier.text, style);
    if (name === specifier.text) continue;
    replacements.push({ start: specifier.getStart(tree), end: specifier.end, text: JSON.stringify(name) });
  }
  return spliced(text, replacements);
}

function specifierOf(node: ts.Node): ts.StringLiteral | null {
  const ts = typescript();
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier : null;
  }
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) return null;
  const [argument] = node.arguments;
  return argument !== undefined && ts.isStringLiteral(argument) ? argument : null;
}

/** `./queue.ts` as the app writes it; CommonJS resolves without an extension, ES modules in plain JavaScript need `.js`. */
function withExtension(specifier: string, style: Style): string {
  if (!/^\.{1,2}\//.test(specifier) || !specifier.endsWith(".ts")) return specifier;
  return specifier.slice(0, -".ts".length) + extensionFor(style);
}

/** What relative imports end with: TypeScript's `.ts` cannot be imported from plain JavaScript. */
export function extensionFor(style: Style): string {
  if (style.language === "typescript") return style.importExtension;
  if (style.modules === "esm") return ".js";
  return style.importExtension === ".ts" ? ".js" : style.importExtension;
}
