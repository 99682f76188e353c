/** SQLAlchemy: `session.query(Order)`, `Order.query` of Flask, what a session does itself, and statements (`select(Order)`). */
import { textOf } from "../../code/text.ts";
import { indexIn } from "../../ids.ts";
import type { CallSite } from "../../model.ts";
import { linksNamed, type Chain, type Link } from "../chain.ts";
import { limitOf, type Conditions } from "../objects.ts";
import { emptyReading, type Filter, type Limit, type Operation, type Reading } from "../query.ts";
import type { Row } from "../row.ts";
import { conditionsIn } from "./conditions.ts";
import { cutLater } from "./cut.ts";
import { classMade, classNamed, holderOf } from "./names.ts";
import { executed } from "./executed.ts";

const packages = ["pypi:sqlalchemy", "pypi:flask_sqlalchemy", "pypi:sqlmodel"];

/** What ends a query, and what the database is asked then. */
const ends: Readonly<Record<string, Operation>> = {
  all: "list",
  fetchall: "list",
  first: "one",
  first_or_404: "one",
  one: "one",
  one_or_none: "one",
  one_or_404: "one",
  scalar_one: "one",
  scalar_one_or_none: "one",
  scalar: "one",
  fetchone: "one",
  get: "one",
  get_or_404: "one",
  count: "count",
  exists: "one",
  delete: "delete",
  update: "update",
  paginate: "list",
};

const flask =
  /\.query\.(all|filter_by|filter|order_by|options|join|outerjoin|get|get_or_404|first|count|paginate|limit)$/;

export const sqlalchemy: Row = {
  dialect: "sqlalchemy",
  packages,
  starts: new RegExp(`\\.query$|${flask.source}`),
  read: (chain) => {
    const [first] = chain.links;
    const table = first.method === "query" ? classNamed(first.args[0]?.value) : ofFlask(chain);
    const end = chain.links.findLast(({ method }) => ends[method] !== undefined)?.method;
    // Rows that the database counts and sums up are as many as there are groups.
    if (linksNamed(chain, "group_by").length > 0) return readChain(chain, table, "aggregate");
    const isColumn = first.method === "query" && (first.args.length > 1 || first.args[0]?.value.kind === "call");
    return table === null && !isColumn ? null : readChain(chain, table, end === undefined ? "list" : ends[end]);
  },
};

/** `session.get(Order, id)`, `session.add(Order(...))`: a session asks and writes by itself, too. */
export const sessions: Row = {
  dialect: "sqlalchemy",
  packages,
  starts: /(\)|\.session|Session)\.(get|add|add_all|bulk_save_objects)$/,
  read: ({ model, use: { api }, links: [{ method, args, call }] }) => {
    if (/\.query\./.test(api)) return null;
    const made = method === "get" ? classNamed(args[0]?.value) : classMade(model, call.file, args[0]?.value);
    if (made === null) return null;
    const id: Filter = { column: "id", table: null, how: "=", value: args[1] ?? null, sure: true };
    // What is added is written when the session is flushed, all of it at once.
    return method === "get"
      ? { ...emptyReading, operation: "one", table: made, filters: [id] }
      : { ...emptyReading, operation: "insert", table: made, many: true };
  },
};

/** Statements ask nothing before a session is given them. */
export const statements: Row = {
  dialect: "sqlalchemy",
  packages,
  starts: /^pypi:(sqlalchemy|sqlmodel):(.*\.)?select$/,
  extend: executed,
  read: (chain) => {
    const [{ args, call }] = chain.links;
    const [from] = linksNamed(chain, "select_from");
    const table = classNamed(args[0]?.value) ?? classNamed(from?.args[0]?.value) ?? countedIn(chain, call);
    const end = chain.links.findLast(({ method }) => ends[method] !== undefined && method !== "exists")?.method;
    const isNumber = args.length > 0 && args.every(({ value }) => value.kind === "call");
    const isGrouped = linksNamed(chain, "group_by").length > 0;
    const asked = end === undefined ? "list" : ends[end];
    return readChain(chain, table, isNumber || isGrouped ? "aggregate" : asked);
  },
};

/** `Order` of `select(func.count(Order.id))`. */
function countedIn({ model }: Chain, call: CallSite): string | null {
  return /\(\s*[\w.]+\(\s*([A-Z]\w*)/.exec(textOf(model, call))?.[1] ?? null;
}

/** `Order` of `Order.query.all()`. */
function ofFlask({ model, use: { call } }: Chain): string | null {
  const object = holderOf(model, call);
  return object?.kind === "member" && object.property === "query" ? classNamed(object.object) : null;
}

function readChain(chain: Chain, table: string | null, operation: Operation = "list"): Reading {
  const { links, handedOn } = chain;
  const found = whereIn(chain);
  const isOpen = handedOn || found.open;
  const [limit] = linksNamed(chain, "limit", "fetch");
  const isPaged = linksNamed(chain, "offset", "paginate", "slice").length > 0;
  return {
    ...emptyReading,
    operation,
    table,
    filters: found.filters.map((filter) => (filter.table === table ? { ...filter, table: null } : filter)),
    open: isOpen,
    order: linksNamed(chain, "order_by").flatMap(() => "?"),
    limit: operation === "list" ? limitIn(chain, limit, isOpen || isPaged) : { kind: "none" },
    paged: isPaged,
    relations: linksNamed(chain, "options").flatMap((link) => loadedBy(chain, link)),
    locks: links.some(({ method }) => method === "with_for_update"),
  };
}

function whereIn(chain: Chain): Conditions {
  const byId = linksNamed(chain, "get", "get_or_404").flatMap(({ args: [id] }): Filter[] =>
    id === undefined ? [] : [{ column: "id", table: null, how: "=", value: id, sure: true }],
  );
  const conditions = linksNamed(chain, "filter", "filter_by", "where", "having").map(({ args, sure }) =>
    conditionsIn(chain.model, args, sure),
  );
  return {
    filters: [...byId, ...conditions.flatMap(({ filters }) => filters)],
    open: conditions.some(({ open }) => open),
  };
}

/** Conditions that could not be read may leave a row or two. */
function limitIn({ model, use: { call } }: Chain, written: Link | undefined, isOpen: boolean): Limit {
  if (written !== undefined) return limitOf(model, written.args[0]);
  const cut = cutLater(model, call);
  return cut.kind === "none" && isOpen ? { kind: "unknown" } : cut;
}

/** `joinedload(Order.user)`, `selectinload(Order.items)`: what is read along. */
function loadedBy({ model }: Chain, { call }: Link): string[] {
  const args = model.summary(call.file)?.calls[indexIn(call.id)]?.args ?? [];
  return args.flatMap((arg) =>
    arg.kind === "call"
      ? [...textOf(model, { file: call.file, span: call.span }).matchAll(/load\(\s*[\w.]*?\.?(\w+)\s*\)/g)].flatMap(
          ([, name]) => name ?? [],
        )
      : [],
  );
}
