/** Libraries that are told of a transaction in each query's options. */
import type { Query } from "../../../analyzers/queries/index.ts";
import type { Edit } from "../../../patches/edit.ts";
import { callNodeAt } from "../../../patches/editors/calls.ts";
import type { Source } from "../../../patches/editors/source.ts";
import { typescript, type ts } from "../../../patches/editors/typescript.ts";
import type { Obstacle, Work } from "./client.ts";

export interface Asked {
  query: Query;
  call: ts.CallExpression;
  /** What is called on what: `Order.create`. */
  method: string;
  owner: ts.Expression;
}

/** Each query's own call, or why one cannot be told of a transaction. */
export function askedIn({ source, queries }: Work): Asked[] | Obstacle {
  const ts = typescript();
  const found = queries.flatMap((query): Asked[] => {
    const call = query.use.call.id === query.call.id ? callNodeAt(source, query.call.span) : null;
    if (call === null || !ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return [];
    return [{ query, call, method: call.expression.name.text, owner: call.expression.expression }];
  });
  return found.length === queries.length
    ? found
    : { obstacle: "one of the queries is asked through a function of the app" };
}

/** The edits of all, or null when one of them cannot be made. */
export function all(edits: readonly (readonly Edit[] | null)[]): Edit[] | null {
  return edits.every((each) => each !== null) ? edits.flat() : null;
}

export function rangeOf(node: ts.Node, { tree }: Source): { start: number; end: number } {
  return { start: node.getStart(tree), end: node.end };
}
