/** Every table that an app declares, found by whatever name its code uses. */
import type { Model } from "../model.ts";
import { builderTables } from "./builder.ts";
import { drizzleTables } from "./drizzle.ts";
import { mongooseTables } from "./mongoose.ts";
import { prismaTables } from "./prisma.ts";
import { sequelizeTables } from "./sequelize.ts";
import { sqlTables } from "./sql.ts";
import { plain, type Table } from "./table.ts";
import { entityTables } from "./typeorm.ts";

export type { Column, Engine, Index, Table } from "./table.ts";
export { columnOf, isIndexed, isUnique, plain } from "./table.ts";

interface Schema {
  all: readonly Table[];
  byName: ReadonlyMap<string, readonly Table[]>;
}

const known = new WeakMap<Model, Schema>();

/** What the code declares comes before what SQL and migrations say. */
export function tablesOf(model: Model): readonly Table[] {
  return schemaOf(model).all;
}

/** The tables that a name can mean, in one service before others; several where models and migrations both declare it. */
export function tablesNamed(model: Model, name: string, file: string): readonly Table[] {
  const { byName } = schemaOf(model);
  const own = namesFor(name).flatMap((each) => byName.get(each) ?? []);
  const found = own.length > 0 ? own : namesFor(withoutKind(name)).flatMap((each) => byName.get(each) ?? []);
  const service = model.service(file);
  const near = found.filter(({ place }) => model.service(place.file) === service);
  return inUse(near.length > 0 ? near : found, model);
}

/** Without a copy of the same model that the app itself does not load: an earlier version, what `drizzle-kit pull` wrote down. */
function inUse(tables: readonly Table[], model: Model): readonly Table[] {
  const isCopy = ({ place, source }: Table): boolean => {
    const context = model.context(place.file);
    return context === "dead" || (context === "script" && source === "drizzle");
  };
  return tables.filter((table) => {
    const hasOther = tables.some((other) => other.source === table.source && !isCopy(other));
    return !(hasOther && isCopy(table));
  });
}

/** `UserModel`, `usersTable`: what a module calls a model that is `User` where it is declared. */
function withoutKind(name: string): string {
  return name.replace(/(_(model|entity|table|schema|collection)|Model|Entity|Table|Schema|Collection)s?$/, "") || name;
}

/** `User`, `users`, `user`: models and tables differ by number. */
function namesFor(name: string): string[] {
  const own = plain(name);
  const others = [
    `${own}s`,
    `${own}es`,
    own.replace(/s$/, ""),
    own.replace(/es$/, ""),
    own.replace(/ies$/, "y"),
    own.replace(/y$/, "ies"),
  ];
  return [...new Set([own, ...others])];
}

function schemaOf(model: Model): Schema {
  const found = known.get(model) ?? read(model);
  known.set(model, found);
  return found;
}

function read(model: Model): Schema {
  const all = [
    ...prismaTables(model),
    ...drizzleTables(model),
    ...entityTables(model),
    ...sequelizeTables(model),
    ...mongooseTables(model),
    ...sqlTables(model),
    ...builderTables(model),
  ];
  const byName = new Map<string, Table[]>();
  for (const table of all) {
    for (const name of new Set(table.names.map(plain))) byName.set(name, [...(byName.get(name) ?? []), table]);
  }
  return { all, byName };
}
