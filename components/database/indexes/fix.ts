/** Whether the recipe will write an index for a column: asked while reading, so it looks at texts and the model alone. */
import type { Model } from "../../../analyzers/model.ts";
import type { Column, Table } from "../../../analyzers/schema/index.ts";
import type { Finding } from "../../finding.ts";
import { knexObstacle } from "./knex.ts";
import { drizzleObstacle } from "./drizzle.ts";
import { prismaObstacle } from "./prisma.ts";
import { sequelizeObstacle } from "./sequelize.ts";
import { sqlObstacle } from "./sql.ts";
import { typeormObstacle } from "./typeorm.ts";

/** Why the recipe leaves a column alone, null when it does not; per way of declaring tables. */
type Obstacle = (table: Table, column: Column, model: Model) => string | null;

const obstacles: Readonly<Record<Table["source"], Obstacle>> = {
  prisma: prismaObstacle,
  drizzle: drizzleObstacle,
  mongoose: () => null,
  typeorm: typeormObstacle,
  sequelize: sequelizeObstacle,
  sql: sqlObstacle,
  builder: knexObstacle,
};

/** The end of "No index was written because ..."; null where one is written. */
export function obstacleOf(table: Table, column: Column, model: Model): string | null {
  return obstacles[table.source](table, column, model);
}

/** What is plausible only is not worth a change of the database. */
export function fixFor(table: Table, column: Column, confidence: Finding["confidence"], model: Model): Finding["fix"] {
  return confidence !== "low" && obstacleOf(table, column, model) === null ? "patch" : "brief";
}
