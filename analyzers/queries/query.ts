/** A question to a database, whatever library it is asked through. Unknown is a value everywhere. */
import type { Expr } from "../flow/expression.ts";
import type { CallSite, Use } from "../model.ts";

export type Dialect =
  | "sql"
  | "prisma"
  | "drizzle"
  | "knex"
  | "objection"
  | "kysely"
  | "typeorm"
  | "sequelize"
  | "mikro-orm"
  | "mongoose"
  | "mongodb"
  | "supabase"
  | "firestore"
  | "django"
  | "sqlalchemy";

/** `list`: rows; `one`: a row at most; `aggregate`: numbers made of rows by the database; `raw`: not known what it does. */
export type Operation =
  | "list"
  | "one"
  | "count"
  | "aggregate"
  | "insert"
  | "update"
  | "upsert"
  | "delete"
  | "transaction"
  | "raw";

export interface Filter {
  /** As written, without the table: `user_id`, `author.id`. */
  column: string;
  /** Another table of the query; null for its own, or where that is not said. */
  table: string | null;
  how: "=" | "in" | "range" | "like" | "other";
  value: Expr | null;
  /** False where it stands behind an `if` or in one arm of an OR. */
  sure: boolean;
  /** Set where the query may be asked without it: `if (shop) where.shopId = shop`. */
  optional?: true;
}

export type Limit =
  | { kind: "none" }
  | { kind: "literal"; value: number }
  | { kind: "value"; expr: Expr }
  | { kind: "unknown" };

export interface Assignment {
  column: string;
  /** What is written; null when the database works it out, or it cannot be read. */
  value: Expr | null;
  /** True for `SET n = n - 1`, `{ decrement: 1 }`, `$inc`: the database does the sum on the row as it is then. */
  relative: boolean;
}

/** What can be read of one query, without where it stands. */
export interface Reading {
  operation: Operation;
  /** Table, model or collection as the code names it; null when not known. */
  table: string | null;
  filters: Filter[];
  /** True when there are, or may be, conditions that could not be read. */
  open: boolean;
  order: string[];
  limit: Limit;
  /** True with an offset or a cursor. */
  paged: boolean;
  /** Related tables or fields that are read along: `include`, `with`, `populate`, JOIN. */
  relations: string[];
  /** Joined tables, each with the column by which its rows are looked up. */
  joins: { table: string; column: string }[];
  /** Null when all, or not known. */
  columns: string[] | null;
  sets: Assignment[];
  /** True when the rows written are a list of unknown length. */
  many: boolean;
  /** True when the rows read are locked until the transaction ends. */
  locks: boolean;
  /** True when it is told to run in a transaction: `{ transaction }`, `{ session }`. */
  joinsTransaction: boolean;
}

export interface Query extends Reading {
  dialect: Dialect;
  /** Where the app asks: outside of wrappers that take the text or the conditions as parameters. */
  call: CallSite;
  /** The library's call. */
  use: Use;
  /** Every call that belongs to it (`CallSite.id`): `find`, `sort`, `limit`. */
  calls: ReadonlySet<string>;
  /** False when nobody waits for it where it stands. */
  waited: boolean;
}

export const emptyReading: Reading = {
  operation: "raw",
  table: null,
  filters: [],
  open: false,
  order: [],
  limit: { kind: "none" },
  paged: false,
  relations: [],
  joins: [],
  columns: null,
  sets: [],
  many: false,
  locks: false,
  joinsTransaction: false,
};

/** What is read of a query that may be anything. */
export const unknownReading: Reading = { ...emptyReading, open: true, limit: { kind: "unknown" } };

/** True for operations that change rows. */
export function isWrite({ operation }: Pick<Reading, "operation">): boolean {
  return operation === "insert" || operation === "update" || operation === "upsert" || operation === "delete";
}

/** True for operations that give rows or numbers. */
export function isRead({ operation }: Pick<Reading, "operation">): boolean {
  return operation === "list" || operation === "one" || operation === "count" || operation === "aggregate";
}
