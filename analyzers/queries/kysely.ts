/** Kysely. */
import { linksNamed, type Chain, type Link } from "./chain.ts";
import { assignmentsOf, conditionsOf, isList, limitOf } from "./objects.ts";
import { emptyReading, type Reading } from "./query.ts";
import { operatorOf } from "./knex.ts";
import { textOf } from "./resolve.ts";
import type { Row } from "./row.ts";

const verbs: Readonly<Record<string, Reading["operation"]>> = {
  selectFrom: "list",
  insertInto: "insert",
  replaceInto: "upsert",
  updateTable: "update",
  deleteFrom: "delete",
};

export const kysely: Row = {
  dialect: "kysely",
  packages: ["kysely"],
  starts: /Kysely\(\)(\..+)?\.(selectFrom|insertInto|replaceInto|updateTable|deleteFrom)$/,
  read,
};

function read(chain: Chain): Reading {
  const { model, links, handedOn } = chain;
  const [{ method, args }] = links;
  const verb = verbs[method] ?? "raw";
  const joins = linksNamed(chain, "innerJoin", "leftJoin", "rightJoin").flatMap((link) => joinOf(chain, link));
  const parts = linksNamed(chain, "where", "whereRef").map((link) => conditionOf(chain, link));
  const isOne = linksNamed(chain, "executeTakeFirst", "executeTakeFirstOrThrow").length > 0;
  const grouped = linksNamed(chain, "groupBy").length > 0;
  return {
    ...emptyReading,
    operation:
      verb !== "list"
        ? linksNamed(chain, "onConflict", "onDuplicateKeyUpdate").length > 0
          ? "upsert"
          : verb
        : grouped
          ? "aggregate"
          : isOne
            ? "one"
            : "list",
    table: textOf(model, args[0])?.split(/\s+/)[0] ?? null,
    filters: parts.flatMap(({ filters }) => filters),
    open: handedOn || parts.some(({ open }) => open),
    order: linksNamed(chain, "orderBy").flatMap(
      ({ args: [first] }) => textOf(model, first)?.split(/\s+/)[0]?.split(".").at(-1) ?? [],
    ),
    limit:
      handedOn || linksNamed(chain, "fetch", "top").length > 0
        ? { kind: "unknown" }
        : limitOf(model, linksNamed(chain, "limit")[0]?.args[0]),
    paged: linksNamed(chain, "offset").length > 0,
    relations: joins.map((join) => join.table),
    joins,
    sets: linksNamed(chain, "set", "values").flatMap(({ args: given }) => assignmentsOf(model, given[0])),
    many: linksNamed(chain, "values").some(({ args: given }) => isList(model, given[0])),
    locks: linksNamed(chain, "forUpdate", "forShare", "forNoKeyUpdate").length > 0,
  };
}

/** `where("users.id", "=", id)`, `where((eb) => ...)`. */
function conditionOf(
  { model }: Chain,
  { args: [first, second, third], sure }: Link,
): Pick<Reading, "filters" | "open"> {
  const column = textOf(model, first)?.split(".").at(-1);
  if (column === undefined)
    return first?.value.kind === "object" ? conditionsOf(model, first, sure) : { filters: [], open: true };
  return {
    filters: [{ column, table: null, how: operatorOf(textOf(model, second)), value: third ?? null, sure }],
    open: false,
  };
}

function joinOf({ model }: Chain, { args }: Link): Reading["joins"] {
  const words = textOf(model, args[0])?.split(/\s+/) ?? [];
  const [table] = words;
  const alias = words.at(-1);
  const column = args
    .slice(1)
    .flatMap((arg) => textOf(model, arg) ?? [])
    .find((text) => text.startsWith(`${alias}.`));
  return table === undefined || column === undefined ? [] : [{ table, column: column.split(".").at(-1) ?? "" }];
}
