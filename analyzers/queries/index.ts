/** Every query of an app, whatever library asks it. */
import type { Model, Use } from "../model.ts";
import { chainFrom } from "./chain.ts";
import { drizzle } from "./drizzle.ts";
import { driverQueries } from "./drivers.ts";
import { firestore, supabase } from "./hosted.ts";
import { knex, objection } from "./knex.ts";
import { kysely } from "./kysely.ts";
import { mongodb, mongoose } from "./mongo.ts";
import { prisma } from "./prisma.ts";
import { django } from "./python/django.ts";
import { beanie, pymongo } from "./python/mongo.ts";
import { sessions, sqlalchemy, statements } from "./python/sqlalchemy.ts";
import type { Query } from "./query.ts";
import type { Row } from "./row.ts";
import { sequelize } from "./sequelize.ts";
import { mikroOrm, typeorm } from "./typeorm.ts";

export type { Assignment, Dialect, Filter, Limit, Operation, Query } from "./query.ts";
export { isRead, isWrite } from "./query.ts";

const rows: readonly Row[] = [
  prisma,
  drizzle,
  knex,
  objection,
  kysely,
  typeorm,
  mikroOrm,
  sequelize,
  mongoose,
  mongodb,
  supabase,
  firestore,
  django,
  sqlalchemy,
  sessions,
  statements,
  pymongo,
  beanie,
];

const known = new WeakMap<Model, readonly Query[]>();

/** All queries in source order of their library calls, dialect by dialect. */
export function queriesOf(model: Model): readonly Query[] {
  const found = known.get(model) ?? [...rows.flatMap((row) => queriesOfRow(model, row)), ...driverQueries(model)];
  known.set(model, found);
  return found;
}

function queriesOfRow(model: Model, row: Row): Query[] {
  const seen = new Set<string>();
  return row.packages.flatMap((name) =>
    model.usesOf(`${name}:**`).flatMap((use) => {
      if (!row.starts.test(use.api) || seen.has(use.call.id)) return [];
      const query = queryOf(model, row, use);
      if (query !== null) seen.add(use.call.id);
      return query ?? [];
    }),
  );
}

function queryOf(model: Model, row: Row, use: Use): Query | null {
  const begun = chainFrom(model, use);
  const chain = begun === null || row.extend === undefined ? begun : row.extend(begun);
  const reading = chain === null ? null : row.read(chain);
  if (chain === null || reading === null) return null;
  const sites = chain.links.map(({ call }) => call);
  const last = sites.at(-1) ?? use.call;
  const waited = sites.some((call) => call.awaited) || !["discarded", "chained"].includes(last.use);
  const call = chain.asked ?? use.call;
  return { ...reading, dialect: row.dialect, call, use, calls: new Set(sites.map(({ id }) => id)), waited };
}
