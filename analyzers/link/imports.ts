/** The import graph: which files of the repo each file loads at run time. */
import { autoImports, openNames } from "./auto-imports.ts";
import type { Modules } from "./modules.ts";
import type { FnNode, Program } from "./program.ts";

export function importsOf(program: Program, modules: Modules): Map<string, string[]> {
  const imports = new Map<string, string[]>();
  const auto = autoImports(program);
  for (const [path, file] of program.files) {
    const { summary } = file;
    const targets = new Set<string>();
    const specifiers = [
      ...summary.imports.filter((each) => !each.typeOnly).map((each) => each.specifier),
      ...summary.reexports.map((each) => each.specifier),
    ];
    for (const specifier of specifiers) {
      const resolved = modules.resolve(path, specifier);
      if (resolved.kind === "file" && resolved.file !== path) targets.add(resolved.file);
    }
    for (const name of auto.isUsed ? openNames(file) : []) {
      const found = auto.find(file, name);
      if (found?.kind === "export" && found.file !== file) targets.add(found.file.path);
    }
    imports.set(path, [...targets]);
  }
  return imports;
}

/** Module body -> the module bodies whose files load it. */
export function importersOf(program: Program, imports: ReadonlyMap<string, readonly string[]>): Map<FnNode, FnNode[]> {
  const importers = new Map<FnNode, FnNode[]>();
  for (const [path, targets] of imports) {
    const importer = program.files.get(path)?.fns[0];
    for (const target of targets) {
      const body = program.files.get(target)?.fns[0];
      if (body === undefined || importer === undefined) continue;
      const known = importers.get(body);
      if (known === undefined) importers.set(body, [importer]);
      else known.push(importer);
    }
  }
  return importers;
}
