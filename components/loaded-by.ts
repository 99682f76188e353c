/** Which files come along when one is loaded. */
import { posix } from "node:path";
import type { Model } from "../analyzers/model.ts";

const endings = ["", ".ts", ".js", ".tsx", ".mjs", ".cjs", ".mts", ".cts", "/index.ts", "/index.js"];

/** The file behind a relative specifier; empty for packages and what is not there. */
export function resolved(from: string, specifier: string, model: Model): string[] {
  if (!specifier.startsWith(".")) return [];
  const path = posix.normalize(posix.join(posix.dirname(from), specifier));
  const bare = path.replace(/\.[cm]?js$/, "");
  const found = [path, bare]
    .flatMap((base) => endings.map((ending) => base + ending))
    .find((name) => model.repo.has(name));
  return found === undefined ? [] : [found];
}

/** The file itself and every file of the app that loading it loads, as far as relative imports tell. */
export function loadedBy(file: string, model: Model): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [file];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const summary = seen.has(at) ? null : model.summary(at);
    if (summary === null) continue;
    seen.add(at);
    const imports = summary.imports.filter(({ typeOnly, form }) => !typeOnly && form !== "dynamic");
    for (const { specifier } of [...imports, ...summary.reexports]) waiting.push(...resolved(at, specifier, model));
  }
  return seen;
}
