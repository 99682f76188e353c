/** Prisma Client. */
import type { Model } from "../model.ts";
import type { Reading } from "./query.ts";
import { emptyReading, unknownReading } from "./query.ts";
import type { Chain } from "./chain.ts";
import { assignmentsOf, conditionsOf, isList, limitOf, namesOf } from "./objects.ts";
import type { Row } from "./row.ts";
import { entriesOf, type Entries } from "./resolve.ts";

const operations: Readonly<Record<string, Reading["operation"]>> = {
  findMany: "list",
  findUnique: "one",
  findUniqueOrThrow: "one",
  findFirst: "one",
  findFirstOrThrow: "one",
  count: "count",
  aggregate: "aggregate",
  groupBy: "aggregate",
  create: "insert",
  createMany: "insert",
  createManyAndReturn: "insert",
  update: "update",
  updateMany: "update",
  updateManyAndReturn: "update",
  upsert: "upsert",
  delete: "delete",
  deleteMany: "delete",
};
const path = new RegExp(`\\.(\\w+)\\.(${Object.keys(operations).join("|")})$`);

export const prisma: Row = {
  dialect: "prisma",
  packages: ["@prisma/client"],
  starts: path,
  read,
};

function read({ model, use, links: [{ args }] }: Chain): Reading {
  const [, table = null, method = ""] = path.exec(use.api) ?? [];
  const operation = operations[method] ?? "raw";
  const [options] = args;
  const found = options === undefined ? null : entriesOf(model, options);
  if (options !== undefined && found === null) return { ...unknownReading, operation, table };
  const at = (key: string) => found?.entries.get(key);
  const { filters, open } = conditionsOf(model, at("where"));
  const data = at("data");
  return {
    ...emptyReading,
    operation,
    table,
    filters,
    open: open || (found?.open ?? false),
    order: namesOf(model, at("orderBy")),
    limit: operation === "list" ? takenBy(model, found) : { kind: "none" },
    paged: at("skip") !== undefined || at("cursor") !== undefined,
    relations: namesOf(model, at("include")),
    columns: at("select") === undefined ? null : namesOf(model, at("select")),
    sets: [...assignmentsOf(model, data), ...assignmentsOf(model, at("update"))],
    many: method.startsWith("createMany") || isList(model, data),
  };
}

/** `findMany({ ...args, include })`: how many may be said by whoever gave the rest. */
function takenBy(model: Model, options: Entries | null): Reading["limit"] {
  const take = options?.entries.get("take");
  return take === undefined && options?.open === true ? { kind: "unknown" } : limitOf(model, take);
}
