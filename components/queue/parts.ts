/** Rows that are parts of one thing: the cards of a template, the lines of an order. They stay few, however they are sent. */
import { sourcesOf } from "../../analyzers/flow/sources.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";
import { isWrite, type Query } from "../../analyzers/queries/index.ts";
import { outcomeOf } from "../../analyzers/queries/outcome.ts";
import { queriesIn } from "../../analyzers/queries/siblings.ts";

/** True when each row that the call writes points to a row that the same function writes, once, before its loop. */
export function writesParts(call: CallSite, model: Model): boolean {
  const queries = queriesIn(call.fn, model);
  const once = queries.filter((query) => isWrite(query) && !query.call.inLoop);
  const wholes = new Set(once.map(({ table }) => table));
  const rows = queries.filter(({ calls }) => calls.has(call.id));
  return rows.some((row) => row.table !== null && pointsTo(wholes, row, model));
}

function pointsTo(wholes: ReadonlySet<string | null>, { sets, table }: Query, model: Model): boolean {
  const sources = sets.flatMap(({ value }) => (value === null ? [] : sourcesOf(model, value)));
  return sources.some((source) => {
    const outcome = outcomeOf(model, source);
    const whole = outcome?.what === "row" ? outcome.query.table : null;
    return whole !== null && whole !== table && wholes.has(whole);
  });
}
