/** The verdict where nothing was found: it never says more than what could be read. */
import type { Model } from "../../analyzers/model.ts";
import { queriesOf } from "../../analyzers/queries/index.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import type { Verdict } from "../component.ts";
import { waysTo } from "./reached.ts";

export function whenQuiet(model: Model): Verdict {
  const queries = queriesOf(model).filter(({ call }) => ["server", "worker"].includes(model.context(call.file)));
  const database = model.services
    .flatMap(({ backing }) => backing)
    .find(({ kind }) => /^(postgres|mysql|sqlite|mongodb)$/.test(kind));
  if (queries.length === 0) {
    if (database === undefined)
      return { verdict: "not_applicable", reason: "Nothing here asks a database.", tripWire: null };
    const { file, line, note } = database.evidence;
    return {
      verdict: "unknown",
      reason: `There is a database (${note}, ${file}:${line}), but no query to it could be read.`,
      tripWire: null,
    };
  }
  const server = unreadServer(model);
  if (server !== null) return { verdict: "unknown", reason: unreadReason(server), tripWire: null };
  if (!queries.some(({ call }) => waysTo(call, model).length > 0))
    return {
      verdict: "unknown",
      reason: "Queries are there, but no request or job could be seen to ask them.",
      tripWire: null,
    };
  return {
    verdict: "not_yet",
    reason: "The queries that requests reach are bounded, indexed as far as the schema is known, and written safely.",
    tripWire:
      "A query that takes over 50 ms, or more than 70 % of the connections in use: see the slow query log or the database's dashboard. Before a second instance, check that instances x pool size stays 10 below the database's limit.",
  };
}
