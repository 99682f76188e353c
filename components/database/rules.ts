/** What can be wrong, in one line each, and what to do about it. */
import type { Rule } from "../component.ts";

export const rules: readonly Rule[] = [
  {
    id: "database/n-plus-one",
    title: "A list costs one query per row",
    severity: "warning",
    advice: "Fetch what all rows need in one query: a join, an include, or `IN` over their ids.",
  },
  {
    id: "database/unpaginated-list",
    title: "A list has no end",
    severity: "warning",
    advice: "Read a page at a time: a limit of some dozens of rows, and an offset or, better, a cursor.",
  },
  {
    id: "database/unbounded-page-size",
    title: "The user decides how many rows are read",
    severity: "warning",
    advice: "Cap the page size where it is read from the request: `Math.min(limit, 100)`.",
  },
  {
    id: "database/missing-index",
    title: "A column that requests search by has no index",
    severity: "warning",
    advice: "Add an index that begins with this column, in a migration of its own.",
  },
  {
    id: "database/pool-per-request",
    title: "Each request opens database connections of its own",
    severity: "error",
    advice: "Make one client when the module loads, and let every request use it.",
  },
  {
    id: "database/no-pool-limits",
    title: "A request waits for a database connection without end",
    severity: "note",
    advice: "Set `connectionTimeoutMillis` (5 seconds) and `max` on the pool, and a `statement_timeout`.",
  },
  {
    id: "database/direct-connection-in-serverless",
    title: "Serverless functions connect to the database without a pooler",
    severity: "warning",
    advice: "Use the pooler's address (Supabase port 6543, Neon `-pooler`) and keep the direct one for migrations.",
  },
  {
    id: "database/race-on-shared-row",
    title: "Two requests at once overwrite each other's change",
    severity: "error",
    advice:
      "Let the database do the sum with a condition (`SET stock = stock - 1 WHERE stock >= 1`), or lock the row in a transaction.",
  },
  {
    id: "database/non-atomic-multi-write",
    title: "Writes that belong together can be half done",
    severity: "warning",
    advice: "Put the writes into one transaction, and keep calls to other services out of it.",
  },
  {
    id: "database/write-not-awaited",
    title: "A write to the database is not waited for",
    severity: "warning",
    advice: "Write `await` before it, so that the answer comes after the write and an error reaches the error handler.",
  },
  {
    id: "database/aggregate-in-app",
    title: "Rows are fetched only to be counted or added up",
    severity: "warning",
    advice: "Ask the database for the number: `COUNT`, `SUM`, or the mapper's `count` and `aggregate`.",
  },
  {
    id: "database/no-migrations",
    title: "The database's schema has no migrations",
    severity: "warning",
    advice: "Keep each change as a migration in the repo, and run them in the deploy, before the new code starts.",
  },
];
