/** Page sizes that a user sets at will: `?limit=1000000` is obeyed. */
import type { Model, Reach } from "../../analyzers/model.ts";
import { queriesOf, type Query } from "../../analyzers/queries/index.ts";
import { isSmall, shownTable } from "./names.ts";
import type { Match } from "../finding.ts";
import { sizeVariable } from "./page-size-fix.ts";
import { unboundedKey } from "./bounds.ts";
import { evidenceOf, provenBy } from "../evidence.ts";
import { holderName, lowest, routesTo, waitersIn } from "./reached.ts";

const pageSizeRule = "database/unbounded-page-size";

/** One finding per function and number: what bounds it there bounds it for all of its queries. */
export function unboundedPageSizes(model: Model): Match[] {
  const found = new Map<string, Match>();
  for (const query of queriesOf(model)) {
    const { operation, limit, table, call } = query;
    // Groups that are counted are rows, too.
    if ((operation !== "list" && operation !== "aggregate") || limit.kind !== "value" || isSmall(table ?? "")) continue;
    const ways = routesTo(call, model);
    const key = ways.length === 0 ? null : unboundedKey(model, limit.expr, ways);
    if (key === null) continue;
    const first = found.get(`${call.fn} ${key}`);
    if (first === undefined) found.set(`${call.fn} ${key}`, matchFor(query, key, ways, model));
    else {
      first.also.push({ file: call.file, line: call.line });
      // Another variable than the first one's would stay unbounded.
      if (!sharesVariable(query, first, model)) first.fix = "brief";
    }
  }
  return [...found.values()];
}

function sharesVariable(query: Query, { call }: Match, model: Model): boolean {
  const other = queriesOf(model).find((each) => each.call.id === call);
  return other !== undefined && sizeVariable(query, model) === sizeVariable(other, model);
}

function matchFor(query: Query, key: string, ways: readonly Reach[], model: Model): Match {
  const { call, table } = query;
  return {
    rule: pageSizeRule,
    file: call.file,
    line: call.line,
    confidence: lowest("high", provenBy(query.use.certainty, ways)),
    message: `${waitersIn(ways)} reads as many rows of ${shownTable(table, "a table")} as ${key === "url" ? "the address" : `\`${key}\``} says: one request with a million in it reads the whole table into the server's memory.`,
    also: [],
    ...evidenceOf(ways),
    call: call.id,
    anchor: `${key} of ${table ?? query.use.api} in ${holderName(call, model)}`,
    fix: sizeVariable(query, model) === null ? "brief" : "patch",
  };
}
