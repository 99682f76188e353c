/** The store of one process that a session middleware has: whether another can take its place, and taking it away then. */
import type { Edit } from "../../patches/edit.ts";
import { linesRemoved } from "../../patches/editors/lines-removed.ts";
import { type Range, replace, type Source } from "../../patches/editors/source.ts";
import { type Statement, statementsOf } from "../../patches/editors/statements.ts";
import { typescript, walk } from "../../patches/editors/typescript.ts";
import type { ts } from "../../patches/editors/typescript.ts";
import { dropUnusedImports } from "../../patches/editors/unused.ts";

/** What takes the old store away; the reason where other code may hold it, too. */
export function dropLocalStore(source: Source, options: Range): { edits: Edit[] } | { cannot: string } {
  const store = storeValue(source, options);
  if (store === null) return { edits: [] };
  const held = namesIn(store).filter((name) => name !== "session");
  const isMade = typescript().isNewExpression(store);
  const makers = makersOf(source, held, rangeOf(source, store));
  if (!isMade && makers.length === 0)
    return { cannot: `its store (\`${store.getText(source.tree)}\`) is made elsewhere, where other code may use it` };
  const gone = linesRemoved(source.text, makers).map(({ start, end, text }) => replace(source, { start, end }, text));
  return { edits: [...dropUnusedImports(source, [...makers, rangeOf(source, store)]), ...gone] };
}

/** The value of `store` among the options that are written out there. */
function storeValue(source: Source, options: Range): ts.Expression | null {
  const ts = typescript();
  for (const node of walk(source.tree)) {
    if (node.getStart(source.tree) !== options.start || node.end !== options.end) continue;
    if (!ts.isObjectLiteralExpression(node)) continue;
    const found = node.properties.find((property) => property.name?.getText(source.tree) === "store");
    if (found === undefined) return null;
    if (ts.isPropertyAssignment(found)) return found.initializer;
    if (ts.isShorthandPropertyAssignment(found)) return found.name;
  }
  return null;
}

/** The declarations behind the store (`const MemStore = MemoryStore(session)`) that nothing else uses, the nearest first. */
function makersOf(source: Source, names: readonly string[], ...uses: readonly Range[]): Statement[] {
  const makers = statementsOf(source).filter(
    ({ kind, declares: [name, ...more], start, end }) =>
      kind === "declaration" &&
      name !== undefined &&
      more.length === 0 &&
      names.includes(name) &&
      /^(const|let|var)\b/.test(source.text.slice(start, end)) &&
      isUsedOnlyIn(source, name, [...uses, { start, end }]),
  );
  if (makers.length === 0) return [];
  const inner = makers.flatMap(({ start, end, declares }) =>
    [...source.text.slice(start, end).matchAll(/[A-Za-z_$][\w$]*/g)]
      .map(([name]) => name)
      .filter((name) => !declares.includes(name) && !names.includes(name)),
  );
  return [...makers, ...makersOf(source, inner, ...uses, ...makers)];
}

function namesIn(node: ts.Node): string[] {
  const ts = typescript();
  return [...walk(node)].flatMap((each) => (ts.isIdentifier(each) ? [each.text] : []));
}

function isUsedOnlyIn(source: Source, name: string, ranges: readonly Range[]): boolean {
  const ts = typescript();
  const uses = [...walk(source.tree)].flatMap((node) =>
    ts.isIdentifier(node) && node.text === name ? [node.getStart(source.tree)] : [],
  );
  return uses.every((at) => ranges.some(({ start, end }) => start <= at && at < end));
}

function rangeOf(source: Source, node: ts.Node): Range {
  return { start: node.getStart(source.tree), end: node.end };
}
