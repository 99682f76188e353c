/** Sequelize, with models by `define`, by class and by sequelize-typescript. */
import type { Expr } from "../flow/expression.ts";
import type { Model } from "../model.ts";
import type { Chain } from "./chain.ts";
import { calledOn, madeFor } from "./made-for.ts";
import { assignmentsOf, conditionsOf, isList, limitOf, namesOf } from "./objects.ts";
import { emptyReading, unknownReading, type Reading } from "./query.ts";
import { entriesOf, itemsOf, nameOf, textOf, type Entries } from "./resolve.ts";
import type { Row } from "./row.ts";

const reads: Readonly<Record<string, Reading["operation"]>> = {
  findAll: "list",
  findAndCountAll: "list",
  findOne: "one",
  findByPk: "one",
  findById: "one",
  count: "count",
  sum: "aggregate",
  max: "aggregate",
  min: "aggregate",
};
/** Method -> what it does, where the values and where the options stand. */
const writes: Readonly<Record<string, { operation: Reading["operation"]; values: 0 | null; options: 0 | 1 }>> = {
  create: { operation: "insert", values: 0, options: 1 },
  bulkCreate: { operation: "insert", values: 0, options: 1 },
  update: { operation: "update", values: 0, options: 1 },
  upsert: { operation: "upsert", values: 0, options: 1 },
  findOrCreate: { operation: "upsert", values: null, options: 0 },
  destroy: { operation: "delete", values: null, options: 0 },
  restore: { operation: "update", values: null, options: 0 },
  increment: { operation: "update", values: 0, options: 1 },
  decrement: { operation: "update", values: 0, options: 1 },
};
const methods = [...Object.keys(reads), ...Object.keys(writes)].join("|");
const onModel = new RegExp(`(define\\(\\)|[:.]Model|model\\(\\)|[.]models[.]\\w+)\\.(${methods})$`);
const onRow =
  /\.(findOne|findByPk|findById|create|findAll|build)\(\)(\..*)?\.(save|update|destroy|increment|decrement)$|\(\)\(\)\.save$/;

export const sequelize: Row = {
  dialect: "sequelize",
  packages: ["sequelize", "sequelize-typescript", "@sequelize/core"],
  starts: new RegExp(`${onModel.source}|${onRow.source}`),
  read: (chain) => (onModel.test(chain.use.api) ? readModel(chain) : readRow(chain)),
};

function tableIn({ model, use }: Chain): string | null {
  return madeFor(model, use) ?? listedIn(use.api) ?? calledOn(model, use);
}

/** `sequelize.models.User`, also where it got there without a call that can be seen. */
function listedIn(api: string): string | null {
  return /\.models\.(\w+)/.exec(api)?.[1] ?? null;
}

function readModel(chain: Chain): Reading {
  const { model, links } = chain;
  const [{ method, args }] = links;
  const write = writes[method];
  const table = tableIn(chain);
  if (write !== undefined) return readWrite(chain, table, write);
  const operation = reads[method] ?? "raw";
  const byKey = method === "findByPk" || method === "findById";
  const aggregates = operation === "aggregate";
  const options = args[byKey || aggregates ? 1 : 0];
  const found = options === undefined ? null : entriesOf(model, options);
  if (options !== undefined && found === null) return { ...unknownReading, operation, table };
  const at = (key: string): Expr | undefined => found?.entries.get(key);
  const where = conditionsOf(model, at("where"));
  const own = byKey ? [{ column: "id", table: null, how: "=" as const, value: args[0] ?? null, sure: true }] : [];
  return {
    ...emptyReading,
    operation: at("group") === undefined ? operation : "aggregate",
    table,
    filters: [...own, ...where.filters],
    open: where.open || (found?.open ?? false),
    order: orderOf(chain, at("order")),
    limit: operation === "list" ? limitIn(model, found) : { kind: "none" },
    paged: at("offset") !== undefined,
    relations: includedIn(chain, at("include")),
    columns: at("attributes") === undefined ? null : namesOf(model, at("attributes")),
    locks: at("lock") !== undefined,
    joinsTransaction: at("transaction") !== undefined,
  };
}

/** `findAll({ where, ...options })`: the callers may bring a limit along. */
function limitIn(model: Model, options: Entries | null): Reading["limit"] {
  const limit = options?.entries.get("limit");
  return limit === undefined && options?.open === true ? { kind: "unknown" } : limitOf(model, limit);
}

function readWrite(
  { model, links }: Chain,
  table: string | null,
  { operation, values, options }: (typeof writes)[string],
): Reading {
  const [{ method, args }] = links;
  const option = args[options];
  const found = option === undefined ? null : entriesOf(model, option);
  const where = conditionsOf(model, found?.entries.get("where"));
  const given = values === null ? undefined : args[values];
  const isRelative = method === "increment" || method === "decrement";
  const named = isRelative ? namesOf(model, given) : [];
  return {
    ...emptyReading,
    operation,
    table,
    filters: where.filters,
    open: where.open || (option !== undefined && found === null),
    sets: isRelative ? named.map((column) => ({ column, value: null, relative: true })) : assignmentsOf(model, given),
    many: method === "bulkCreate" || isList(model, given),
    joinsTransaction: found?.entries.has("transaction") === true,
  };
}

/** A row's own methods write it as it was read. */
function readRow(chain: Chain): Reading {
  const { model, use, links } = chain;
  const [{ method, args }] = links;
  const isNew = /(build\(\)|\(\)\(\))\.save$/.test(use.api);
  const operation = method === "destroy" ? "delete" : isNew ? "insert" : "update";
  const isRelative = method === "increment" || method === "decrement";
  const sets = isRelative
    ? namesOf(model, args[0]).map((column) => ({ column, value: null, relative: true }))
    : assignmentsOf(model, method === "update" ? args[0] : undefined);
  const options = args.at(-1);
  const joins = options !== undefined && entriesOf(model, options)?.entries.has("transaction") === true;
  return {
    ...emptyReading,
    operation,
    table: madeFor(model, use) ?? listedIn(use.api) ?? foundOn(chain),
    open: true,
    sets,
    joinsTransaction: joins,
  };
}

/** The class on which the row was found: `User` of `User.findByPk(id)`. */
function foundOn({ model, use }: Chain): string | null {
  const finder = model.callsIn(use).find((call) => model.usesAt(call).some(({ api }) => onModel.test(api)));
  const found = finder === undefined ? undefined : model.usesAt(finder)[0];
  return found === undefined ? null : calledOn(model, found);
}

/** `[["createdAt", "DESC"]]` */
function orderOf({ model }: Chain, expr: Expr | undefined): string[] {
  const items = expr === undefined ? null : itemsOf(model, expr);
  return (items ?? []).flatMap((item) => textOf(model, itemsOf(model, item)?.[0] ?? item) ?? []);
}

/** `[User, { model: Post }]`, `{ association: "posts" }`. */
function includedIn({ model }: Chain, expr: Expr | undefined): string[] {
  if (expr === undefined) return [];
  const items = itemsOf(model, expr) ?? [expr];
  return items.flatMap((item) => {
    const entries = entriesOf(model, item)?.entries;
    const inner = entries?.get("model") ?? entries?.get("association") ?? item;
    return nameOf(model, inner) ?? [];
  });
}
