/** Making a top-level declaration available to other files. */
import type { Edit } from "../edit.ts";
import { declaredNames } from "./dialect-commonjs.ts";
import { insert } from "./source.ts";
import type { Source } from "./source.ts";
import { exported } from "./style.ts";
import { typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

export interface Exported {
  edits: Edit[];
  /** The name to import: the declaration's own, an alias, or `default`. In CommonJS `*` is the whole module. */
  as: string;
}

/** Edits (none when it is exported already) that export a top-level function, class or constant; null when there is none of that name. */
export function exportDeclaration(source: Source, name: string): Exported | null {
  const statement = source.tree.statements.find((node) => declaredNames(node).includes(name));
  if (statement === undefined) return null;
  const already = exportedName(source, statement, name);
  if (already !== null) return { edits: [], as: already };
  if (source.style.modules === "esm") {
    return { edits: [insert(source, statement.getStart(source.tree), "export ")], as: name };
  }
  return commonJsExport(source, name);
}

function exportedName(source: Source, statement: ts.Statement, name: string): string | null {
  const ts = typescript();
  if (exported(statement)) return /^export\s+default\b/.test(statement.getText(source.tree)) ? "default" : name;
  for (const node of source.tree.statements) {
    if (ts.isExportAssignment(node) && node.expression.getText(source.tree) === name) return "default";
    if (!ts.isExportDeclaration(node) || node.moduleSpecifier !== undefined) continue;
    if (node.exportClause === undefined || !ts.isNamedExports(node.exportClause)) continue;
    const found = node.exportClause.elements.find((element) => (element.propertyName ?? element.name).text === name);
    if (found !== undefined) return found.name.text;
  }
  return commonJsName(source, name);
}

/** `module.exports = name`, `module.exports = { name }`, `module.exports.x = name`, `exports.x = name`. */
function commonJsName(source: Source, name: string): string | null {
  const ts = typescript();
  for (const { target, value } of commonJsExports(source)) {
    const member = /^(?:module\.)?exports\.([\w$]+)$/.exec(target)?.[1];
    if (member !== undefined && value.getText(source.tree) === name) return member;
    if (target !== "module.exports") continue;
    if (value.getText(source.tree) === name) return "*";
    if (!ts.isObjectLiteralExpression(value)) continue;
    for (const property of value.properties) {
      if (ts.isShorthandPropertyAssignment(property) && property.name.text === name) return name;
      if (ts.isPropertyAssignment(property) && property.initializer.getText(source.tree) === name)
        return property.name.getText(source.tree);
    }
  }
  return null;
}

function commonJsExports(source: Source): { target: string; value: ts.Expression; statement: ts.Node }[] {
  const ts = typescript();
  return [...walk(source.tree)].flatMap((node) => {
    if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return [];
    const target = node.left.getText(source.tree);
    return /^(module\.)?exports(\.[\w$]+)?$/.test(target)
      ? [{ target, value: node.right, statement: node.parent }]
      : [];
  });
}

function commonJsExport(source: Source, name: string): Exported | null {
  const ts = typescript();
  const assignments = commonJsExports(source);
  const whole = assignments.find(({ target }) => target === "module.exports");
  if (whole !== undefined && ts.isObjectLiteralExpression(whole.value)) {
    const last = whole.value.properties.at(-1);
    if (last === undefined)
      return { edits: [insert(source, whole.value.getStart(source.tree) + 1, ` ${name} `)], as: name };
    const lead = /\r?\n[ \t]*$/.exec(source.text.slice(0, last.getStart(source.tree)))?.[0] ?? " ";
    return { edits: [insert(source, last.end, `,${lead}${name}`)], as: name };
  }
  const ending = source.style.semicolons ? ";" : "";
  const line = `module.exports.${name} = ${name}${ending}`;
  const after = assignments.at(-1)?.statement.end;
  if (after !== undefined) return { edits: [insert(source, after, `\n${line}`)], as: name };
  const gap = source.text.endsWith("\n") ? "\n" : "\n\n";
  return { edits: [insert(source, source.text.length, `${gap}${line}\n`)], as: name };
}
