/** How each library is told which rows of a list to read, and in which order where none was said. */
import type { Model } from "../../../analyzers/model.ts";
import type { Query } from "../../../analyzers/queries/index.ts";
import { columnOf, tablesNamed, type Table } from "../../../analyzers/schema/index.ts";
import type { Edit } from "../../../patches/edit.ts";
import { setOptions } from "../../../patches/editors/calls.ts";
import { indentAt, insert, type Source } from "../../../patches/editors/source.ts";
import { typescript, type ts } from "../../../patches/editors/typescript.ts";

const skipped = "(page - 1) * limit";

/** Null where rows could come in another order than now, or the query cannot be read. */
export function pageEdits(query: Query, call: ts.CallExpression, source: Source, model: Model): Edit[] | null {
  if (query.dialect === "mongoose") return inChain(query, call, source);
  if (query.dialect === "prisma") return inOptions(query, call, source, model);
  return null;
}

/** `.skip(...).limit(limit)` behind the rest of the chain, but before what sends it. */
function inChain(query: Query, call: ts.CallExpression, source: Source): Edit[] | null {
  const ts = typescript();
  let last: ts.Expression = call;
  let isBroken = false;
  for (;;) {
    const access: ts.Node = last.parent;
    if (!ts.isPropertyAccessExpression(access) || access.expression !== last || !ts.isCallExpression(access.parent)) break;
    if (/^(exec|lean|then|catch|cursor|orFail)$/.test(access.name.text)) break;
    isBroken ||= source.text.slice(last.end, access.name.getStart(source.tree)).includes("\n");
    last = access.parent;
  }
  const line = isBroken ? `\n${indentAt(source, last.end)}` : "";
  const order = query.order.length === 0 ? `${line}.sort({ _id: 1 })` : "";
  return [insert(source, last.end, `${order}${line}.skip(${skipped})${line}.limit(limit)`)];
}

function inOptions(query: Query, call: ts.CallExpression, source: Source, model: Model): Edit[] | null {
  const order = query.order.length > 0 ? null : orderOf(query, model);
  if (query.order.length === 0 && order === null) return null;
  const range = { start: call.getStart(source.tree), end: call.end };
  return setOptions(source, range, 0, { ...(order === null ? {} : { orderBy: order }), skip: skipped, take: "limit" });
}

/** As rows were added: by a number that grows, or else by when. */
function orderOf({ table, call }: Query, model: Model): string | null {
  const named = table === null ? [] : tablesNamed(model, table, call.file);
  const [own] = named.filter(({ source }) => source === "prisma");
  const key = own === undefined ? undefined : keyOf(own);
  if (own === undefined || key === undefined) return null;
  if (/^(int|bigint)$/.test(key.type ?? "")) return `{ ${key.names[0] ?? "id"}: "asc" }`;
  const created = columnOf(own, "createdAt");
  return created === null ? null : `[{ ${created.names[0] ?? "createdAt"}: "asc" }, { ${key.names[0] ?? "id"}: "asc" }]`;
}

function keyOf({ columns }: Table): Table["columns"][number] | undefined {
  const keys = columns.filter(({ primary }) => primary);
  return keys.length === 1 ? keys[0] : undefined;
}
