/** Whether `await` may stand at a place. */
import type { Range, Source } from "./source.ts";
import { typescript, walk } from "./typescript.ts";
import type { ts } from "./typescript.ts";

/** In an async function; at the top of a module only where it awaits something already, or is plain JavaScript with imports. */
export function canAwait(source: Source, { start, end }: Range): boolean {
  const ts = typescript();
  let around: ts.Node | null = null;
  for (const node of walk(source.tree))
    if (ts.isFunctionLike(node) && node.getStart(source.tree) <= start && end <= node.end) around = node;
  if (around !== null) return ts.canHaveModifiers(around) && isAsync(around);
  if (source.style.modules !== "esm") return false;
  return source.style.language === "javascript" || [...walk(source.tree)].some((node) => isTopAwait(node));
}

function isAsync(node: ts.HasModifiers): boolean {
  const ts = typescript();
  return ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) ?? false;
}

function isTopAwait(node: ts.Node): boolean {
  const ts = typescript();
  if (!ts.isAwaitExpression(node)) return false;
  for (let at: ts.Node = node; !ts.isSourceFile(at); at = at.parent) if (ts.isFunctionLike(at)) return false;
  return true;
}
