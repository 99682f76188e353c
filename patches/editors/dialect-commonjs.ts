/** Turns an ES module without types into a CommonJS one. */
import { spliced } from "../splice.ts";
import type { Replacement } from "../splice.ts";
import { exported } from "./style.ts";
import { lineAt, parseModule, typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

/** Imports become `require`, exports one `module.exports` at the end. Throws on what CommonJS cannot say. */
export function toCommonJs(text: string): string {
  const tree = parseModule(text);
  refuse(tree, text);
  const replacements: Replacement[] = [];
  const names: { local: string; as: string }[] = [];
  for (const statement of tree.statements) {
    replacements.push(...importReplaced(statement, tree));
    replacements.push(...exportReplaced(statement, tree, names));
  }
  const body = spliced(text, replacements);
  if (names.length === 0) return body;
  const entries = names.map(({ local, as }) => (local === as ? local : `${as}: ${local}`));
  return `${body.trimEnd()}\n\nmodule.exports = ${objectLiteral(entries)};\n`;
}

function objectLiteral(entries: readonly string[]): string {
  const line = `{ ${entries.join(", ")} }`;
  return line.length <= 80 ? line : `{\n${entries.map((entry) => `  ${entry},\n`).join("")}}`;
}

function refuse(tree: ts.SourceFile, text: string): void {
  const ts = typescript();
  for (const node of walk(tree)) {
    const meta = ts.isMetaProperty(node);
    const top =
      (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) &&
      !inFunction(node);
    const live =
      ts.isVariableStatement(node) && exported(node) && (node.declarationList.flags & ts.NodeFlags.Const) === 0;
    const star = ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined;
    if (!meta && !top && !live && !star) continue;
    const what = meta
      ? "import.meta"
      : top
        ? "top-level await"
        : live
          ? "an exported variable that may change"
          : "export from";
    throw new Error(`The template's line ${lineAt(text, node.getStart(tree))} has ${what}, which CommonJS does not`);
  }
}

function inFunction(node: ts.Node): boolean {
  const ts = typescript();
  return ts.findAncestor(node, (parent) => ts.isFunctionLike(parent)) !== undefined;
}

function importReplaced(statement: ts.Statement, tree: ts.SourceFile): Replacement[] {
  const ts = typescript();
  if (!ts.isImportDeclaration(statement)) return [];
  const from = `require(${statement.moduleSpecifier.getText(tree)})`;
  return [
    {
      start: statement.getStart(tree),
      end: statement.end,
      text: requires(statement.importClause, from, tree).join("\n"),
    },
  ];
}

function requires(clause: ts.ImportClause | undefined, from: string, tree: ts.SourceFile): string[] {
  const ts = typescript();
  if (clause === undefined) return [`${from};`];
  const lines: string[] = [];
  if (clause.name !== undefined) lines.push(`const ${clause.name.text} = ${from};`);
  const bindings = clause.namedBindings;
  if (bindings === undefined) return lines;
  if (ts.isNamespaceImport(bindings)) return [...lines, `const ${bindings.name.text} = ${from};`];
  const names = bindings.elements.map(({ propertyName, name }) => {
    if (propertyName === undefined) return name.text;
    return `${propertyName.getText(tree)}: ${name.text}`;
  });
  return [...lines, `const { ${names.join(", ")} } = ${from};`];
}

function exportReplaced(
  statement: ts.Statement,
  tree: ts.SourceFile,
  names: { local: string; as: string }[],
): Replacement[] {
  const ts = typescript();
  if (ts.isExportAssignment(statement)) {
    return [{ start: statement.getStart(tree), end: statement.expression.getStart(tree), text: "module.exports = " }];
  }
  if (ts.isExportDeclaration(statement)) {
    if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) return [];
    for (const { propertyName, name } of statement.exportClause.elements) {
      names.push({ local: (propertyName ?? name).getText(tree), as: name.getText(tree) });
    }
    return [{ start: statement.getFullStart(), end: statement.end, text: "" }];
  }
  if (!exported(statement)) return [];
  const declared = declaredNames(statement);
  const byDefault = /^export\s+default\b/.test(statement.getText(tree));
  if (byDefault) throw new Error("The template exports a declaration by default; name it and export the name");
  names.push(...declared.map((name) => ({ local: name, as: name })));
  const start = statement.getStart(tree);
  const keyword = /^export\s+/.exec(tree.text.slice(start))?.[0].length ?? 0;
  return [{ start, end: start + keyword, text: "" }];
}

/** The names that a statement declares in its scope. */
export function declaredNames(statement: ts.Node): string[] {
  const ts = typescript();
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name));
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
    return statement.name === undefined ? [] : [statement.name.text];
  }
  return [];
}

function boundNames(name: ts.BindingName): string[] {
  const ts = typescript();
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}
