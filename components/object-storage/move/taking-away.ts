/** Rewrites calls that take files away, or look whether they are there, so that they do it in the bucket. */
import type { Model } from "../../../analyzers/model.ts";
import type { Edit } from "../../../patches/edit.ts";
import { callNodeAt } from "../../../patches/editors/calls.ts";
import { openSource, replace, type Range, type Source } from "../../../patches/editors/source.ts";
import { typescript } from "../../../patches/editors/typescript.ts";
import type { ts } from "../../../patches/editors/typescript.ts";
import type { FileCall } from "./file-calls.ts";

/** The store's function that stands for the call; the range is what is written anew. */
export interface Rewrite {
  source: Source;
  name: "removeFile" | "unlinkFile" | "hasFile";
  removed: Range;
  edit: (local: string) => Edit;
}

/** Null where the rest of the function would not wait for it. */
export function rewriteOf(model: Model, { call, method, answers }: FileCall): Rewrite | null {
  const source = openSource(model.repo, call.file);
  const node = source === null ? null : callNodeAt(source, call.span);
  const [path, ...rest] = node?.arguments ?? [];
  if (source === null || node === null || path === undefined) return null;
  const name = method === "existsSync" ? "hasFile" : answers === "by-callback" ? "unlinkFile" : "removeFile";
  const isPlain = rest.length === (answers === "by-callback" ? 1 : 0);
  const callee = { start: node.expression.getStart(source.tree), end: node.expression.end };
  if (!isPlain || (answers === "at-once" && !isWaiting(node))) return null;
  if (answers !== "at-once") return { source, name, removed: callee, edit: (local) => replace(source, callee, local) };
  const isPart = !typescript().isExpressionStatement(node.parent) && !isTaken(node);
  return {
    source,
    name,
    removed: callee,
    edit: (local) =>
      isPart
        ? replace(
            source,
            { start: node.getStart(source.tree), end: node.end },
            `(await ${local}(${path.getText(source.tree)}))`,
          )
        : replace(source, callee, `await ${local}`),
  };
}

/** Where `await` needs no brackets around it. */
function isTaken({ parent }: ts.Node): boolean {
  const ts = typescript();
  return (
    ts.isIfStatement(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isBinaryExpression(parent)
  );
}

/** Whether the innermost function around is async. */
function isWaiting(node: ts.Node): boolean {
  const ts = typescript();
  const fn = ts.findAncestor(node, (parent) => ts.isFunctionLike(parent));
  return (
    fn !== undefined &&
    ts.canHaveModifiers(fn) &&
    (ts.getModifiers(fn) ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword)
  );
}
