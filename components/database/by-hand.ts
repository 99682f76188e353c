/** Briefs for what no recipe changes: how rows are asked for is woven into the code around it. */
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";
import { rules } from "./rules.ts";

type Words = Pick<Brief, "constraints" | "acceptance">;

const sameRows = "The same rows come back, in the same order.";

const briefs: Readonly<Record<string, Words>> = {
  "database/n-plus-one": {
    constraints: [sameRows, "One query for all rows, with the columns that are used; no query inside the loop."],
    acceptance: "The number of queries for the page is the same with ten rows and with a hundred.",
  },
  "database/unpaginated-list": {
    constraints: [
      "The first page holds what was first until now, in a settled order.",
      "Whoever reads the list (screen, export, job) asks for the next page where it needs more.",
    ],
    acceptance: "With ten thousand rows the answer holds one page and is as quick as with a hundred.",
  },
  "database/unbounded-page-size": {
    constraints: ["The page size has an upper limit on the server; a size that is no number gets the usual one."],
    acceptance: "A request for a million rows gets no more than the upper limit.",
  },
  "database/missing-index": {
    constraints: [
      "The index begins with the column that is named here, and is made in a migration of its own.",
      "On a big table of a Postgres in use: `CREATE INDEX CONCURRENTLY`, outside a transaction.",
    ],
    acceptance: "`EXPLAIN` of the query shows the index where it read the whole table before.",
  },
  "database/pool-per-request": {
    constraints: ["One client for the process, made when the module loads and closed when the process stops."],
    acceptance: "Under load the number of connections stays at the pool's `max`.",
  },
  "database/no-pool-limits": {
    constraints: [
      "`max` times the number of processes stays below the database's limit, with some left for people and migrations.",
      "Statements that are slow on purpose (exports, migrations) get a limit of their own.",
    ],
    acceptance: "With the database hung, a request fails after some seconds instead of waiting.",
  },
  "database/direct-connection-in-serverless": {
    constraints: ["Requests use the pooler's address; migrations keep the direct one, under a name of its own."],
    acceptance: "Fifty requests at once do not raise the number of connections that the database counts by fifty.",
  },
  "database/race-on-shared-row": {
    constraints: [
      "Check and change are one statement, or both stand in a transaction that locks the row.",
      "Who comes too late gets the answer that was given until now for too little.",
    ],
    acceptance: "Of twenty requests at once for the last piece, one is served; nothing is below zero.",
  },
  "database/non-atomic-multi-write": {
    constraints: [
      "All writes go through the transaction's own client.",
      "Calls to other services stand before or behind the transaction, not in it.",
      "MongoDB: `session.withTransaction`, on a replica set only; writes to one document are one update of it instead.",
    ],
    acceptance: "When the last write fails, none of those before it is there.",
  },
  "database/write-not-awaited": {
    constraints: ["A failure reaches the error handler, or is caught and logged where the write is a side matter."],
    acceptance: "When the write fails, the answer says so or the log does, and the process goes on.",
  },
  "database/aggregate-in-app": {
    constraints: ["The number is the same for no rows, for one and for many; empty values count as before."],
    acceptance: "The query returns one row, however many there are.",
  },
  "database/no-migrations": {
    constraints: [
      "The first migration is the schema as it is in production, marked as applied there.",
      "The deploy runs migrations once, before the new code starts, and stops when one fails.",
    ],
    acceptance: "An empty database and production have the same schema after the migrations ran.",
  },
};

/** `why`: in place of the finding's own words. */
export function briefFor({ id, rule, file, line, message }: Finding, why = message): Brief {
  const words = Object.hasOwn(briefs, rule) ? briefs[rule] : undefined;
  const advice = rules.find((each) => each.id === rule)?.advice ?? "";
  return {
    findingId: id,
    where: { file, line },
    why,
    constraints: [advice, ...(words?.constraints ?? [])],
    acceptance: words?.acceptance ?? "The finding is gone.",
  };
}
