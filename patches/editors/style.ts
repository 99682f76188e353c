/** How a file is written: what generated code must look like to pass for the author's own. */
import { newlineOf } from "./newline.ts";
import { parse, typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

export interface Style {
  language: "typescript" | "javascript";
  /** The syntax in the source; TypeScript that compiles to CommonJS is `esm` here when it is written with `import`. */
  modules: "esm" | "commonjs";
  quotes: "double" | "single";
  semicolons: boolean;
  /** One level of indentation: spaces or a tab. */
  indent: string;
  trailingCommas: "none" | "es5" | "all";
  /** What ends a relative import of a source file. */
  importExtension: "" | ".js" | ".ts";
  newline: "\n" | "\r\n";
}

const defaults: Style = {
  language: "typescript",
  modules: "esm",
  quotes: "double",
  semicolons: true,
  indent: "  ",
  trailingCommas: "all",
  importExtension: "",
  newline: "\n",
};

/** The style of one file by majority; what the file gives no evidence of comes from `fallback`. */
export function styleOf(text: string, file: string, fallback: Partial<Style> = {}): Style {
  return { ...defaults, ...fallback, ...evidenceOf(text, file) };
}

/** Only what the file itself shows. */
export function evidenceOf(text: string, file: string): Partial<Style> {
  const tree = parse(file, text);
  const seen = tally(tree);
  return present({
    language: /\.[cm]?tsx?$/.test(file) ? "typescript" : "javascript",
    modules: modulesOf(tree, file),
    quotes: majority(seen.double, seen.single, "double", "single"),
    semicolons: majority(seen.ended, seen.open, true, false),
    indent: indentOf(text),
    trailingCommas: commasOf(seen),
    importExtension: seen.extensions[0],
    newline: text.includes("\n") ? newlineOf(text) : undefined,
  });
}

function present(style: { [Key in keyof Style]?: Style[Key] | undefined }): Partial<Style> {
  return Object.fromEntries(Object.entries(style).filter(([, value]) => value !== undefined));
}

function majority<T>(first: number, second: number, one: T, other: T): T | undefined {
  if (first === second) return first === 0 ? undefined : one;
  return first > second ? one : other;
}

interface Tally {
  double: number;
  single: number;
  ended: number;
  open: number;
  /** Multi-line lists with and without a comma after the last item: literals, and calls or parameters. */
  literal: { with: number; without: number };
  call: { with: number; without: number };
  extensions: ("" | ".js" | ".ts")[];
}

function tally(tree: ts.SourceFile): Tally {
  const seen: Tally = {
    double: 0,
    single: 0,
    ended: 0,
    open: 0,
    literal: { with: 0, without: 0 },
    call: { with: 0, without: 0 },
    extensions: [],
  };
  for (const node of walk(tree)) {
    countQuotes(node, tree, seen);
    countEnds(node, tree, seen);
    countCommas(node, tree, seen);
    countExtension(node, seen);
  }
  return seen;
}

function countQuotes(node: ts.Node, tree: ts.SourceFile, seen: Tally): void {
  const ts = typescript();
  if (!ts.isStringLiteral(node) || ts.isJsxAttribute(node.parent)) return;
  if (/["']/.test(node.text)) return;
  if (tree.text[node.getStart(tree)] === '"') seen.double += 1;
  else seen.single += 1;
}

function countEnds(node: ts.Node, tree: ts.SourceFile, seen: Tally): void {
  const ts = typescript();
  const ends =
    ts.isExpressionStatement(node) ||
    ts.isVariableStatement(node) ||
    ts.isReturnStatement(node) ||
    ts.isImportDeclaration(node);
  if (!ends) return;
  if (tree.text[node.end - 1] === ";") seen.ended += 1;
  else seen.open += 1;
}

function countCommas(node: ts.Node, tree: ts.SourceFile, seen: Tally): void {
  const ts = typescript();
  const list = listOf(node);
  const last = list?.at(-1);
  if (list === undefined || last === undefined) return;
  const open = tree.text.slice(list.pos, list[0]?.getStart(tree) ?? list.pos);
  if (!open.includes("\n") || !tree.text.slice(last.end, node.end).includes("\n")) return;
  const kind = ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) ? seen.literal : seen.call;
  if (list.hasTrailingComma) kind.with += 1;
  else kind.without += 1;
}

/** The comma-separated list that a node holds, where a comma may follow the last item. */
export function listOf(node: ts.Node): ts.NodeArray<ts.Node> | undefined {
  const ts = typescript();
  if (ts.isObjectLiteralExpression(node)) return node.properties;
  if (ts.isArrayLiteralExpression(node)) return node.elements;
  if (ts.isCallExpression(node) || ts.isNewExpression(node)) return node.arguments;
  if (ts.isNamedImports(node) || ts.isNamedExports(node)) return node.elements;
  if (ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node)) return node.elements;
  if (ts.isFunctionLike(node)) return node.parameters;
  return undefined;
}

function commasOf(seen: Tally): Style["trailingCommas"] | undefined {
  const literal = majority(seen.literal.with, seen.literal.without, true, false);
  const call = majority(seen.call.with, seen.call.without, true, false);
  if (literal === false) return "none";
  if (call === true) return "all";
  if (call === false && literal === true) return "es5";
  return undefined;
}

function countExtension(node: ts.Node, seen: Tally): void {
  const ts = typescript();
  if (!ts.isStringLiteral(node) || !/^\.{1,2}\//.test(node.text)) return;
  const parent = node.parent;
  const required = ts.isCallExpression(parent) && parent.expression.getText() === "require";
  if (!required && !ts.isImportDeclaration(parent) && !ts.isExportDeclaration(parent)) return;
  const ending = /\.[cm]?([jt]s)x?$/.exec(node.text)?.[1];
  if (ending === undefined && /\.\w+$/.test(node.text) && !/\.(service|controller|module|routes?)$/.test(node.text))
    return;
  seen.extensions.push(ending === "js" ? ".js" : ending === "ts" ? ".ts" : "");
}

function modulesOf(tree: ts.SourceFile, file: string): Style["modules"] | undefined {
  const ts = typescript();
  if (/\.[cm][jt]s$/.test(file)) return /\.m[jt]s$/.test(file) ? "esm" : "commonjs";
  const modern = tree.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) ||
      ts.isExportDeclaration(statement) ||
      ts.isExportAssignment(statement) ||
      exported(statement),
  );
  if (modern) return "esm";
  return /\brequire\(|\bmodule\.exports\b|^exports\./m.test(tree.text) ? "commonjs" : undefined;
}

/** Whether a statement carries the `export` keyword. */
export function exported(statement: ts.Node): boolean {
  const ts = typescript();
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

/** The commonest step by which indentation grows from one line to the next. */
function indentOf(text: string): string | undefined {
  const steps = new Map<string, number>();
  let previous = "";
  for (const line of text.split("\n")) {
    const lead = /^[ \t]*/.exec(line)?.[0] ?? "";
    if (lead.length === line.trimEnd().length || /^\s*\*/.test(line)) continue;
    if (lead.startsWith(previous) && lead.length > previous.length) {
      const step = lead.slice(previous.length);
      if (step === "\t" || /^ {2,8}$/.test(step)) steps.set(step, (steps.get(step) ?? 0) + 1);
    }
    previous = lead;
  }
  return [...steps].sort((a, b) => b[1] - a[1])[0]?.[0];
}
