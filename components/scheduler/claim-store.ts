/** Where copies of the app can agree on who does a job: a store that it talks to already. */
import type { Model, Service } from "../../analyzers/model.ts";
import { instancesOf, type Instance } from "../../analyzers/state/instances.ts";
import { tablesOf } from "../../analyzers/schema/index.ts";
import type { Edit } from "../../patches/edit.ts";
import { exportDeclaration } from "../../patches/editors/exports.ts";
import type { Export } from "../../patches/editors/import-of.ts";
import { openSource } from "../../patches/editors/source.ts";
import { isUnderCondition } from "../../patches/editors/under-condition.ts";
import { sharedRedis } from "../shared-redis.ts";

/** How the claim is written; the store's client comes from a module, from the library itself, or is given by the caller. */
export type Dialect = "ioredis" | "node-redis" | "mongoose" | "prisma" | "drizzle" | "pg";

export interface Store {
  dialect: Dialect;
  /** Null for mongoose, whose connection its module holds. */
  client: Export | null;
  /** Drizzle over `pg` and its like: the rows stand inside of what a query answers. */
  rowsInside: boolean;
  /** What makes the client available to other modules. */
  edits: Edit[];
}

/** The app's own store for claims, best first: Redis, which needs no table; else the database the jobs work on. */
export function storeOf(model: Model, service: Service): Store | { obstacle: string } {
  const redis = sharedRedis(model, service);
  if (redis !== null && !redis.mayBeMissing)
    return storeWith(redis.api.startsWith("ioredis:") ? "ioredis" : "node-redis", redis);
  const postgres = isPostgres(model, service) ? postgresStore(model, service) : null;
  if (postgres !== null) return postgres;
  const connects = model
    .usesOf("mongoose:connect")
    .some(({ call }) => model.service(call.file) === service && model.context(call.file) === "server");
  if (connects) return storeWith("mongoose", null);
  return { obstacle: missing(service) };
}

function storeWith(dialect: Dialect, client: Export | null): Store {
  return { dialect, client, rowsInside: false, edits: [] };
}

function missing({ backing }: Service): string {
  const kinds = backing.map(({ kind }) => kind);
  const known = kinds.filter((kind) => ["postgres", "redis", "mongodb"].includes(kind));
  if (known.length > 0)
    return `the app has ${known.join(" and ")}, but no module exports a client of it that every process has`;
  return kinds.length > 0
    ? `the claim is written for Redis, Postgres and MongoDB, and the app has ${[...new Set(kinds)].join(" and ")}`
    : "the app has no store that all copies share";
}

/** Databases of other kinds speak other SQL. */
export function isPostgres(model: Model, service: Service): boolean {
  const engines = new Set(
    tablesOf(model).flatMap(({ engine, place }) => (model.service(place.file) === service && engine ? [engine] : [])),
  );
  const others = service.backing.some(({ kind }) => kind === "mysql" || kind === "sqlite");
  if (engines.size > 0) return engines.size === 1 && engines.has("postgres");
  return service.backing.some(({ kind }) => kind === "postgres") && !others;
}

const clients: readonly { apis: readonly string[]; dialect: Dialect; rowsInside?: true }[] = [
  { apis: ["@prisma/client:PrismaClient", "*:PrismaClient"], dialect: "prisma" },
  {
    apis: [
      "drizzle-orm/node-postgres:drizzle",
      "drizzle-orm/neon-serverless:drizzle",
      "drizzle-orm/vercel-postgres:drizzle",
      "drizzle-orm/neon-http:drizzle",
    ],
    dialect: "drizzle",
    rowsInside: true,
  },
  { apis: ["drizzle-orm/postgres-js:drizzle"], dialect: "drizzle" },
  { apis: ["pg:Pool", "@neondatabase/serverless:Pool"], dialect: "pg" },
];

function postgresStore(model: Model, service: Service): Store | null {
  for (const { apis, dialect, rowsInside = false } of clients) {
    const made = instancesOf(model, apis).filter(
      (each) => model.service(each.file)?.root === service.root && isAlways(model, each),
    );
    const found = made.find(({ exported }) => exported !== null) ?? made.find(({ local }) => local !== null);
    const client = found === undefined ? null : exportedClient(found, model);
    if (client !== null) return { dialect, rowsInside, ...client };
  }
  return null;
}

/** A client that its module keeps to itself is shared rather than made once more. */
function exportedClient({ file, exported, local }: Instance, model: Model): Pick<Store, "client" | "edits"> | null {
  if (exported !== null) return { client: { file, exported, local: local ?? "db" }, edits: [] };
  const source = openSource(model.repo, file);
  const opened = source === null || local === null ? null : exportDeclaration(source, local);
  return opened === null || local === null
    ? null
    : { client: { file, exported: opened.as, local }, edits: opened.edits };
}

/** A client that is made only under a condition may be missing in some process. */
function isAlways(model: Model, { file, construction }: Instance): boolean {
  const source = openSource(model.repo, file);
  return source !== null && !isUnderCondition(source, construction.span);
}
