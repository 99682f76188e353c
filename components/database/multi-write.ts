/** Several writes that belong together, one by one: a crash or an error between them leaves half of the work. */
import { stepFrom } from "../../analyzers/flow/walk.ts";
import type { Expr } from "../../analyzers/flow/expression.ts";
import { sourcesOf, sourcesOfAll } from "../../analyzers/flow/sources.ts";
import type { CallSite, Known, Model, Reach } from "../../analyzers/model.ts";
import { isRead, type Query } from "../../analyzers/queries/index.ts";
import { outcomeOf } from "../../analyzers/queries/outcome.ts";
import { isCovered } from "../../analyzers/queries/transactions.ts";
import { plain, tablesNamed } from "../../analyzers/schema/index.ts";
import type { Confidence, Match } from "../finding.ts";
import { isAskedAgain, shownTable } from "./names.ts";
import { evidenceOf, provenBy } from "../evidence.ts";
import { isOccasional, lowest, routesTo, waitersIn } from "./reached.ts";
import { argumentsOf, argumentsOfQuery } from "./repetition.ts";
import { queriesIn } from "../../analyzers/queries/siblings.ts";
import { canFollow, mends } from "./sequence.ts";
import { byMaker, obstacleAtSight } from "./transactions/sight.ts";
import { writtenSteps, type Step } from "./written-steps.ts";

const multiWriteRule = "database/non-atomic-multi-write";

export function multiWrites(model: Model): Match[] {
  const byFn = writtenSteps(model);
  return [...byFn.values()].flatMap((steps) => matchFor(steps, model) ?? []);
}

interface Pair {
  first: Step;
  second: Step;
  confidence: Confidence;
}

function matchFor(all: readonly Step[], model: Model): Match | null {
  const steps = all.toSorted((a, b) => a.site.span.start - b.site.span.start);
  const pair = bestPair(steps, model);
  if (pair === null) return null;
  const ways = commonWays(pair, model);
  const [way] = ways;
  if (way === undefined) return null;
  const { first, second } = pair;
  // What another branch does half is mended with it: its pair is told of as well.
  const apart = bestPair(
    steps.filter((step) => !canFollow(first.site, step.site, model) && !canFollow(step.site, first.site, model)),
    model,
  );
  const followers = steps.filter((step) => step !== first && canFollow(first.site, step.site, model));
  const others = followers
    .concat(apart === null || apart.first === first ? [] : [apart.first, apart.second])
    .map(({ site: { file, line } }) => ({ file, line }));
  return {
    rule: multiWriteRule,
    file: first.site.file,
    line: first.site.line,
    confidence: isOccasional(ways) ? "low" : lowest(pair.confidence, provenBy(first.query.use.certainty, ways)),
    message: `${waitersIn(ways)} writes ${shownTable(first.query.table, "one table")} and then ${isSameRow(pair) ? "the same row again" : shownTable(second.query.table, "another")} without a transaction: when the second write fails or the server restarts in between, the first stays, and nobody mends it.`,
    also: [...new Map(others.map((place) => [`${place.file}:${place.line}`, place])).values()],
    ...evidenceOf(ways),
    call: first.site.id,
    anchor: `${first.query.table ?? first.query.use.api} then ${second.query.table ?? second.query.use.api} in ${model.fn(first.site.fn)?.name ?? "a function"}`,
    fix: obstacleAtSight(byMaker([first, ...followers]), model) === null ? "patch" : "brief",
  };
}

function isSameRow({ first: { query: a }, second: { query: b } }: Pair): boolean {
  return a.operation === "update" && b.operation === "update" && plain(a.table ?? "") === plain(b.table ?? "");
}

/** Whether two of the writes belong together. */
export function isHalfDone(steps: readonly Step[], model: Model): boolean {
  const sorted = steps.toSorted((a, b) => a.site.span.start - b.site.span.start);
  return bestPair(sorted, model) !== null;
}

const levels: readonly Confidence[] = ["low", "medium", "high"];
/** Pairs that are compared within one function. */
const MAX_STEPS = 24;

function bestPair(steps: readonly Step[], model: Model): Pair | null {
  let best: Pair | null = null;
  const few = steps.slice(0, MAX_STEPS);
  for (const [index, first] of few.entries()) {
    for (const second of few.slice(index + 1)) {
      if (first.site.id === second.site.id || !canFollow(first.site, second.site, model)) continue;
      if (steps.some((step) => isUndone(first, step) && mends(step.site, second.site, model))) continue;
      if (isFoundNextTime(first, second, model)) continue;
      const confidence = relation(first, second, model);
      if (confidence === null) continue;
      if (best === null || levels.indexOf(confidence) > levels.indexOf(best.confidence))
        best = { first, second, confidence };
    }
  }
  return best;
}

/** The row that the first one made is taken away again. */
function isUndone({ query: made }: Step, { query: undone }: Step): boolean {
  return (
    made.operation === "insert" &&
    undone.operation === "delete" &&
    plain(made.table ?? "") === plain(undone.table ?? "")
  );
}

/** `if (!cart) cart = await create()`, with the second write behind it: whoever tries again finds the row as it is and goes on. */
function isFoundNextTime({ site, query }: Step, { site: next }: Step, model: Model): boolean {
  const arms = model.summary(site.file)?.arms ?? [];
  const holds = (arm: CallSite["span"], inner: CallSite): boolean =>
    inner.file === site.file && arm.start <= inner.span.start && inner.span.end <= arm.end;
  const isOnce =
    query.operation === "insert" || (query.operation === "update" && !query.sets.some((set) => set.relative));
  if (!isOnce || !arms.some(({ span }) => holds(span, site) && !holds(span, next))) return false;
  return queriesIn(site.fn, model).some(
    (look) => isRead(look) && plain(look.table ?? "") === plain(query.table ?? "") && canFollow(look.call, site, model),
  );
}

/** How surely two writes belong together; null when nothing says so. */
function relation(first: Step, second: Step, model: Model): Confidence | null {
  const [a, b] = [first.query, second.query];
  if (a.operation === "upsert" || b.operation === "upsert" || a.table === null || b.table === null) return null;
  const isSameTable = plain(a.table) === plain(b.table);
  if (isSameTable) return replaces(a, b) ?? replacesWithin(a, b);
  // Rows that are taken away child by child are gone for good when it is tried again; what a sale moved is moved back twice.
  if (b.operation === "delete") return !b.many && movesGoods(a, model) ? "medium" : null;
  if (restsOn(second, first, model)) return a.operation === "insert" ? ceiling(a, "high") : "medium";
  if (areLinked(a, b, model)) return a.operation === "delete" ? "low" : "medium";
  const isBoth =
    (a.operation === "insert" && movesGoods(b, model)) || (b.operation === "insert" && movesGoods(a, model));
  return isBoth ? "medium" : null;
}

/** What was there is made more or less: the sale that is noted beside it is one matter with it. */
function movesGoods({ operation, sets }: Query, model: Model): boolean {
  if (operation !== "update") return false;
  return sets.some(({ column, value, relative }) => {
    if (!/stock|balance|wallet|inventory|quantity|seats/i.test(column)) return false;
    return relative || (value !== null && sourcesOf(model, value).some(({ computed }) => computed));
  });
}

/**
 * The rows of one owner are taken away and put back anew. What has run out is only tidied up, and a code that was sent is
 * asked for again when it is missing.
 */
function replaces(a: Query, b: Query): Confidence | null {
  if (a.operation !== "delete" || b.operation !== "insert") return null;
  const isTidied = a.filters.length > 0 && a.filters.every(({ how }) => how === "range");
  if (isTidied) return null;
  return isAskedAgain(a.table ?? "") ? "low" : "medium";
}

/** The same in Prisma's nested writes: `photos: { deleteMany: {} }` by one update, `photos: { create: [...] }` by the next. */
function replacesWithin(a: Query, b: Query): Confidence | null {
  if (a.operation !== "update" || b.operation !== "update" || a.dialect !== "prisma") return null;
  const [before, after] = [nestedOf(a), nestedOf(b)];
  const isReplaced = Object.keys(before).some(
    (name) => hasAny(before[name], ["deleteMany", "set"]) && hasAny(after[name], ["create", "createMany", "connect"]),
  );
  return isReplaced ? "medium" : null;
}

function nestedOf({ call: { args } }: Query): Readonly<Record<string, Known>> {
  const [options] = args;
  const data = options?.kind === "object" ? options.entries["data"] : undefined;
  return data?.kind === "object" ? data.entries : {};
}

function hasAny(value: Known | undefined, names: readonly string[]): boolean {
  return value?.kind === "object" && names.some((name) => value.entries[name] !== undefined);
}

/** MongoDB has transactions on replica sets only. */
function ceiling({ dialect }: Query, confidence: Confidence): Confidence {
  return dialect === "mongoose" || dialect === "mongodb" ? "medium" : confidence;
}

/** The second write uses what the first gave: the id of the order for its items. */
function restsOn(second: Step, first: Step, model: Model): boolean {
  const exprs: Expr[] = [
    ...argumentsOf(second.site, model),
    ...(second.site.id === second.query.call.id ? argumentsOfQuery(second.query, model) : []),
  ];
  const steps = exprs.map((expr) => stepFrom(expr));
  const sources = sourcesOfAll(model, steps, { intoCallbacks: true });
  return sources.some((source) => outcomeOf(model, source)?.query === first.query);
}

/** One table points to the other. */
function areLinked(a: Query, b: Query, model: Model): boolean {
  const points = (from: Query, to: Query): boolean => {
    const target = tablesNamed(model, to.table ?? "", to.call.file).flatMap(({ names }) => names.map(plain));
    return tablesNamed(model, from.table ?? "", from.call.file).some(({ columns }) =>
      columns.some(({ references }) => references !== null && target.includes(plain(references))),
    );
  };
  return points(a, b) || points(b, a);
}

/** Routes that lead through the function, none of them with a transaction around it. */
function commonWays({ first, second }: Pair, model: Model): Reach[] {
  const ways = routesTo(first.site, model).filter((way) => !way.detached && !isCovered(model, way));
  const others = new Set(routesTo(second.site, model).map(({ entry }) => entry.routeId));
  return ways.filter(({ entry }) => others.has(entry.routeId));
}
