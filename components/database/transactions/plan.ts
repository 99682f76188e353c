/** Whether writes of one function can be put into one transaction, and all that is needed to write it. */
import type { CallSite, Model } from "../../../analyzers/model.ts";
import { isWrite, type Query } from "../../../analyzers/queries/index.ts";
import { openSource } from "../../../patches/editors/source.ts";
import { beginsLine } from "../../../patches/editors/wrap-range.ts";
import type { Templates } from "../../component.ts";
import type { Finding } from "../../finding.ts";
import { isHalfDone } from "../multi-write.ts";
import { repetitionsOf } from "../repetition.ts";
import { holderOf, type Step } from "../written-steps.ts";
import { obstacleOfCall } from "./bystanders.ts";
import type { Client, Joined, Obstacle, Opening } from "./client.ts";
import { clientOf, obstacleOfLibrary } from "./clients.ts";
import { endingOf, throwsIn, type Ending } from "./flow.ts";
import { asksItself, calleeOf, type Callee } from "./callees.ts";
import { keptNames, type Kept } from "./kept.ts";
import { mockingTest } from "./mocked.ts";
import { forgottenTest } from "./narrowed.ts";
import { openingFor } from "./opening.ts";
import { callsWithin, queriesWithin } from "./queries-in.ts";
import { isNear, obstacleAtSight, piecesOf, type Pieces } from "./sight.ts";
import { stretchAround, type Stretch } from "./stretch.ts";

export interface Plan {
  stretch: Stretch;
  client: Client;
  /** Null where all writes are made by other functions. */
  joined: Joined | null;
  opening: Opening;
  callees: readonly Callee[];
  ending: Ending;
  kept: Kept;
}

export function planFor(finding: Finding, model: Model, templates: Templates): Plan | Obstacle {
  const pieces = piecesOf(finding, model);
  const members = pieces === null ? [] : membersOf(pieces, model);
  const obstacle =
    pieces === null ? null : (obstacleAtSight(pieces, model) ?? obstacleOfOthers(pieces, members, model));
  const [first] = members;
  if (first === undefined || obstacle !== null) return { obstacle: obstacle ?? "the writes could not be told apart" };
  const source = openSource(model.repo, first.site.file);
  const client = clientOf(first.query);
  const places = members.map(({ site }) => site.statement);
  const stretch = source === null ? null : stretchAround(source, places);
  if (stretch === null || client === null || !beginsLine(stretch.source, stretch))
    return { obstacle: "they stand in no list of statements that they share" };
  return planOf(stretch, client, model, templates);
}

/** The function's own writes, and those of functions it calls that belong to one of them. */
function membersOf({ inside, foreign }: Pieces, model: Model): Step[] {
  const near = foreign.filter((step) => isNear(step, model));
  const belongs = (step: Step): boolean =>
    [...inside, ...near].some(
      (other) =>
        other.site.id !== step.site.id && (isHalfDone([step, other], model) || isHalfDone([other, step], model)),
    );
  const members = [...inside, ...near.filter(belongs)];
  return members.toSorted((a, b) => a.site.span.start - b.site.span.start);
}

/** Writes that would not be in the transaction must not belong to it. */
function obstacleOfOthers({ foreign, outside }: Pieces, members: readonly Step[], model: Model): string | null {
  const far = foreign.filter((step) => !members.includes(step));
  if (far.some((other) => members.some((step) => isHalfDone([step, other], model))))
    return "one of them is made by another function further down, which would have to be given the transaction";
  return isHalfDone([...far, ...outside], model) ? "another branch of the function writes by halves, too" : null;
}

function planOf(stretch: Stretch, client: Client, model: Model, templates: Templates): Plan | Obstacle {
  const { source } = stretch;
  const calls = callsWithin(source.file, stretch, model);
  const queries = queriesWithin(calls, model);
  const callees = calleesIn(calls, queries, client, model, templates);
  if ("obstacle" in callees) return callees;
  const obstacle = obstacleOfQueries(stretch, queries, callees, client, model);
  if (obstacle !== null) return { obstacle };
  const ending = endingOf(stretch);
  if (typeof ending === "object") return ending;
  const kept = ending === "returns" ? { names: [], changes: false } : keptNames(stretch);
  if ("obstacle" in kept) return kept;
  const forgotten = forgottenTest(stretch);
  if (forgotten !== null)
    return { obstacle: `\`${forgotten}\` was tested before, which TypeScript forgets within a callback` };
  const work = { source, statements: stretch.statements, queries, model, templates };
  const joined = queries.length === 0 ? null : client.joined(work);
  if (joined !== null && "obstacle" in joined) return joined;
  const holder = callees[0] === undefined ? null : model.fn(holderOf(callees[0].site, model));
  const opening = openingFor(source, holder, joined, callees);
  return "obstacle" in opening ? opening : { stretch, client, joined, opening, callees, ending, kept };
}

/** The functions between the writes that ask the database, each of which is given the transaction. */
function calleesIn(
  calls: readonly CallSite[],
  queries: readonly Query[],
  client: Client,
  model: Model,
  templates: Templates,
): Callee[] | Obstacle {
  const own = new Set(queries.flatMap((query) => [...query.calls]));
  const inChains = ({ span }: CallSite): boolean =>
    queries.some(({ call }) => call.span.start === span.start && span.end < call.span.end);
  const callees: Callee[] = [];
  for (const site of calls) {
    if (own.has(site.id) || inChains(site)) continue;
    const obstacle = obstacleOfCall(site, model);
    if (obstacle === null) continue;
    if (!site.awaited || !asksItself(site, model)) return { obstacle };
    const callee = calleeOf(site, client, templates, model);
    if ("obstacle" in callee) return callee;
    callees.push(callee);
  }
  return callees;
}

function obstacleOfQueries(
  stretch: Stretch,
  queries: readonly Query[],
  callees: readonly Callee[],
  client: Client,
  model: Model,
): string | null {
  const all = [...queries, ...callees.flatMap((callee) => callee.queries)];
  const library = obstacleOfLibrary(all, model);
  if (library !== null) return library;
  if (all.some((query) => isPerRow(query, stretch, model)))
    return "as many queries stand between them as a table has rows, and a transaction must be short";
  if (queries.some(({ waited }) => !waited)) return "one of the queries between them is not waited for";
  if (
    !client.atOnce &&
    /\bPromise\s*\.\s*(all|allSettled|race|any)\b/.test(stretch.source.text.slice(stretch.start, stretch.end))
  )
    return "queries between them are asked at once, and one connection answers one after the other";
  const writes = [
    ...queries.filter(isWrite).map((query) => ({ query, end: query.call.span.end })),
    ...callees.flatMap(({ site, queries: own }) => own.filter(isWrite).map((query) => ({ query, end: site.span.end }))),
  ];
  // Rows that were added are to go when the rest is refused; a state that was set (`attempts`, `failed`) may be there to stay.
  const ends = throwsIn(stretch);
  if (writes.some(({ query, end }) => query.operation !== "insert" && ends.some((at) => at > end)))
    return "an error is thrown after a write that may be meant to stay";
  const test = [stretch.source.file, ...callees.map(({ fn }) => fn.file)].flatMap(
    (file) => mockingTest(file, model) ?? [],
  )[0];
  return test === undefined ? null : `${test} stands in for the database there, and knows no transactions`;
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
