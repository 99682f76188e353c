/** An import that has to run before all others: what it starts looks at the modules that are loaded after it. */
import type { Edit } from "../edit.ts";
import { restyle } from "./dialect-style.ts";
import { declarationsOf } from "./import-declarations.ts";
import { preambleEnd, requires } from "./import-place.ts";
import { insert, type Source } from "./source.ts";

/** Imports a module for its effect, above every import and `require`; no edit when the file imports it already. */
export function importFirst(source: Source, from: string): Edit[] {
  const declarations = declarationsOf(source);
  if (declarations.some((declaration) => declaration.from === from)) return [];
  const name = JSON.stringify(from);
  const statement = requires(source) ? `require(${name});` : `import ${name};`;
  const text = restyle(statement, { ...source.style, newline: "\n" });
  const at = Math.min(Math.max(preambleEnd(source), headEnd(source)), declarations[0]?.start ?? source.text.length);
  return [insert(source, at, `${text}\n`)];
}

/** Behind the comment that speaks of the whole file. */
function headEnd({ text }: Source): number {
  return /^\uFEFF?(#![^\n]*\n)?\/\*[\s\S]*?\*\/[ \t]*\r?\n/.exec(text)?.[0].length ?? 0;
}
