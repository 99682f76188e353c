/** The imports a file has, `import` and top-level `require` alike. */
import type { Edit } from "../edit.ts";
import { insert } from "./source.ts";
import type { Range, Source } from "./source.ts";
import { typescript } from "./typescript.ts";
import type { ts } from "./typescript.ts";

export interface Binding {
  /** `default`, `*` or the exported name; a whole `require` is `*`. */
  imported: string;
  local: string;
  typeOnly: boolean;
  /** The specifier or declaration of this name alone. */
  range: Range;
}

export interface ImportDeclaration extends Range {
  from: string;
  form: "import" | "require";
  typeOnly: boolean;
  bindings: Binding[];
  /** The braces with the names, null where there are none. */
  names: ts.NamedImports | ts.ObjectBindingPattern | null;
}

export function declarationsOf(source: Source): ImportDeclaration[] {
  return source.tree.statements.flatMap((statement) => esm(statement, source) ?? commonJs(statement, source));
}

export function bindingsOf(source: Source): (Binding & { from: string })[] {
  return declarationsOf(source).flatMap((found) => found.bindings.map((binding) => ({ ...binding, from: found.from })));
}

function esm(statement: ts.Statement, source: Source): ImportDeclaration[] | null {
  const ts = typescript();
  if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return null;
  const clause = statement.importClause;
  const typeOnly = clause?.isTypeOnly ?? false;
  const bindings: Binding[] = [];
  if (clause?.name !== undefined) bindings.push(binding("default", clause.name, clause.name, typeOnly, source));
  const named = clause?.namedBindings;
  if (named !== undefined && ts.isNamespaceImport(named))
    bindings.push(binding("*", named.name, named, typeOnly, source));
  const names = named !== undefined && ts.isNamedImports(named) ? named : null;
  for (const name of names?.elements ?? []) {
    bindings.push(binding((name.propertyName ?? name.name).text, name.name, name, typeOnly || name.isTypeOnly, source));
  }
  return [
    {
      ...rangeOf(statement, source),
      from: statement.moduleSpecifier.text,
      form: "import",
      typeOnly,

      bindings,
      names,
    },
  ];
}

function binding(imported: string, name: ts.Identifier, node: ts.Node, typeOnly: boolean, source: Source): Binding {
  return { imported, local: name.text, typeOnly, range: rangeOf(node, source) };
}

function rangeOf(node: ts.Node, source: Source): Range {
  return { start: node.getStart(source.tree), end: node.end };
}

/** `const x = require("m")`, `const { a } = require("m")`, `require("m")`; several in one statement count together. */
function commonJs(statement: ts.Statement, source: Source): ImportDeclaration[] {
  const ts = typescript();
  const place = { ...rangeOf(statement, source), typeOnly: false };
  if (ts.isExpressionStatement(statement)) {
    const from = requiredModule(statement.expression);
    return from === null ? [] : [{ ...place, from, form: "require", bindings: [], names: null }];
  }
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap((declaration) => {
    const { name, initializer } = declaration;
    const from = initializer === undefined ? null : requiredModule(initializer);
    if (from === null) return [];
    const found: ImportDeclaration = { ...place, from, form: "require", bindings: [], names: null };
    if (ts.isIdentifier(name)) return [{ ...found, bindings: [binding("*", name, declaration, false, source)] }];
    if (!ts.isObjectBindingPattern(name)) return [];
    const bindings = name.elements.flatMap((element) => {
      if (!ts.isIdentifier(element.name)) return [];
      const imported = element.propertyName?.getText(source.tree) ?? element.name.text;
      return [binding(imported, element.name, element, false, source)];
    });
    return [{ ...found, bindings, names: name }];
  });
}

function requiredModule(node: ts.Expression): string | null {
  const ts = typescript();
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== "require")
    return null;
  const [argument] = node.arguments;
  return argument !== undefined && ts.isStringLiteralLike(argument) ? argument.text : null;
}

/** Adds names to the braces of an import, one line each where it is written so. */
export function insertInto(source: Source, home: ImportDeclaration, names: readonly string[]): Edit {
  const braces = home.names;
  if (braces === null) throw new Error("The import has no braces to add names to");
  const last = braces.elements.at(-1);
  if (last === undefined) return insert(source, braces.getStart(source.tree) + 1, ` ${names.join(", ")} `);
  const lead = /\n[ \t]*$/.exec(source.text.slice(0, last.getStart(source.tree)))?.[0] ?? " ";
  return insert(source, last.end, names.map((name) => `,${lead}${name}`).join(""));
}
