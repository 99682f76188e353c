/** Whether writes of one function can be put into one transaction, and all that is needed to write it. */
import type { Model } from "../../../analyzers/model.ts";
import { isWrite, type Query } from "../../../analyzers/queries/index.ts";
import { openSource } from "../../../patches/editors/source.ts";
import { beginsLine } from "../../../patches/editors/wrap-range.ts";
import type { Finding } from "../../finding.ts";
import { isHalfDone } from "../multi-write.ts";
import { repetitionsOf } from "../repetition.ts";
import { obstacleOfCall } from "./bystanders.ts";
import { clientOf, type Client } from "./clients.ts";
import { endingOf, throwsIn, type Ending } from "./flow.ts";
import { keptNames, type Kept } from "./kept.ts";
import { forgottenTest } from "./narrowed.ts";
import { callsWithin, queriesWithin } from "./queries-in.ts";
import { rootIn, type Root } from "./roots.ts";
import { obstacleAtSight, piecesOf, type Pieces } from "./sight.ts";
import { stretchAround, type Stretch } from "./stretch.ts";

export interface Plan {
  stretch: Stretch;
  client: Client;
  root: Root;
  ending: Ending;
  kept: Kept;
}

type Obstacle = { obstacle: string };

export function planFor(finding: Finding, model: Model): Plan | Obstacle {
  const pieces = piecesOf(finding, model);
  const [first] = pieces?.inside ?? [];
  const obstacle = pieces === null ? null : (obstacleAtSight(pieces, model) ?? obstacleOfOthers(pieces, model));
  if (pieces === null || first === undefined || obstacle !== null)
    return { obstacle: obstacle ?? "the writes could not be told apart" };
  const source = openSource(model.repo, first.site.file);
  const client = clientOf(first.query);
  const places = pieces.inside.map(({ site }) => site.statement);
  const stretch = source === null ? null : stretchAround(source, places);
  if (stretch === null || client === null || !beginsLine(stretch.source, stretch))
    return { obstacle: "they stand in no list of statements that they share" };
  return planOf(stretch, client, model);
}

/** Writes that would not be in the transaction must not belong to it. */
function obstacleOfOthers({ inside, foreign, outside }: Pieces, model: Model): string | null {
  if (foreign.some((other) => inside.some((step) => isHalfDone([step, other], model))))
    return "one of them is made by another function, which would have to be given the transaction's client";
  return isHalfDone([...foreign, ...outside], model) ? "another branch of the function writes by halves, too" : null;
}

function planOf(stretch: Stretch, client: Client, model: Model): Plan | Obstacle {
  const calls = callsWithin(stretch.source.file, stretch, model);
  const queries = queriesWithin(calls, model);
  const own = new Set(queries.flatMap((query) => [...query.calls]));
  const inChains = (span: { start: number; end: number }): boolean =>
    queries.some(({ call }) => call.span.start === span.start && span.end < call.span.end);
  const others = calls.filter((site) => !own.has(site.id) && !inChains(site.span));
  const beside = others.map((site) => obstacleOfCall(site, model)).find((each) => each !== null);
  if (beside !== undefined && beside !== null) return { obstacle: beside };
  if (queries.some((query) => isPerRow(query, stretch, model)))
    return { obstacle: "as many queries stand between them as a table has rows, and a transaction must be short" };
  if (queries.some(({ waited }) => !waited)) return { obstacle: "one of the queries between them is not waited for" };
  if (isUndoneByThrow(stretch, queries))
    return { obstacle: "an error is thrown after a write that may be meant to stay" };
  const ending = endingOf(stretch);
  if (typeof ending === "object") return ending;
  const kept = ending === "returns" ? { names: [], changes: false } : keptNames(stretch);
  if ("obstacle" in kept) return kept;
  const forgotten = forgottenTest(stretch);
  if (forgotten !== null)
    return { obstacle: `\`${forgotten}\` was tested before, which TypeScript forgets within a callback` };
  const root = rootIn(stretch, queries, client);
  return "obstacle" in root ? root : { stretch, client, root, ending, kept };
}

/** Rows are held for as long as the transaction takes, and Prisma ends one after five seconds. */
function isPerRow(query: Query, { source, start, end }: Stretch, model: Model): boolean {
  return repetitionsOf(query, model).some(
    ({ site, items }) =>
      site.file === source.file &&
      start <= site.span.start &&
      site.span.end <= end &&
      items.kind === "rows" &&
      items.query?.limit.kind !== "literal",
  );
}

/** Rows that were added are to go when the rest is refused; a state that was set (`attempts`, `failed`) may be there to stay. */
function isUndoneByThrow(stretch: Stretch, queries: readonly Query[]): boolean {
  const ends = throwsIn(stretch);
  return queries.some(
    (query) => isWrite(query) && query.operation !== "insert" && ends.some((at) => at > query.call.span.end),
  );
}
