/** The app's clients as a stretch of code names them: the same in every query, and nothing that may be a transaction already. */
import type { Query } from "../../../analyzers/queries/index.ts";
import type { Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import type { Obstacle, Work } from "./client.ts";
import { firstCallee } from "./first-callee.ts";
import { namesIn } from "./kept.ts";
import { functionAround } from "./stretch.ts";

export interface Root {
  /** As written: `prisma`, `this.prisma`. */
  text: string;
  node: ts.Expression;
}

/** The client within the first thing that a query calls; null where it is asked in a way that is not known. */
export type RootOf = (callee: ts.Expression) => ts.Expression | null;

/** One root per query. `harmless`: what else may be done with a client between them (`orders.create(row)`, which asks nothing). */
export function rootsIn(
  { source, statements, queries }: Work,
  rootOf: RootOf,
  harmless: (node: ts.Expression) => boolean = () => false,
): Root[] | Obstacle {
  const found = queries.map((query) => rootOfQuery(query, source, rootOf));
  const nodes = found.flatMap((node) => node ?? []);
  if (nodes.length < found.length)
    return { obstacle: "one of the queries is not asked of a client that can be seen there" };
  const roots = nodes.map((node) => ({ node, text: textOf(node, source) }));
  for (const { node, text } of roots)
    if (!isOwnClient(node, text)) return { obstacle: `\`${text}\` may be a transaction already` };
  const known = new Set(nodes.map((node) => node.getStart(source.tree)));
  const texts = new Set(roots.map(({ text }) => text));
  const other = statements
    .flatMap((statement) => [...walk(statement)])
    .find(
      (node) =>
        isExpression(node) &&
        texts.has(textOf(node, source)) &&
        !known.has(node.getStart(source.tree)) &&
        !harmless(node),
    );
  return other === undefined
    ? roots
    : { obstacle: `\`${textOf(other, source)}\` is used between them in a way that is not known` };
}

function rootOfQuery({ use, call }: Query, { tree }: Source, rootOf: RootOf): ts.Expression | null {
  const ts = typescript();
  if (use.call.id !== call.id) return null;
  for (const node of walk(tree)) {
    const isCall = ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node);
    if (isCall && node.getStart(tree) === call.span.start && node.end === call.span.end)
      return rootOf(firstCallee(node));
  }
  return null;
}

function isExpression(node: ts.Node): node is ts.Expression {
  const ts = typescript();
  if (ts.isPropertyAccessExpression(node)) return true;
  return (
    ts.isIdentifier(node) &&
    !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
    !(ts.isPropertyAssignment(node.parent) && node.parent.name === node)
  );
}

function textOf(node: ts.Node, { tree }: Source): string {
  return node.getText(tree).replace(/\s+/g, "");
}

/** Of the module, of the object, or of the request's context: what a function is given may be anything. */
function isOwnClient(root: ts.Expression, text: string): boolean {
  const [head = ""] = text.split(/[.?!(]/);
  if (head === "this") return /^this(\.\w+)+$/.test(text);
  if (!/^\w+(\.\w+)*$/.test(text)) return false;
  if (/^(ctx|context)\.(db|prisma|drizzle|knex)$/.test(text)) return true;
  for (let fn = functionAround(root); fn !== null; fn = functionAround(fn.parent))
    if (fn.parameters.some(({ name }) => namesIn(name).includes(head))) return false;
  return true;
}
