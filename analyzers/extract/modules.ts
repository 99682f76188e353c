/** ES modules and their TypeScript variants: what a file imports, exports and passes on. */
import type { Value } from "../summary.ts";
import { importedNames, moduleName } from "./hoist.ts";
import { bind, resolve } from "./names.ts";
import { namedValue } from "./naming.ts";
import { declaredNames } from "./patterns.ts";
import type { Expression, List } from "./tree.ts";
import type { Declaration, ImportNode, ExportSpecifier, ModuleItem, Statement } from "./tree-statements.ts";
import { unknown, type Walk } from "./walk.ts";

type Item<Type extends ModuleItem["type"]> = Extract<ModuleItem, { type: Type }>;

/** Walks an import or export; other statements hold nothing to note. */
export function readModuleItem(walk: Walk, node: Statement): void {
  switch (node.type) {
    case "ImportDeclaration":
      readImport(walk, node);
      break;
    case "TSImportEqualsDeclaration":
      readImportEquals(walk, node);
      break;
    case "ExportNamedDeclaration":
      walk.summary.modules = "esm";
      if (node.exportKind === "value") exportNames(walk, node.specifiers);
      break;
    case "ExportFromDeclaration":
      reexport(walk, node);
      for (const { local, exported, exportKind } of node.specifiers) {
        if (node.exportKind === "value" && exportKind === "value") {
          addReexport(walk, node.source.value, moduleName(local), moduleName(exported));
        }
      }
      break;
    case "ExportAllDeclaration":
      reexport(walk, node);
      if (node.exportKind === "value") {
        addReexport(walk, node.source.value, "*", node.exported === null ? "*" : moduleName(node.exported));
      }
      break;
    case "ExportDefaultDeclaration":
      walk.summary.modules = "esm";
      exportDefault(walk, node);
      break;
    case "TSExportAssignment": {
      const value = namedValue(walk, node.expression, null, "other");
      walk.summary.exports["module.exports"] = value;
      break;
    }
    default:
  }
}

function readImport(walk: Walk, node: ImportNode): void {
  const { summary } = walk;
  summary.modules = "esm";
  const specifiers = [...(node.specifiers ?? [])];
  const onlyTypes =
    specifiers.length > 0 &&
    specifiers.every((specifier) => specifier.type === "ImportSpecifier" && specifier.importKind === "type");
  summary.imports.push({
    specifier: String(node.source.value),
    names: importedNames(node),
    typeOnly: node.importKind === "type" || onlyTypes,
    form: "import",
    span: walk.source.span(node),
  });
  if (node.importKind !== "type" && String(node.source.value).startsWith("$env/static/")) readStaticEnv(walk, node);
}

/** SvelteKit: `import { STRIPE_KEY } from "$env/static/private"` reads the environment by importing from it. */
function readStaticEnv(walk: Walk, node: ImportNode): void {
  const span = walk.source.span(node);
  for (const { imported } of importedNames(node)) walk.summary.env.push({ name: imported, default: null, span });
}

/** `import x = require("y")`, and `import x = a.b`, which only renames. */
function readImportEquals(walk: Walk, node: Item<"TSImportEqualsDeclaration">): void {
  const { id, moduleReference } = node;
  if (moduleReference.type !== "TSExternalModuleReference") {
    bind(walk, id.name, unknown);
    return;
  }
  const specifier = String(moduleReference.expression.value);
  walk.summary.imports.push({
    specifier,
    names: [{ imported: "*", local: id.name }],
    typeOnly: node.importKind === "type",
    form: "require",
    span: walk.source.span(node),
  });
  const value: Value = { kind: "imported", specifier, name: "*" };
  bind(walk, id.name, value);
  walk.frame.names.set(id.name, value);
}

/** The names that `export const a`, `export function b` and their like declare. */
export function exportDeclared(walk: Walk, node: Declaration): void {
  walk.summary.modules = "esm";
  if (node.type === "VariableDeclaration") {
    for (const { id } of node.declarations) for (const name of declaredNames(walk, id)) exportName(walk, name, name);
  } else if (
    (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration" || node.type === "TSEnumDeclaration") &&
    node.id
  ) {
    exportName(walk, node.id.name, node.id.name);
  }
}

function exportNames(walk: Walk, specifiers: List<ExportSpecifier>): void {
  for (const { local, exported, exportKind } of specifiers) {
    if (exportKind === "value") exportName(walk, moduleName(exported), moduleName(local));
  }
}

function exportName(walk: Walk, exported: string, local: string): void {
  walk.summary.exports[exported] = resolve(walk, local);
}

function exportDefault(walk: Walk, node: Item<"ExportDefaultDeclaration">): void {
  const { declaration } = node;
  const isDeclared = declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
  if (!isDeclared && declaration.type.startsWith("TS") && declaration.type.endsWith("Declaration")) return;
  const value = namedValue(walk, declaration as Expression, null, "other", isDeclared ? { range: node } : {});
  if (isDeclared && declaration.id) {
    bind(walk, declaration.id.name, value);
    exportName(walk, "default", declaration.id.name);
  } else walk.summary.exports["default"] = value;
}

function reexport(walk: Walk, node: Item<"ExportFromDeclaration" | "ExportAllDeclaration">): void {
  const { summary } = walk;
  summary.modules = "esm";
  summary.imports.push({
    specifier: String(node.source.value),
    names: [],
    typeOnly: node.exportKind === "type",
    form: "reexport",
    span: walk.source.span(node),
  });
}

function addReexport(walk: Walk, specifier: unknown, name: string, as: string): void {
  walk.summary.reexports.push({ specifier: String(specifier), name, as });
}
