/** Knex, and Objection, whose queries are Knex's with models in front. */
import type { Expr } from "../flow/expression.ts";
import { linksNamed, type Chain, type Link } from "./chain.ts";
import { calledOn } from "./made-for.ts";
import { assignmentsOf, comparisonOf, conditionsOf, isList, limitOf, namesOf } from "./objects.ts";
import { emptyReading, type Filter, type Reading } from "./query.ts";
import { entriesOf, textOf } from "./resolve.ts";
import type { Row } from "./row.ts";
import { fragmentOf } from "./sql/fragment.ts";

const starts =
  /^knex:(knex|Knex)?\(\)(\.transaction\(\))?(\.(select|from|table|into|queryBuilder|transaction|insert|with))?$/;

export const knex: Row = {
  dialect: "knex",
  packages: ["knex"],
  starts,
  read: (chain) => {
    if (chain.use.call.isNew || isConfiguration(chain)) return null;
    return chain.links[0].method === "transaction"
      ? { ...emptyReading, operation: "transaction" }
      : readChain(chain, tableIn(chain));
  },
};

export const objection: Row = {
  dialect: "objection",
  packages: ["objection"],
  starts: /:Model\.query$/,
  read: (chain) => readChain(chain, calledOn(chain.model, chain.use)),
};

/** `knex(config)` is no query: only the result of that is called with a table. */
function isConfiguration({ model, links: [{ args }] }: Chain): boolean {
  return args[0] !== undefined && entriesOf(model, args[0])?.entries.has("client") === true;
}

function tableIn(chain: Chain): string | null {
  const named = [chain.links[0], ...linksNamed(chain, "from", "into", "table")].filter(
    ({ method }) => method !== "select" && method !== "insert",
  );
  const text = named.flatMap(({ args: [first] }) => textOf(chain.model, first) ?? [])[0];
  return text?.split(/\s+/)[0] ?? null;
}

const writes: Readonly<Record<string, Reading["operation"]>> = {
  insert: "insert",
  insertAndFetch: "insert",
  insertGraph: "insert",
  update: "update",
  patch: "update",
  patchAndFetch: "update",
  patchAndFetchById: "update",
  updateAndFetchById: "update",
  increment: "update",
  decrement: "update",
  del: "delete",
  delete: "delete",
  deleteById: "delete",
  truncate: "delete",
  upsertGraph: "upsert",
};
const ones = ["first", "findById", "findOne", "findByIds"];
const numbers = ["sum", "avg", "min", "max", "groupBy", "groupByRaw", "sumDistinct"];

function readChain(chain: Chain, table: string | null): Reading {
  const { model, links, handedOn } = chain;
  const parts = links.map((link) => conditionOf(chain, link));
  const write = links.find(({ method }) => method in writes);
  const merged = linksNamed(chain, "onConflict").length > 0;
  const joined = linksNamed(chain, "join", "innerJoin", "leftJoin", "leftOuterJoin", "rightJoin").flatMap((link) =>
    joinOf(chain, link),
  );
  const [page] = linksNamed(chain, "page");
  const limit = limitOf(model, linksNamed(chain, "limit")[0]?.args[0] ?? page?.args[1]);
  return {
    ...emptyReading,
    operation: write === undefined ? readingOf(chain) : merged ? "upsert" : (writes[write.method] ?? "raw"),
    table,
    filters: parts.flatMap(({ filters }) => filters),
    open: handedOn || parts.some(({ open }) => open),
    order: linksNamed(chain, "orderBy").flatMap(({ args: [first] }) => columnOf(textOf(model, first) ?? "") ?? []),
    limit: handedOn || linksNamed(chain, "range", "paginate").length > 0 ? { kind: "unknown" } : limit,
    paged: linksNamed(chain, "offset").length > 0 || page !== undefined,
    relations: [
      ...joined.map((join) => join.table),
      ...linksNamed(chain, "withGraphFetched", "withGraphJoined").flatMap(
        ({ args: [first] }) => textOf(model, first) ?? [],
      ),
    ],
    joins: joined,
    columns: null,
    sets: write === undefined ? [] : setsOf(chain, write),
    many: write !== undefined && isList(model, write.args[0]),
    locks: linksNamed(chain, "forUpdate", "forShare").length > 0,
    joinsTransaction:
      linksNamed(chain, "transacting").length > 0 ||
      (chain.use.package === "objection" && chain.links[0].args.length > 0),
  };
}

function readingOf(chain: Chain): Reading["operation"] {
  if (linksNamed(chain, ...numbers).length > 0) return "aggregate";
  if (linksNamed(chain, "count", "countDistinct", "resultSize").length > 0) return "count";
  return linksNamed(chain, ...ones).length > 0 ? "one" : "list";
}

function setsOf({ model }: Chain, { method, args }: Link): Reading["sets"] {
  const [first, second] = args;
  if (method === "increment" || method === "decrement")
    return namesOf(model, first).map((column) => ({ column, value: null, relative: true }));
  const column = textOf(model, first);
  if (column !== null && second !== undefined) return [{ column, value: second, relative: false }];
  return assignmentsOf(model, method.endsWith("ById") ? second : first);
}

const none: Pick<Reading, "filters" | "open"> = { filters: [], open: false };

/** `where("age", ">", 18)`, `where({ id })`, `whereIn("id", ids)`, `findById(id)`. */
function conditionOf({ model }: Chain, { method, args, sure }: Link): Pick<Reading, "filters" | "open"> {
  const [first, second, third] = args;
  const of = (column: string, how: Filter["how"], value: Expr | undefined): Pick<Reading, "filters" | "open"> => {
    const name = columnOf(column);
    return {
      filters:
        name === null
          ? []
          : [{ column: name, table: null, how, value: value ?? null, sure: sure && !method.startsWith("or") }],
      open: false,
    };
  };
  if (["findById", "deleteById", "patchAndFetchById", "updateAndFetchById"].includes(method))
    return of("id", "=", first);
  if (first === undefined || !/^(and|or)?where|^findOne$/i.test(method)) return none;
  const plain = method.replace(/^(and|or)/, "").toLowerCase();
  if (plain === "whereraw") return fragmentOf(model, first, sure, () => null);
  const column = textOf(model, first);
  if (column === null)
    return first.value.kind === "fn"
      ? { filters: [], open: true }
      : unqualified(conditionsOf(model, first, sure && !method.startsWith("or")));
  if (plain.startsWith("wherenot") || plain.startsWith("wherenull")) return of(column, "other", undefined);
  if (plain === "wherein") return of(column, "in", second);
  if (plain === "wherebetween") return of(column, "range", second);
  if (/like/.test(plain)) return of(column, "like", second);
  return third === undefined ? of(column, "=", second) : of(column, operatorOf(textOf(model, second)), third);
}

/** `where({ "orders.user_id": id })`: the column of a join. */
function unqualified({ filters, open }: Pick<Reading, "filters" | "open">): Pick<Reading, "filters" | "open"> {
  return { filters: filters.map((filter) => ({ ...filter, column: columnOf(filter.column) ?? filter.column })), open };
}

function columnOf(text: string): string | null {
  const name = text.split(/\s+/)[0]?.split(".").at(-1) ?? "";
  return name === "" ? null : name;
}

/** What an operator written as text means. */
export function operatorOf(text: string | null): Filter["how"] {
  if (text === "=" || text === "==" || text === "===") return "=";
  if (text === null) return "other";
  const word = text.toLowerCase();
  if (/^[<>]=?$/.test(text)) return "range";
  return word === "in" ? "in" : word === "array-contains" ? "other" : (comparisonOf(word) ?? "other");
}

/** `join("orders", "orders.user_id", "users.id")` */
function joinOf({ model }: Chain, { args }: Link): Reading["joins"] {
  const table = textOf(model, args[0])?.split(/\s+/) ?? [];
  const [name] = table;
  const alias = table.at(-1);
  const column = args
    .slice(1)
    .flatMap((arg) => textOf(model, arg) ?? [])
    .find((text) => text.startsWith(`${alias}.`));
  return name === undefined || column === undefined ? [] : [{ table: name, column: column.split(".").at(-1) ?? "" }];
}
