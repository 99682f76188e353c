/** MongoDB from Python: PyMongo and Motor by collection, Beanie by class. */
import type { Model } from "../../model.ts";
import type { Value } from "../../summary.ts";
import type { Chain } from "../chain.ts";
import { linksNamed } from "../chain.ts";
import { conditionsOf, isList, limitOf } from "../objects.ts";
import { emptyReading, type Limit, type Operation, type Reading } from "../query.ts";
import { behind, entriesOf, textOf } from "../resolve.ts";
import type { Row } from "../row.ts";
import { conditionsIn } from "./conditions.ts";
import { cutLater } from "./cut.ts";
import { classNamed, holderOf } from "./names.ts";

const methods: Readonly<Record<string, Operation>> = {
  find: "list",
  find_one: "one",
  aggregate: "aggregate",
  distinct: "aggregate",
  count_documents: "count",
  estimated_document_count: "count",
  insert_one: "insert",
  insert_many: "insert",
  update_one: "update",
  update_many: "update",
  replace_one: "update",
  find_one_and_update: "update",
  delete_one: "delete",
  delete_many: "delete",
  find_one_and_delete: "delete",
};

const names = Object.keys(methods).join("|");

export const pymongo: Row = {
  dialect: "mongodb",
  packages: ["pypi:pymongo", "pypi:motor", "pypi:flask_pymongo", "pypi:fastapi", "pypi:starlette"],
  // What an app puts on itself when it starts is found by the request's way to it: `request.app.mongodb["users"]`.
  starts: new RegExp(
    `^pypi:(pymongo|motor|flask_pymongo):.*\\.(${names})$|^pypi:(fastapi|starlette):.*Request\\(\\)\\.app\\.(state\\.)?\\w+\\.\\w+\\.(${names})$`,
  ),
  read: readCollection,
};

function readCollection(chain: Chain): Reading | null {
  const { model, use, links, handedOn } = chain;
  const [{ method, args }] = links;
  const operation = methods[method];
  if (operation === undefined) return null;
  const isInsert = operation === "insert";
  const where = isInsert ? conditionsOf(model, undefined) : conditionsOf(model, args[0]);
  const options =
    args.at(-1) === undefined
      ? null
      : entriesOf(model, args.at(-1) ?? { file: "", value: { kind: "unknown" }, frame: null });
  const isUpsert = operation === "update" && options?.entries.has("upsert") === true;
  const open = where.open || handedOn;
  const written = linksNamed(chain, "limit")[0]?.args[0] ?? options?.entries.get("limit");
  return {
    ...emptyReading,
    operation: isUpsert ? "upsert" : operation,
    table: collectionOf(chain),
    filters: where.filters,
    open,
    order: linksNamed(chain, "sort").flatMap(({ args: [by] }) => textOf(model, by) ?? []),
    limit: operation === "list" ? limitIn(chain, written, open) : { kind: "none" },
    paged: linksNamed(chain, "skip").length > 0 || options?.entries.has("skip") === true,
    many: method === "insert_many" || isList(model, isInsert ? args[0] : undefined),
    joinsTransaction: use.call.args.some((arg) => arg.kind === "object" && "session" in arg.entries),
  };
}

/** Motor's `to_list(100)` gives a hundred rows, `to_list(None)` all of them. */
function limitIn(chain: Chain, written: Parameters<typeof limitOf>[1], isOpen: boolean): Limit {
  const { model, use } = chain;
  if (written !== undefined) return limitOf(model, written);
  const [taken] = linksNamed(chain, "to_list").flatMap(({ args: [length] }) => length ?? []);
  const named = taken === undefined ? undefined : (entriesOf(model, taken)?.entries.get("length") ?? taken);
  const most =
    named === undefined || named.value.kind === "object" ? ({ kind: "none" } as const) : limitOf(model, named);
  if (most.kind !== "none") return most;
  const cut = cutLater(model, use.call);
  return cut.kind === "none" && isOpen ? { kind: "unknown" } : cut;
}

/** `users` of `db.users.find()`, `db["users"].find()`, `db.get_collection("users")`, and `users_collection.find()`. */
function collectionOf({ model, use: { call } }: Chain): string | null {
  const object = holderOf(model, call);
  if (object === null) return null;
  const { file, value } = behind(model, { file: call.file, value: fieldBehind(model, call.file, object), frame: null });
  if (value.kind === "member" && value.property !== "*") return plainly(value.property);
  if (value.kind === "call") {
    const given = model.summary(file)?.calls[value.call]?.args[0];
    return given?.kind === "literal" && typeof given.value === "string" ? given.value : null;
  }
  return value.kind === "name" || value.kind === "imported" ? plainly(value.name) : null;
}

/** `db["users"]` behind `self.collection`. */
function fieldBehind(model: Model, file: string, value: Value): Value {
  if (value.kind !== "member" || value.object.kind !== "this") return value;
  const summary = model.summary(file);
  const owner = summary?.functions[value.object.fn]?.class ?? null;
  const [given] = owner === null ? [] : (summary?.classes[owner]?.fields[value.property] ?? []);
  return given?.kind === "member" || given?.kind === "call" ? given : value;
}

function plainly(name: string): string {
  return name.replace(/_?(collection|coll?)$/i, "") || name;
}

const ofDocument: Readonly<Record<string, Operation>> = {
  find: "list",
  find_all: "list",
  find_many: "list",
  all: "list",
  find_one: "one",
  get: "one",
  count: "count",
  aggregate: "aggregate",
  insert_many: "insert",
};

export const beanie: Row = {
  dialect: "mongodb",
  packages: ["pypi:beanie"],
  starts: new RegExp(`:Document\\.(${Object.keys(ofDocument).join("|")})$`),
  read: (chain) => {
    const { model, links, handedOn, use } = chain;
    const [{ method, args }] = links;
    const table = classNamed(holderOf(model, use.call) ?? undefined);
    const last = links.at(-1)?.method;
    const asked = last === "count" ? "count" : last === "first_or_none" ? "one" : (ofDocument[method] ?? "raw");
    if (table === null) return null;
    const where = method === "get" ? conditionsOf(model, undefined) : conditionsIn(model, args);
    const open = where.open || handedOn;
    return {
      ...emptyReading,
      operation: asked,
      table,
      filters:
        method === "get"
          ? [{ column: "_id", table: null, how: "=", value: args[0] ?? null, sure: true }]
          : where.filters.map((filter) => (filter.table === table ? { ...filter, table: null } : filter)),
      open,
      limit: asked === "list" ? limitIn(chain, linksNamed(chain, "limit")[0]?.args[0], open) : { kind: "none" },
      paged: linksNamed(chain, "skip").length > 0,
      many: method === "insert_many",
    };
  },
};
