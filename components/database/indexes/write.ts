/** All indexes that are wanted, each written as the app declares the table it belongs to. */
import type { Model } from "../../../analyzers/model.ts";
import type { Table } from "../../../analyzers/schema/index.ts";
import { drizzleIndexes } from "./drizzle.ts";
import { knexIndexes } from "./knex.ts";
import { mongooseIndexes } from "./mongoose.ts";
import { prismaIndexes } from "./prisma.ts";
import { sequelizeIndexes } from "./sequelize.ts";
import { sqlIndexes } from "./sql.ts";
import { typeormIndexes } from "./typeorm.ts";
import { grouped, inSchemaOrder, together, type Wanted, type Writer } from "./wanted.ts";

const writers: Readonly<Record<Table["source"], Writer>> = {
  prisma: prismaIndexes,
  drizzle: drizzleIndexes,
  mongoose: mongooseIndexes,
  typeorm: typeormIndexes,
  sequelize: sequelizeIndexes,
  sql: sqlIndexes,
  builder: knexIndexes,
};

export function writeIndexes(wanted: readonly Wanted[], model: Model): ReturnType<Writer> {
  const bySource = grouped(wanted.toSorted(inSchemaOrder), ({ table }) => table.source);
  return together(
    bySource.flatMap(([, own]) => {
      const [first] = own;
      return first === undefined ? [] : [writers[first.table.source](own, model)];
    }),
  );
}
