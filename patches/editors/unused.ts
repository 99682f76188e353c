/** Dropping the imports that a change leaves without a use. */
import type { Edit } from "../edit.ts";
import { declarationsOf } from "./import-declarations.ts";
import type { Binding, ImportDeclaration } from "./import-declarations.ts";
import { linesRemoved } from "./lines-removed.ts";
import { nextLine, replace } from "./source.ts";
import type { Range, Source } from "./source.ts";
import { typescript, walk } from "./typescript.ts";

/**
 * Removes the import bindings whose every use lies in the ranges that go, unless a text that comes in uses them. Imports
 * that were unused before are left alone: they may be there for their effect. `followed`: another import comes behind them.
 */
export function dropUnusedImports(
  source: Source,
  removed: readonly Range[],
  added: readonly string[] = [],
  followed = false,
): Edit[] {
  const uses = usesByName(source);
  const gone = ({ local }: Binding): boolean => {
    const places = uses.get(local) ?? [];
    const inRemoved = places.filter((place) => removed.some(({ start, end }) => start <= place && place < end));
    return places.length > 0 && inRemoved.length === places.length && !added.some((text) => mentions(text, local));
  };
  const whole: ImportDeclaration[] = [];
  const names = declarationsOf(source).flatMap((found) => {
    const unused = found.bindings.filter(gone);
    if (unused.length === 0 || unused.length < found.bindings.length) return removeNames(source, found, unused);
    whole.push(found);
    return [];
  });
  return [...names, ...removeWhole(source, whole, followed)];
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

/**
 * The lines of imports that go. What follows them (blank lines) is a replacement of its own, so that a new import can still
 * be put behind the last one.
 */
function removeWhole(source: Source, gone: readonly ImportDeclaration[], followed: boolean): Edit[] {
  const starts = declarationsOf(source).map(({ start }) => start);
  const single = gone.filter(({ start }) => starts.indexOf(start) === starts.lastIndexOf(start));
  return linesRemoved(source.text, single).flatMap((lines) => {
    const last = single.findLast(({ end }) => end <= lines.end);
    const cut = last === undefined ? lines.end : Math.min(nextLine(source, last.end), lines.end);
    const rest = { start: cut, end: lines.end };
    // The blank line behind a file's first import sets the new one apart.
    const kept = followed && lines.start === 0 ? source.text.slice(cut, lines.end) : lines.text;
    return [replace(source, { start: lines.start, end: cut }, ""), replace(source, rest, kept)];
  });
}

/** Rewrites the clause with the names that stay; only when it is plain braces, with or without a default before them. */
function removeNames(source: Source, found: ImportDeclaration, unused: readonly Binding[]): Edit[] {
  const { names } = found;
  if (names === null || unused.length === 0) return [];
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
