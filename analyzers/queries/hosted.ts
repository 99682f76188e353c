/** Databases spoken to over HTTP: supabase-js and Firestore. */
import type { Expr } from "../flow/expression.ts";
import { linksNamed, type Chain, type Link } from "./chain.ts";
import { assignmentsOf, comparisonOf, isList, limitOf } from "./objects.ts";
import { emptyReading, type Filter, type Limit, type Reading } from "./query.ts";
import { operatorOf } from "./knex.ts";
import { entriesOf, literalOf, textOf } from "./resolve.ts";
import type { Row } from "./row.ts";

export const supabase: Row = {
  dialect: "supabase",
  packages: ["@supabase/supabase-js", "@supabase/ssr", "@supabase/auth-helpers-nextjs", "pypi:supabase"],
  starts:
    /(createClient|createServerClient|createBrowserClient|createRouteHandlerClient|createServerComponentClient)\(\)(\.schema\(\))?\.from$|create_(async_)?client\(\)(\.schema\(\))?\.(table|from_)$/,
  read: readSupabase,
};

export const firestore: Row = {
  dialect: "firestore",
  packages: ["firebase-admin", "firebase-admin/firestore", "@google-cloud/firestore"],
  starts: /(firestore|getFirestore|Firestore)\(\)\.collection$/,
  read: readFirestore,
};

const compared = new Set(["eq", "in", "in_", "gt", "gte", "lt", "lte", "like", "ilike"]);

function readSupabase(chain: Chain): Reading | null {
  const { model, links, handedOn } = chain;
  const [{ args }] = links;
  const write = links.find(({ method }) => ["insert", "update", "upsert", "delete"].includes(method));
  const [select] = linksNamed(chain, "select");
  if (write === undefined && select === undefined) return null;
  const filters = links.flatMap((link) => filterOf(chain, link));
  const options = select?.args[1] === undefined ? null : entriesOf(model, select.args[1]);
  const counts = options?.entries.has("head") === true;
  const isOne = linksNamed(chain, "single", "maybeSingle", "maybe_single").length > 0;
  const text = textOf(model, select?.args[0]) ?? "*";
  return {
    ...emptyReading,
    operation: writeOf(write) ?? (counts ? "count" : isOne ? "one" : "list"),
    table: textOf(model, args[0]),
    filters,
    open: handedOn || linksNamed(chain, "or", "not", "filter", "textSearch", "contains", "neq", "is").length > 0,
    order: linksNamed(chain, "order").flatMap(({ args: [first] }) => textOf(model, first) ?? []),
    limit: handedOn ? { kind: "unknown" } : rangeOf(chain),
    paged: linksNamed(chain, "range").length > 0,
    relations: [...text.matchAll(/([\w-]+)(?:![\w-]+)?\s*\(/g)].flatMap(([, name]) =>
      name === undefined ? [] : [name],
    ),
    columns: /[*(]/.test(text) ? null : text.split(",").map((each) => each.trim()),
    sets: assignmentsOf(model, write?.args[0]),
    many: isList(model, write?.args[0]),
  };
}

function writeOf(link: Link | undefined): Reading["operation"] | null {
  const method = link?.method;
  return method === "insert" || method === "update" || method === "upsert" || method === "delete" ? method : null;
}

function filterOf({ model }: Chain, { method, args: [first, second], sure }: Link): Filter[] {
  if (method === "match") {
    const entries = first === undefined ? null : entriesOf(model, first);
    return [...(entries?.entries ?? [])].map(([column, value]) => ({ column, table: null, how: "=", value, sure }));
  }
  const column = compared.has(method) ? textOf(model, first) : null;
  return column === null
    ? []
    : [{ column, table: null, how: comparisonOf(method) ?? "other", value: second ?? null, sure }];
}

/** `limit(20)`, or `range(from, to)`, whose ends may come from anywhere. */
function rangeOf(chain: Chain): Limit {
  const { model } = chain;
  const [limit] = linksNamed(chain, "limit");
  const [range] = linksNamed(chain, "range");
  if (limit !== undefined) return limitOf(model, limit.args[0]);
  if (range === undefined) return { kind: "none" };
  const [from, to] = range.args.map((arg) => literalOf(model, arg));
  if (typeof from === "number" && typeof to === "number") return { kind: "literal", value: to - from + 1 };
  return range.args[1] === undefined ? { kind: "unknown" } : { kind: "value", expr: range.args[1] };
}

function readFirestore(chain: Chain): Reading | null {
  const { model, links, handedOn } = chain;
  const table = textOf(model, linksNamed(chain, "collection").at(-1)?.args[0]);
  const end = links.find(({ method }) =>
    ["get", "add", "set", "update", "delete", "onSnapshot", "create"].includes(method),
  );
  if (end === undefined) return null;
  const docs = linksNamed(chain, "doc");
  const isOne = docs.length >= linksNamed(chain, "collection").length;
  const byId: Filter[] = docs.flatMap(({ args: [id] }) => [
    { column: "id", table: null, how: "=", value: id ?? null, sure: true },
  ]);
  const counts = linksNamed(chain, "count").length > 0;
  const given: Expr | undefined = end.args[0];
  return {
    ...emptyReading,
    operation:
      end.method === "get" || end.method === "onSnapshot"
        ? counts
          ? "count"
          : isOne
            ? "one"
            : "list"
        : end.method === "delete"
          ? "delete"
          : end.method === "update"
            ? "update"
            : end.method === "set"
              ? "upsert"
              : "insert",
    table,
    filters: [...byId, ...linksNamed(chain, "where").flatMap((link) => whereOf(chain, link))],
    open: handedOn,
    order: linksNamed(chain, "orderBy").flatMap(({ args: [first] }) => textOf(model, first) ?? []),
    limit: handedOn ? { kind: "unknown" } : limitOf(model, linksNamed(chain, "limit")[0]?.args[0]),
    paged: linksNamed(chain, "startAfter", "startAt", "offset").length > 0,
    sets: end.method === "get" ? [] : assignmentsOf(model, given),
  };
}

function whereOf({ model }: Chain, { args: [field, operator, value], sure }: Link): Filter[] {
  const column = textOf(model, field);
  return column === null
    ? []
    : [{ column, table: null, how: operatorOf(textOf(model, operator)), value: value ?? null, sure }];
}
