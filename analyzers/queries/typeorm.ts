/** TypeORM: repositories, the entity manager, active records and the query builder; MikroORM's entity manager beside it. */
import type { Expr } from "../flow/expression.ts";
import type { Known } from "../model.ts";
import { linksNamed, type Chain, type Link } from "./chain.ts";
import { calledOn, injectedInto, madeFor, madeWith } from "./made-for.ts";
import { assignmentsOf, calledAt, conditionsOf, isList, limitOf, namesOf } from "./objects.ts";
import { emptyReading, type Limit, type Reading } from "./query.ts";
import { behind, entriesOf, nameOf, textOf } from "./resolve.ts";
import type { Row } from "./row.ts";
import { fragmentOf } from "./sql/fragment.ts";

type Operation = Reading["operation"];
const operations: Readonly<Record<string, Operation>> = {
  find: "list",
  findBy: "list",
  findAll: "list",
  findAndCount: "list",
  findAndCountBy: "list",
  findByIds: "list",
  findOne: "one",
  findOneBy: "one",
  findOneOrFail: "one",
  findOneByOrFail: "one",
  findOneById: "one",
  exists: "one",
  existsBy: "one",
  exist: "one",
  count: "count",
  countBy: "count",
  sum: "aggregate",
  average: "aggregate",
  save: "update",
  insert: "insert",
  nativeInsert: "insert",
  update: "update",
  nativeUpdate: "update",
  upsert: "upsert",
  delete: "delete",
  nativeDelete: "delete",
  remove: "delete",
  softDelete: "delete",
  softRemove: "delete",
  restore: "update",
  increment: "update",
  decrement: "update",
};
const direct = new RegExp(`\\.(${Object.keys(operations).join("|")})$`);

export const typeorm: Row = {
  dialect: "typeorm",
  packages: ["typeorm", "@nestjs/typeorm"],
  starts: new RegExp(`\\.createQueryBuilder$|${direct.source}`),
  // A builder's own methods are steps of a query that began earlier.
  read: (chain) => {
    if (chain.use.api.endsWith(".createQueryBuilder")) return readBuilder(chain);
    return /createQueryBuilder\(\)/.test(chain.use.api) ? null : readDirect(chain);
  },
};

export const mikroOrm: Row = {
  dialect: "mikro-orm",
  packages: ["@mikro-orm/core", "@mikro-orm/postgresql", "@mikro-orm/mysql", "@mikro-orm/sqlite", "@mikro-orm/mongodb"],
  starts: new RegExp(
    `\\.(find|findAll|findOne|findOneOrFail|findAndCount|count|nativeInsert|nativeUpdate|nativeDelete)$`,
  ),
  read: readDirect,
};

/** The entity, and which argument follows it: the manager is told it first. */
function entityIn(chain: Chain): { table: string | null; shift: 0 | 1 } {
  const { model, use, links } = chain;
  const [{ args, call }] = links;
  const isManager = /manager(\(\))?\.\w+$|EntityManager\(\)\.\w+$|\bem\.\w+$|\.fork\(\)\.\w+$/i.test(use.api);
  if (isManager || isClass(call.args[0])) {
    const first = args[0];
    const table = first === undefined ? null : (className(call.args[0]) ?? nameOf(model, first));
    return { table, shift: 1 };
  }
  const isRecord = /:BaseEntity\.\w+$/.test(use.api);
  return {
    table: isRecord ? calledOn(model, use) : (madeFor(model, use) ?? madeWith(model, use) ?? injectedInto(model, use)),
    shift: 0,
  };
}

function isClass(known: Known | undefined): boolean {
  return known?.kind === "class";
}

function className(known: Known | undefined): string | null {
  return known?.kind === "class" ? known.name : null;
}

function readDirect(chain: Chain): Reading {
  const { model, links } = chain;
  const [{ method, args }] = links;
  const { table, shift } = entityIn(chain);
  const [first, second, third] = args.slice(shift);
  const operation = operations[method] ?? "raw";
  if (operation === "list" || operation === "one" || operation === "count") {
    const isPlain = /By(OrFail)?$|ById$/.test(method) || chain.use.package.startsWith("@mikro-orm");
    return readFind(chain, operation, table, isPlain ? first : undefined, isPlain ? second : first);
  }
  const conditions = operation === "update" && method !== "save" ? first : operation === "delete" ? first : undefined;
  const values =
    method === "update" || method === "nativeUpdate"
      ? second
      : operation === "insert" || method === "save"
        ? first
        : undefined;
  const amount = method === "increment" || method === "decrement" ? textOf(model, second) : null;
  const where = conditionsOf(model, conditions);
  return {
    ...emptyReading,
    operation: method === "save" ? savingOf(chain, first) : operation,
    table: table ?? savedClass(chain, first),
    filters: where.filters,
    open: where.open || method === "save",
    sets: amount === null ? assignmentsOf(model, values) : [{ column: amount, value: third ?? null, relative: true }],
    many: isList(model, values),
  };
}

/** `save` of what was just made inserts it; of anything else it writes the row as it was read. */
function savingOf({ model }: Chain, entity: Expr | undefined): Operation {
  if (entity === undefined) return "update";
  const found = behind(model, entity);
  const made = found.value.kind === "object" || /^(create|[A-Z]\w*)$/.test(calledAt(model, found) ?? "");
  return made ? "insert" : "update";
}

function savedClass({ model }: Chain, entity: Expr | undefined): string | null {
  const found = entity === undefined ? null : behind(model, entity);
  const name = found === null ? null : calledAt(model, found);
  return name !== null && /^[A-Z]/.test(name) ? name : null;
}

function readFind(
  chain: Chain,
  operation: Operation,
  table: string | null,
  conditions: Expr | undefined,
  options: Expr | undefined,
): Reading {
  const { model } = chain;
  const found = options === undefined ? null : entriesOf(model, options);
  const at = (...keys: string[]): Expr | undefined => keys.flatMap((key) => found?.entries.get(key) ?? [])[0];
  const hasOptions = [
    "where",
    "take",
    "skip",
    "order",
    "relations",
    "select",
    "limit",
    "offset",
    "populate",
    "lock",
    "orderBy",
  ].some((key) => at(key) !== undefined);
  // Before version 0.3 the conditions could stand in the options' place.
  const where = conditionsOf(model, conditions ?? at("where") ?? (hasOptions ? undefined : options));
  return {
    ...emptyReading,
    operation,
    table,
    filters: where.filters,
    open: where.open || (options !== undefined && found === null) || (found?.open ?? false),
    order: namesOf(model, at("order", "orderBy")),
    limit:
      operation === "list"
        ? limitIn(chain, found === null && options !== undefined, at("take", "limit"))
        : { kind: "none" },
    paged: at("skip", "offset") !== undefined,
    relations: namesOf(model, at("relations", "populate")),
    columns: at("select") === undefined ? null : namesOf(model, at("select")),
    locks: at("lock", "lockMode") !== undefined,
  };
}

function limitIn({ model }: Chain, isHidden: boolean, take: Expr | undefined): Limit {
  return isHidden ? { kind: "unknown" } : limitOf(model, take);
}

const ends: Readonly<Record<string, Operation>> = {
  getMany: "list",
  getManyAndCount: "list",
  getRawMany: "list",
  getRawAndEntities: "list",
  getOne: "one",
  getOneOrFail: "one",
  getRawOne: "one",
  getExists: "one",
  getCount: "count",
};

function readBuilder(chain: Chain): Reading | null {
  const { model, links, handedOn } = chain;
  const verbs = linksNamed(chain, "insert", "update", "delete", "softDelete").map(({ method }) =>
    method.replace("softDelete", "delete"),
  );
  const end = links.flatMap(({ method }) => ends[method] ?? [])[0];
  const [verb] = verbs;
  const operation: Operation | undefined = verb === "insert" || verb === "update" || verb === "delete" ? verb : end;
  if (operation === undefined) return null;
  const parts = linksNamed(chain, "where", "andWhere", "orWhere").map((link) => conditionOf(chain, link));
  const from = linksNamed(chain, "from", "into", "update", "delete").flatMap(({ args: [first] }) =>
    first === undefined ? [] : (nameOf(model, first) ?? []),
  );
  // One row per group or per kind: as many as the column has values.
  const grouped =
    linksNamed(chain, "groupBy").length > 0 ||
    linksNamed(chain, "select").some(({ args: [first] }) => /^\s*distinct\b/i.test(textOf(model, first) ?? ""));
  return {
    ...emptyReading,
    operation: grouped && operation === "list" ? "aggregate" : operation,
    table: from[0] ?? entityIn(chain).table,
    filters: parts.flatMap(({ filters }) => filters),
    open: handedOn || parts.some(({ open }) => open),
    order: linksNamed(chain, "orderBy", "addOrderBy").flatMap(
      ({ args: [first] }) => textOf(model, first)?.split(".").at(-1) ?? [],
    ),
    limit: handedOn ? { kind: "unknown" } : limitOf(model, linksNamed(chain, "take", "limit")[0]?.args[0]),
    paged: linksNamed(chain, "skip", "offset").length > 0,
    relations: linksNamed(chain, "leftJoinAndSelect", "innerJoinAndSelect", "leftJoin", "innerJoin").flatMap(
      ({ args: [first] }) => textOf(model, first)?.split(".").at(-1) ?? [],
    ),
    sets: linksNamed(chain, "set", "values").flatMap(({ args: [first] }) => assignmentsOf(model, first)),
    locks: linksNamed(chain, "setLock").length > 0,
    many: linksNamed(chain, "values").some(({ args: [first] }) => isList(model, first)),
  };
}

/** `where("user.id = :id", { id })`, `where({ id })`. */
function conditionOf(
  { model }: Chain,
  { args: [first, second], method, sure }: Link,
): Pick<Reading, "filters" | "open"> {
  if (first === undefined) return { filters: [], open: true };
  if (textOf(model, first) === null && entriesOf(model, first) !== null) return conditionsOf(model, first, sure);
  const parameters = second === undefined ? null : entriesOf(model, second);
  return fragmentOf(model, first, sure && method !== "orWhere", (name) => parameters?.entries.get(name) ?? null);
}
