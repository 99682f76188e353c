/** Databases through drivers and clients. Methods that take SQL are told apart by the text they are given. */
import { client, facts, type ClientFact, type LibraryFact } from "./fact.ts";

const MONGO_READS = "find findOne aggregate countDocuments estimatedDocumentCount distinct";
const MONGO_WRITES =
  "insertOne insertMany updateOne updateMany replaceOne deleteOne deleteMany findOneAndUpdate findOneAndDelete findOneAndReplace bulkWrite";

export const database: readonly LibraryFact[] = [
  ...[
    "pg:**",
    "@neondatabase/serverless:Pool().**",
    "@neondatabase/serverless:Client()",
    "@vercel/postgres:createPool().**",
  ].flatMap((made) => facts("database-read", made, "query", 0)),
  ...["postgres:()", "@neondatabase/serverless:neon()", "@vercel/postgres:sql"].map((api) => ({
    api,
    kind: "database-read" as const,
    sql: 0,
  })),
  ...facts("database-read", "postgres:()", "unsafe", 0),
  ...facts("database-write", "postgres:()", "begin"),
  ...facts("database-read", "@vercel/postgres:sql", "query", 0),
  ...["mysql2:**", "mysql2/promise:**", "mysql:**"].flatMap((made) => facts("database-read", made, "query execute", 0)),
  ...facts(
    "database-read",
    "slonik:**",
    "any anyFirst many manyFirst maybeOne maybeOneFirst one oneFirst exists query",
    0,
  ),
  ...facts("database-write", "slonik:**", "transaction"),
  ...facts("database-read", "@planetscale/database:**", "execute", 0),
  ...facts("database-read", "@libsql/client:createClient()", "execute batch", 0),
  ...facts("database-read", "better-sqlite3:().prepare()", "all get iterate pluck"),
  ...facts("database-write", "better-sqlite3:().prepare()", "run"),
  ...facts("database-write", "better-sqlite3:()", "exec"),
  ...facts("database-read", "node:sqlite:DatabaseSync().prepare()", "all get iterate"),
  ...facts("database-write", "node:sqlite:DatabaseSync().prepare()", "run"),
  ...["sqlite3:**", "sqlite:open()"].flatMap((made) => [
    ...facts("database-read", made, "all get each", 0),
    ...facts("database-write", made, "run exec", 0),
  ]),
  ...facts("database-read", "mongodb:**.collection()", MONGO_READS),
  ...facts("database-write", "mongodb:**.collection()", MONGO_WRITES),
  ...["@supabase/supabase-js:createClient()", "@supabase/ssr:createServerClient()"].flatMap((made) => [
    ...facts("database-read", made, "from().select rpc"),
    ...facts("database-write", made, "from().insert from().update from().upsert from().delete"),
    ...facts("http", `${made}.auth`, "signUp signInWithPassword signInWithOtp signOut getUser resetPasswordForEmail"),
    ...facts("http", `${made}.auth.admin`, "createUser deleteUser listUsers getUserById"),
    ...facts("storage", `${made}.storage.from()`, "upload download remove createSignedUrl list"),
  ]),
  ...["firebase-admin:firestore().**", "firebase-admin/firestore:getFirestore().**"].flatMap((made) => [
    ...facts("database-read", made, "get"),
    ...facts("database-write", made, "set add update delete commit runTransaction"),
  ]),
  ...facts("database-read", "@aws-sdk/client-dynamodb:DynamoDBClient()", "send"),
  ...facts("database-read", "@aws-sdk/lib-dynamodb:DynamoDBDocumentClient.from()", "send"),
];

const PG =
  "node-postgres documentation: connectionTimeoutMillis 0 (no timeout), query_timeout and statement_timeout none, max 10";

export const databaseClients: readonly ClientFact[] = [
  client("pg:Pool()", { timeoutOption: "connectionTimeoutMillis", defaultTimeoutMs: null, source: PG }),
  client("pg:Client()", { timeoutOption: "connectionTimeoutMillis", defaultTimeoutMs: null, source: PG }),
  client("postgres:()", {
    timeoutOption: "connect_timeout",
    timeoutUnit: "s",
    optionsAt: 1,
    defaultTimeoutMs: 30_000,
    source: "postgres.js README: connect_timeout 30 s",
  }),
];
