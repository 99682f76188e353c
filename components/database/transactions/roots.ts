/** The app's client as a stretch of code names it: the same in every query, and nothing that may be a transaction already. */
import type { Query } from "../../../analyzers/queries/index.ts";
import type { Source } from "../../../patches/editors/source.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";
import { firstCallee, type Client } from "./clients.ts";
import { namesIn } from "./kept.ts";
import { functionAround, type Stretch } from "./stretch.ts";

export interface Root {
  /** As written: `prisma`, `this.prisma`. */
  text: string;
  /** Where it stands in the stretch. */
  nodes: readonly ts.Expression[];
}

export function rootIn(stretch: Stretch, queries: readonly Query[], client: Client): Root | { obstacle: string } {
  const { source } = stretch;
  const roots = queries.map((query) => rootOf(query, source, client));
  const [first] = roots;
  if (first === undefined || first === null || roots.includes(null))
    return { obstacle: "one of the queries is not asked of a client that can be seen there" };
  const text = textOf(first, source);
  if (roots.some((root) => root !== null && textOf(root, source) !== text))
    return { obstacle: "the queries are asked of several clients" };
  if (!isOwnClient(first, text)) return { obstacle: `\`${text}\` may be a transaction already` };
  const known = new Set(roots.map((root) => root?.getStart(source.tree)));
  const nodes = stretch.statements
    .flatMap((statement) => [...walk(statement)])
    .filter((node): node is ts.Expression => isExpression(node) && textOf(node, source) === text);
  const others = nodes.filter((node) => !known.has(node.getStart(source.tree)));
  return others.length === 0
    ? { text, nodes }
    : { obstacle: `\`${text}\` is used between them in a way that is not known` };
}

function rootOf({ use, call }: Query, { tree }: Source, client: Client): ts.Expression | null {
  const ts = typescript();
  if (use.call.id !== call.id) return null;
  for (const node of walk(tree)) {
    const isCall = ts.isCallExpression(node) || ts.isTaggedTemplateExpression(node);
    if (isCall && node.getStart(tree) === call.span.start && node.end === call.span.end)
      return client.rootOf(firstCallee(node));
  }
  return null;
}

function isExpression(node: ts.Node): boolean {
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
