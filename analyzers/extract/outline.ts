/** What a file loads, without what it holds: enough to say who reaches whom. */
import type { Summary } from "../summary.ts";
import { emptySummary } from "./empty.ts";
import { readModuleItem } from "./modules.ts";
import type { Program } from "./tree-statements.ts";
import { nothing, type Walk } from "./walk.ts";

/** Statements that load another file. */
const loading = new Set([
  "ImportDeclaration",
  "TSImportEqualsDeclaration",
  "ExportFromDeclaration",
  "ExportAllDeclaration",
]);
const call = /(?<![.\w$])(require|import)\(\s*(["'`])([^"'`\n$]+)\2/g;

/** Notes what the file loads; the tree is not walked. */
export function readLoads(walk: Walk, program: Program): void {
  const { source, summary } = walk;
  for (const statement of program.body) if (loading.has(statement.type)) readModuleItem(walk, statement);
  for (const { index, 0: whole, 1: how, 3: specifier = "" } of source.text.matchAll(call)) {
    const span = source.span({ start: index, end: index + whole.length });
    summary.imports.push({ specifier, names: [], typeOnly: false, form: how === "require" ? how : "dynamic", span });
  }
}

/** The summary with no more than the file's own body as a function, which holds nothing. */
export function outline({ functions, ...summary }: Summary): Summary {
  const { language, modules, directives, imports, reexports, jsx, dom, problem } = summary;
  const bodies = functions.slice(0, 1).map((body) => ({ ...body, bindings: nothing, returns: [] }));
  const kept = { language, modules, directives, imports, reexports, jsx, dom, problem };
  return { ...emptySummary(language), ...kept, functions: bodies };
}
