/** Importing what another file of the app exports, under whatever name and in whatever form it does. */
import { posix } from "node:path";
import { bindingsOf } from "./import-declarations.ts";
import { freeName, type ImportWish } from "./imports.ts";
import type { Source } from "./source.ts";
import { specifierFor } from "./specifier.ts";
import type { Style } from "./style.ts";

/** An export of a file: its name, `default`, or `*` when it is all that a CommonJS module exports. */
export interface Export {
  file: string;
  exported: string;
  /** What to call it where it is imported, if that name is free. */
  local: string;
}

/** The name an export has in a file, and the import it takes: none for the file's own and for what is imported already. */
export function importOf(source: Source, { file, exported, local }: Export): { name: string; wish: ImportWish | null } {
  if (file === source.file) return { name: local, wish: null };
  const known = bindingsOf(source).find(
    (binding) => binding.imported === exported && !binding.typeOnly && isSameModule(source.file, binding.from, file),
  );
  if (known !== undefined) return { name: known.local, wish: null };
  const name = freeName(source, local);
  const from = specifierFor(source.file, file, source.style);
  if (isWhole(exported)) return { name, wish: { from, default: name } };
  return { name, wish: { from, names: [{ name: exported, as: name }] } };
}

/** An import statement in template style, without its semicolon, for a file that is yet to be written. */
export function importStatement(importer: string, style: Style, { file, exported, local }: Export): string {
  const from = JSON.stringify(specifierFor(importer, file, style));
  if (isWhole(exported)) return `import ${local} from ${from}`;
  return `import { ${exported === local ? local : `${exported} as ${local}`} } from ${from}`;
}

function isWhole(exported: string): boolean {
  return exported === "default" || exported === "*";
}

/** Whether a specifier means the file; aliases (`@/db`) are taken at their last part. */
export function isSameModule(importer: string, specifier: string, file: string): boolean {
  const bare = withoutEnding(file);
  const asked = withoutEnding(specifier);
  if (asked.startsWith(".")) return posix.join(posix.dirname(importer), asked) === bare;
  return /^[@~#][\w-]*\//.test(asked) && bare.endsWith(asked.replace(/^[@~#][\w-]*/, ""));
}

function withoutEnding(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, "").replace(/\/index$/, "");
}
