/** The libraries whose transactions are written, and whether one can hold the writes as far as the app shows. */
import type { Model } from "../../../analyzers/model.ts";
import type { Dialect, Query } from "../../../analyzers/queries/index.ts";
import type { Client } from "./client.ts";
import { drizzle } from "./drizzle.ts";
import { knex } from "./knex.ts";
import { mongoose } from "./mongoose.ts";
import { postgres } from "./postgres.ts";
import { prisma } from "./prisma.ts";
import { sequelize } from "./sequelize.ts";
import { typeorm } from "./typeorm.ts";

const clients: Partial<Record<Dialect, Client>> = {
  prisma,
  drizzle,
  knex,
  typeorm,
  sequelize,
  mongoose,
  mongodb: mongoose,
  sql: postgres,
};

export function clientOf({ dialect }: Query): Client | null {
  return clients[dialect] ?? null;
}

/** What stands in the way, or null. */
export function obstacleOfLibrary(queries: readonly Query[], model: Model): string | null {
  const [first] = queries;
  if (first === undefined) return "no query could be read";
  if (queries.some(({ dialect }) => dialect !== first.dialect)) return "they go through several libraries";
  if (first.dialect === "supabase")
    return "Supabase's client has no transactions: the writes would have to stand in a function of the database, called by `rpc`";
  return clientOf(first)?.obstacle(queries, model) ?? noneWritten(first);
}

function noneWritten(query: Query): string | null {
  return clientOf(query) === null ? "transactions are not yet written for this library" : null;
}
