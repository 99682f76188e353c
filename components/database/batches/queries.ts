/** The query for one row by its key as a query for all rows of a list, in each library's words. */
import type { Model } from "../../../analyzers/model.ts";
import type { Query } from "../../../analyzers/queries/index.ts";
import { tablesNamed } from "../../../analyzers/schema/index.ts";
import type { Source } from "../../../patches/editors/source.ts";
import { typescript, type ts } from "../../../patches/editors/typescript.ts";
import { entryOf, keysOf } from "../atomic/call-parts.ts";
import type { Lookup } from "./loop.ts";

export interface Batch {
  /** The item's part that names the row: `item.productId`. */
  key: string;
  /** The column it is compared with. */
  column: string;
  /** The model as written: `Product`, `prisma.user`. */
  model: string;
  /** The query for all, `keys` standing for the list of them. */
  all(keys: string): string;
}

/** Null where the row is not asked for by one unique column, or not all of it is read. */
export function batchOf(
  lookup: Lookup,
  call: ts.CallExpression,
  query: Query,
  source: Source,
  model: Model,
): Batch | null {
  const ts = typescript();
  if (!ts.isPropertyAccessExpression(call.expression)) return null;
  const method = call.expression.name.text;
  const owner = call.expression.expression.getText(source.tree);
  const chain = source.text.slice(call.end, lookup.query.end);
  const [first, second] = call.arguments;
  if (
    query.dialect === "mongoose" &&
    method === "findById" &&
    first !== undefined &&
    second === undefined &&
    !/-_id\b|\.(session|orFail|cursor)\(/.test(chain)
  ) {
    return made(first, "_id", owner, (keys) => `${owner}.find({ _id: { $in: ${keys} } })${chain}`, lookup, source);
  }
  if (query.dialect === "sequelize" && method === "findByPk" && first !== undefined && chain === "") {
    const options = second === undefined ? "" : optionsOf(second, source);
    const key = keyOf(query, model);
    if (options === null || key !== "id") return null;
    return made(first, "id", owner, (keys) => `${owner}.findAll({ where: { id: ${keys} }${options} })`, lookup, source);
  }
  return query.dialect === "prisma" && method === "findUnique" && chain === ""
    ? ofPrisma(lookup, owner, first, source)
    : null;
}

/** `findUnique({ where: { id: item.productId }, select: { id: true, name: true } })` */
function ofPrisma(lookup: Lookup, owner: string, options: ts.Expression | undefined, source: Source): Batch | null {
  const ts = typescript();
  const where = entryOf(options, "where");
  const [column, other] = where === null ? [] : (keysOf(where) ?? []);
  const key = where === null || column === undefined || other !== undefined ? null : entryOf(where, column);
  if (options === undefined || !ts.isObjectLiteralExpression(options) || key === null || column === undefined)
    return null;
  // Keys may be null where some items are passed over before.
  const mayLack =
    lookup.before.some((statement) => ts.isIfStatement(statement)) || key.getText(source.tree).includes("?.");
  const rest = options.properties.filter((each) => each.name?.getText(source.tree) !== "where");
  if (mayLack || rest.some((each) => !/^(select|include)$/.test(each.name?.getText(source.tree) ?? ""))) return null;
  const select = entryOf(options, "select");
  if (select !== null && entryOf(select, column)?.getText(source.tree) !== "true") return null;
  const more = rest.map((each) => `, ${each.getText(source.tree)}`).join("");
  const all = (keys: string): string => `${owner}.findMany({ where: { ${column}: { in: ${keys} } }${more} })`;
  return made(key, column, owner, all, lookup, source);
}

function made(
  key: ts.Expression,
  column: string,
  model: string,
  all: Batch["all"],
  { item }: Lookup,
  { tree }: Source,
): Batch | null {
  const text = key.getText(tree);
  const isOfItem = new RegExp(`^${item.replaceAll("$", "\\$")}(\\??\\.\\w+)+$`).test(text);
  return isOfItem ? { key: text, column, model, all } : null;
}

/** The options behind the key, which stay as they are; null where the key may not be among what is read. */
function optionsOf(options: ts.Expression, { tree }: Source): string | null {
  const ts = typescript();
  const keys = keysOf(options);
  if (keys === null || !ts.isObjectLiteralExpression(options)) return null;
  if (keys.some((key) => !/^(attributes|raw)$/.test(key))) return null;
  const attributes = entryOf(options, "attributes");
  const isRead =
    attributes === null ||
    (ts.isArrayLiteralExpression(attributes) &&
      attributes.elements.some((each) => /^["']id["']$/.test(each.getText(tree))));
  return isRead ? options.properties.map((each) => `, ${each.getText(tree)}`).join("") : null;
}

function keyOf({ table, call }: Query, model: Model): string | null {
  const named = table === null ? [] : tablesNamed(model, table, call.file);
  const own = named.filter(({ source }) => source === "sequelize");
  const keys = own.flatMap(({ columns }) => columns.flatMap(({ primary, names }) => (primary ? (names[0] ?? []) : [])));
  if (own.length === 0) return null;
  const [key, other] = new Set(keys);
  // Sequelize adds `id` where no key is declared (Sequelize documentation, "Model Basics").
  return key === undefined ? "id" : other === undefined ? key : null;
}
