/** Imports by the alias that a file's other imports go by. */
import { posix } from "node:path";
import type { Repo } from "../../analyzers/repo/repo.ts";
import { declarationsOf } from "./import-declarations.ts";
import type { Source } from "./source.ts";
import { specifierFor } from "./specifier.ts";

const alias = /^(@|~|#|src|\$lib)\//;

/** `@/lib/limits` where the file imports its neighbours so; null where it does not, or the target lies outside. */
export function aliasedSpecifier(repo: Repo, source: Source, target: string): string | null {
  for (const { from } of declarationsOf(source)) {
    const lead = alias.exec(from)?.[0];
    if (lead === undefined) continue;
    const base = baseOf(repo, source.file, from.slice(lead.length));
    if (base === null || !target.startsWith(base)) continue;
    const file = posix.join(base, "it.ts");
    return specifierFor(file, target, source.style).replace(/^\.\//, lead);
  }
  return null;
}

/** The folder that an alias stands for: the one in which what the file imports by it is found. */
function baseOf(repo: Repo, file: string, rest: string): string | null {
  const folders = posix.dirname(file).split("/");
  const endings = [".ts", ".tsx", ".js", ".jsx", ".mjs", "/index.ts", "/index.tsx", "/index.js", ""];
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    const base = folders
      .slice(0, depth)
      .map((name) => `${name}/`)
      .join("");
    if (base === "./") continue;
    for (const src of ["", "src/"])
      if (endings.some((ending) => repo.has(`${base}${src}${rest}${ending}`))) return base + src;
  }
  return null;
}
