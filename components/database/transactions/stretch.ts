/** The statements that a transaction would hold: from the first write to the last one, in the list that has them all. */
import type { Span } from "../../../analyzers/summary.ts";
import type { Range, Source } from "../../../patches/editors/source.ts";
import { withComments } from "../../../patches/editors/statements.ts";
import { typescript, walk, type ts } from "../../../patches/editors/typescript.ts";

export interface Stretch extends Range {
  source: Source;
  statements: readonly ts.Statement[];
  /** What stands behind it in the same list. */
  behind: readonly ts.Statement[];
  /** The list's own node. */
  block: ts.Node;
  /** The innermost function around it. */
  fn: ts.SignatureDeclaration;
}

/** Null where the places share no list of statements within one function. */
export function stretchAround(source: Source, places: readonly Pick<Span, "start" | "end">[]): Stretch | null {
  let found: { block: ts.Node; list: readonly ts.Statement[] } | null = null;
  const start = Math.min(...places.map((place) => place.start));
  const end = Math.max(...places.map((place) => place.end));
  for (const node of walk(source.tree)) {
    const list = statementsIn(node);
    if (list !== null && node.getStart(source.tree) <= start && end <= node.end) found = { block: node, list };
  }
  const fn = found === null ? null : functionAround(found.block);
  if (found === null || fn === null) return null;
  const { block, list } = found;
  const first = list.findIndex((statement) => statement.end > start);
  const last = list.findLastIndex((statement) => statement.getStart(source.tree) < end);
  return stretchOf(source, block, fn, list, first, last);
}

function stretchOf(
  source: Source,
  block: ts.Node,
  fn: ts.SignatureDeclaration,
  list: readonly ts.Statement[],
  first: number,
  last: number,
): Stretch | null {
  const next = list[last + 1];
  const end = next !== undefined && isPlainReturn(next) ? last + 1 : last;
  const statements = list.slice(first, end + 1);
  const [head] = statements;
  const tail = statements.at(-1);
  if (head === undefined || tail === undefined) return null;
  return {
    source,
    statements,
    behind: list.slice(end + 1),
    block,
    fn,
    start: withComments(source, head.getStart(source.tree)),
    end: tail.end,
  };
}

/** `return order;`, `return { order, items };`: it may as well be what the transaction gives. */
function isPlainReturn(statement: ts.Statement): boolean {
  const ts = typescript();
  if (!ts.isReturnStatement(statement) || statement.expression === undefined) return false;
  const { expression } = statement;
  return ![...walk(expression)].some(
    (node) => ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isAwaitExpression(node),
  );
}

function statementsIn(node: ts.Node): readonly ts.Statement[] | null {
  const ts = typescript();
  return ts.isBlock(node) || ts.isCaseOrDefaultClause(node) ? node.statements : null;
}

export function functionAround(node: ts.Node): ts.SignatureDeclaration | null {
  for (let at: ts.Node | undefined = node; at !== undefined; at = at.parent)
    if (typescript().isFunctionLike(at)) return at;
  return null;
}

/** Nodes that run when the statement runs: functions written in it are looked into only where `deep`. */
export function* within(node: ts.Node): Generator<ts.Node> {
  yield node;
  if (typescript().isFunctionLike(node)) return;
  const children: ts.Node[] = [];
  typescript().forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* within(child);
}
