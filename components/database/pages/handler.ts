/** The request of the handler that asks a query: there a page can be named. */
import type { Model } from "../../../analyzers/model.ts";
import type { Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { isReference } from "../transactions/kept.ts";
import { functionAround } from "../transactions/stretch.ts";
import { expressHandlers } from "./sight.ts";

export interface Request {
  /** Its name in the code that is written. */
  name: string;
  /** The parameter, where it is to be given that name first: `_req`. */
  renamed: ts.Identifier | null;
}

/** Null where the function around is no handler of Express, or reads its query in a way of its own. */
export function requestOf(call: ts.Node, fnId: string, source: Source, model: Model): Request | null {
  const ts = typescript();
  const fn = functionAround(call);
  const [request, response] = fn?.parameters ?? [];
  if (!expressHandlers(model).has(fnId) || fn === null || request === undefined || response === undefined) return null;
  if (!ts.isIdentifier(request.name)) return null;
  const given = request.name.text;
  const uses = [...walk(fn)].filter((node) => isReference(node) && node.text === given && node !== request.name);
  if (uses.some((node) => readsWholeQuery(node, source))) return null;
  if (!given.startsWith("_")) return { name: given, renamed: null };
  const isFree = ![...walk(fn)].some((node) => ts.isIdentifier(node) && node.text === "req");
  return uses.length === 0 && isFree ? { name: "req", renamed: request.name } : null;
}

/** `find(req.query)`, `{ ...req.query }`, and parameters that say which page: the names would mean two things. */
function readsWholeQuery(node: ts.Node, { tree }: Source): boolean {
  const ts = typescript();
  const { parent } = node;
  if (!ts.isPropertyAccessExpression(parent) || parent.expression !== node || parent.name.text !== "query")
    return false;
  const read = parent.parent;
  return (
    !ts.isPropertyAccessExpression(read) ||
    /^(limit|page|skip|take|offset|cursor|per_?page|page_?size)$/i.test(read.name.getText(tree))
  );
}
