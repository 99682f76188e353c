/** Mongoose, Typegoose and the MongoDB driver. */
import { indexIn } from "../ids.ts";
import type { Chain, Link } from "./chain.ts";
import { linksNamed } from "./chain.ts";
import type { Expr } from "../flow/expression.ts";
import { fileIndex, keyOfName } from "../flow/file-index.ts";
import type { Model, Use } from "../model.ts";
import type { Summary } from "../summary.ts";
import { givenToClass } from "./given-to-class.ts";
import { injectedInto, madeFor } from "./made-for.ts";
import { assignmentsOf, conditionsOf, isList, limitOf, namesOf, type Conditions } from "./objects.ts";
import { emptyReading, type Filter, type Reading } from "./query.ts";
import { entriesOf, textOf } from "./resolve.ts";
import type { Row } from "./row.ts";

type Operation = Reading["operation"];

/** Method -> what it does, and where its conditions and values stand; `id`: the first argument is the id. */
const methods: Readonly<Record<string, { operation: Operation; filter?: 0; id?: true; values?: 0 | 1 }>> = {
  find: { operation: "list", filter: 0 },
  findOne: { operation: "one", filter: 0 },
  findById: { operation: "one", id: true },
  exists: { operation: "one", filter: 0 },
  paginate: { operation: "list", filter: 0 },
  countDocuments: { operation: "count", filter: 0 },
  estimatedDocumentCount: { operation: "count" },
  count: { operation: "count", filter: 0 },
  aggregate: { operation: "aggregate" },
  distinct: { operation: "aggregate" },
  create: { operation: "insert", values: 0 },
  insertMany: { operation: "insert", values: 0 },
  insertOne: { operation: "insert", values: 0 },
  updateOne: { operation: "update", filter: 0, values: 1 },
  updateMany: { operation: "update", filter: 0, values: 1 },
  update: { operation: "update", filter: 0, values: 1 },
  replaceOne: { operation: "update", filter: 0, values: 1 },
  findOneAndUpdate: { operation: "update", filter: 0, values: 1 },
  findOneAndReplace: { operation: "update", filter: 0, values: 1 },
  findByIdAndUpdate: { operation: "update", id: true, values: 1 },
  deleteOne: { operation: "delete", filter: 0 },
  deleteMany: { operation: "delete", filter: 0 },
  remove: { operation: "delete", filter: 0 },
  findOneAndDelete: { operation: "delete", filter: 0 },
  findOneAndRemove: { operation: "delete", filter: 0 },
  findByIdAndDelete: { operation: "delete", id: true },
  findByIdAndRemove: { operation: "delete", id: true },
  bulkWrite: { operation: "update" },
};
const names = Object.keys(methods).join("|");
const onModel = new RegExp(`(model\\(\\)|getModelForClass\\(\\)|[:.]Model\\(\\)|Model)\\.(${names})$`);
/** Methods of a document that was found or made. */
const onDocument = /(model\(\)|getModelForClass\(\)|[:.]Model\(\))(\(\)|\..*\(\))\.(save|remove|deleteOne|updateOne)$/;

export const mongoose: Row = {
  dialect: "mongoose",
  packages: ["mongoose", "@typegoose/typegoose"],
  starts: new RegExp(`${onModel.source}|${onDocument.source}`),
  read: (chain) =>
    onDocument.test(chain.use.api)
      ? readDocument(chain)
      : readModel(
          chain,
          givenToClass(chain.model, chain.use) ??
            madeFor(chain.model, chain.use) ??
            injectedInto(chain.model, chain.use),
        ),
};

export const mongodb: Row = {
  dialect: "mongodb",
  packages: ["mongodb"],
  starts: new RegExp(`collection\\(\\)\\.(${names})$`),
  read: (chain) => readModel(chain, madeFor(chain.model, chain.use)),
};

function readModel(chain: Chain, table: string | null): Reading {
  const { model, links, handedOn } = chain;
  const [{ method, args }, ...rest] = links;
  const { operation, filter, id, values } = methods[method] ?? { operation: "raw" as const };
  const where = id === true ? byId(args[0]) : conditionsOf(model, filter === undefined ? undefined : args[filter]);
  const more = conditionsIn(model, rest);
  const options = args.slice(1).flatMap((arg) => entriesOf(model, arg) ?? []);
  const option = (key: string): Expr | undefined => options.flatMap(({ entries }) => entries.get(key) ?? [])[0];
  const given = values === undefined ? undefined : args[values];
  const isUpsert = option("upsert") !== undefined && operation === "update";
  const only = rest
    .map((link) => methods[link.method]?.operation)
    .find((each) => each === "count" || each === "aggregate");
  return {
    ...emptyReading,
    // `find(filter).countDocuments()`, `find().distinct("city")`
    operation: isUpsert ? "upsert" : operation === "list" ? (only ?? operation) : operation,
    table,
    filters: [...where.filters, ...more.filters],
    open: where.open || more.open || handedOn,
    order: [...linksNamed(chain, "sort").flatMap((link) => orderOf(model, link)), ...namesOf(model, option("sort"))],
    limit: operation === "list" ? limitIn(chain, option("limit")) : { kind: "none" },
    paged: linksNamed(chain, "skip").length > 0 || option("skip") !== undefined || method === "paginate",
    relations: linksNamed(chain, "populate").flatMap((link) => populated(model, link)),
    columns: linksNamed(chain, "select").flatMap((link) => namesOf(model, link.args[0])),
    sets: assignmentsOf(model, given),
    many: method === "insertMany" || isList(model, given),
    joinsTransaction: option("session") !== undefined || linksNamed(chain, "session").length > 0,
  };
}

function byId(value: Expr | undefined): Conditions {
  const filter: Filter = { column: "_id", table: null, how: "=", value: value ?? null, sure: true };
  return { filters: [filter], open: false };
}

/** `.where("age").gte(18)`, `.where({ age })`, `.findOne(filter)` behind a query. */
function conditionsIn(model: Model, links: readonly Link[]): Conditions {
  const parts = links.flatMap(({ method, args, sure }): Conditions[] => {
    if (!["where", "find", "and", "or", "equals"].includes(method)) return [];
    const column = textOf(model, args[0]);
    if (method === "where" && column !== null)
      return [{ filters: [{ column, table: null, how: "=", value: args[1] ?? null, sure }], open: false }];
    return method === "equals"
      ? []
      : [{ ...conditionsOf(model, args[0], sure), open: method !== "where" || args.length === 0 }];
  });
  return { filters: parts.flatMap(({ filters }) => filters), open: parts.some(({ open }) => open) };
}

function limitIn(chain: Chain, option: Expr | undefined): Reading["limit"] {
  const [link] = linksNamed(chain, "limit");
  if (chain.handedOn) return { kind: "unknown" };
  if (link !== undefined) return limitOf(chain.model, link.args[0]);
  if (chain.links[0].method === "paginate")
    return option === undefined ? { kind: "unknown" } : limitOf(chain.model, option);
  return limitOf(chain.model, option);
}

/** `"-createdAt name"`, `{ createdAt: -1 }`. */
function orderOf(model: Model, { args }: Link): string[] {
  const text = textOf(model, args[0]);
  if (text !== null) return text.split(/\s+/).map((each) => each.replace(/^[-+]/, ""));
  return [...(args[0] === undefined ? [] : (entriesOf(model, args[0])?.entries.keys() ?? []))];
}

function populated(model: Model, { args: [first] }: Link): string[] {
  const path = first === undefined ? undefined : entriesOf(model, first)?.entries.get("path");
  return path === undefined ? namesOf(model, first) : namesOf(model, path);
}

/** `new User({ email }).save()` */
function madeOf(model: Model, use: Use): Reading["sets"] {
  const made = model.callsIn(use).findLast(({ isNew }) => isNew);
  const given = made === undefined ? undefined : model.summary(made.file)?.calls[indexIn(made.id)]?.args[0];
  return made === undefined || given === undefined
    ? []
    : assignmentsOf(model, { file: made.file, value: given, frame: null });
}

/** The second `order.save()` finds the row that the first one made. */
function isSavedBefore(summary: Summary | null, { call }: Use): boolean {
  const callee = summary?.calls[indexIn(call.id)]?.callee;
  if (summary === null || callee?.kind !== "member" || callee.object.kind !== "name") return false;
  const others = fileIndex(summary).onName.get(keyOfName(callee.object)) ?? [];
  return others.some((id) => {
    const other = summary.calls[id];
    return other?.callee.kind === "member" && other.callee.property === "save" && other.span.end < call.span.start;
  });
}

/** A document's own methods write its row as it was read. */
function readDocument({ model, use, links: [{ method, args }] }: Chain): Reading {
  const isNew =
    /(model\(\)|getModelForClass\(\)|Model\(\))\(\)\.save$/.test(use.api) &&
    !isSavedBefore(model.summary(use.call.file), use);
  const operation = method === "save" ? (isNew ? "insert" : "update") : method === "updateOne" ? "update" : "delete";
  const options = args.at(-1);
  const session = options === undefined ? undefined : entriesOf(model, options)?.entries.get("session");
  const sets = isNew ? madeOf(model, use) : method === "updateOne" ? assignmentsOf(model, args[0]) : [];
  return {
    ...emptyReading,
    operation,
    table: madeFor(model, use) ?? injectedInto(model, use),
    open: true,
    sets,
    joinsTransaction: session !== undefined,
  };
}
