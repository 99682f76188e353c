/** Dropping the imports that a change leaves without a use. */
import type { Edit } from "../edit.ts";
import { declarationsOf } from "./import-declarations.ts";
import type { Binding, ImportDeclaration } from "./import-declarations.ts";
import { linesRemoved } from "./lines-removed.ts";
import { replace } from "./source.ts";
import type { Range, Source } from "./source.ts";
import { typescript, walk } from "./typescript.ts";

/**
 * Removes the import bindings whose every use lies in the ranges that go, unless a text that comes in uses them. Imports
 * that were unused before are left alone: they may be there for their effect.
 */
export function dropUnusedImports(source: Source, removed: readonly Range[], added: readonly string[] = []): Edit[] {
  const uses = usesByName(source);
  const gone = ({ local }: Binding): boolean => {
    const places = uses.get(local) ?? [];
    const inRemoved = places.filter((place) => removed.some(({ start, end }) => start <= place && place < end));
    return places.length > 0 && inRemoved.length === places.length && !added.some((text) => mentions(text, local));
  };
  return declarationsOf(source).flatMap((found) => {
    const unused = found.bindings.filter(gone);
    if (unused.length === 0) return [];
    return unused.length === found.bindings.length ? removeWhole(source, found) : removeNames(source, found, unused);
  });
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w$.])${name.replaceAll("$", "\\$")}(?![\\w$])`).test(text);
}

function usesByName(source: Source): Map<string, number[]> {
  const ts = typescript();
  const imports = declarationsOf(source);
  const uses = new Map<string, number[]>();
  for (const node of walk(source.tree)) {
    if (!ts.isIdentifier(node)) continue;
    const place = node.getStart(source.tree);
    const member = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    if (member || imports.some(({ start, end }) => start <= place && place < end)) continue;
    uses.set(node.text, [...(uses.get(node.text) ?? []), place]);
  }
  return uses;
}

function removeWhole(source: Source, found: ImportDeclaration): Edit[] {
  const shared = declarationsOf(source).filter(({ start }) => start === found.start).length > 1;
  if (shared) return [];
  return linesRemoved(source.text, [found]).map((gone) => replace(source, gone, ""));
}

/** Rewrites the clause with the names that stay; only when it is plain braces, with or without a default before them. */
function removeNames(source: Source, found: ImportDeclaration, unused: readonly Binding[]): Edit[] {
  const { names } = found;
  if (names === null) return [];
  const inBraces = found.bindings.filter(
    ({ range }) => names.getStart(source.tree) <= range.start && range.end <= names.end,
  );
  if (unused.some((binding) => !inBraces.includes(binding))) return [];
  const firstKept = inBraces.findIndex((binding) => !unused.includes(binding));
  if (firstKept === -1) {
    const start = source.text.lastIndexOf(",", names.getStart(source.tree));
    return [replace(source, { start, end: names.end }, "")];
  }
  return inBraces.flatMap((binding, index) => {
    if (!unused.includes(binding)) return [];
    const { start, end } = binding.range;
    const [previous, next] = [inBraces[index - 1], inBraces[index + 1]];
    if (index < firstKept) return [replace(source, { start, end: next?.range.start ?? end }, "")];
    return [replace(source, { start: previous?.range.end ?? start, end }, "")];
  });
}
