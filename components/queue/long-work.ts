/** Finds work in a request that grows with the data: mails to all buyers, imports row by row, exports, archives. */
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import { isAtOnce } from "../../analyzers/lists/loops.ts";
import { isBounded, isNarrowed, repeatedOver, type Repeated } from "../../analyzers/lists/origin.ts";
import type { Confidence, Match } from "../finding.ts";
import { archives } from "./archives.ts";
import { costOrder, deedOf, insideOf, type Cost, type Deed } from "./costs.ts";
import { evidenceOf } from "../evidence.ts";
import { anchorOf, routesIn } from "./words.ts";
import { writesParts } from "./parts.ts";
import { routeWays } from "./work.ts";

const rule = "queue/long-work-in-request";

/** A call in a loop, with the costliest thing that it does. */
interface Loop extends Deed {
  call: CallSite;
  ways: Reach[];
}

export function longWork(model: Model): Match[] {
  const loops = repeatedCalls(model).flatMap((call) => {
    const deed = deedOf(call, model);
    const origin = deed === null ? null : repeatedOver(call, model);
    if (deed === null || origin === null || !mayBeLong(origin, deed.cost)) return [];
    const loop = onExports({ call, ...deed, ways: routeWays(call, model).waiting }, model);
    const confidence = loop.ways.length === 0 ? null : confidenceOf(loop, origin, model);
    return confidence === null ? [] : [{ loop, match: matchFor(loop, origin, confidence, model) }];
  });
  const shown = loops.filter(({ match }) => match.confidence !== "low");
  const inner = new Set(shown.flatMap(({ loop }) => insideOf(loop.call, model)));
  return [...onePerHandler(onePerFunction(loops.filter(({ loop }) => !inner.has(loop.call.fn)))), ...archives(model)];
}

/** Every call of server code that is repeated and waited for. */
function repeatedCalls(model: Model): CallSite[] {
  const files = model.repo.files.filter((file) => model.context(file) === "server");
  return files.flatMap((file) =>
    (model.summary(file)?.calls ?? []).flatMap(({ inLoop, awaited }, index) =>
      inLoop && awaited ? (model.call(`${file}#${index}`) ?? []) : [],
    ),
  );
}

/** Before anyone asks who waits: loops that are short, or another component's matter, whoever does. */
function mayBeLong(origin: Repeated, cost: Cost): boolean {
  if (origin.kind === "constant" || origin.kind === "none") return false;
  if (origin.kind === "table" && isBounded(origin.query)) return false;
  return cost !== "read" || (origin.kind === "table" && !origin.isPart);
}

/** Names by which authors say that a route works on many things at once. */
const mailing = /bulk|send-?all|campaign|broadcast|blast|announce|newsletter/i;
/** Other services' calls bring the few items of one event. */
const hooks = /web-?hook|callback|\bipn\b/i;
const bulk =
  /bulk|import|batch|upload|sync|migrat|recalc|rebuild|reindex|backfill|process-?all|send-?all|generate-?all/i;
const exporting = /export|csv|xlsx|excel|spreadsheet|report|backup|dump|download/i;

/** By the route or by a function on the way; what has no name says nothing. */
function isNamed(ways: readonly Reach[], pattern: RegExp): boolean {
  const names = ways.flatMap(({ entry, path }) => [entry.label, ...path.map(({ label }) => label)]);
  return names.some((name) => name !== "(callback)" && pattern.test(name));
}

/** A query per row is judged on exports alone; elsewhere it is the database's matter. */
function onExports(loop: Loop, model: Model): Loop {
  return loop.cost === "read" ? { ...loop, ways: loop.ways.filter((way) => isExport(way, loop.call, model)) } : loop;
}

/** By the name of a function on the way, or of the route whose handler holds the loop itself: not by a check in front of it. */
function isExport({ entry, path }: Reach, call: CallSite, model: Model): boolean {
  if (path.some(({ label }) => exporting.test(label.replace(/^\w+\./, "")))) return true;
  return exporting.test(entry.label) && isInside(call.fn, entry.fn, model);
}

function isInside(inner: string, outer: string, model: Model): boolean {
  for (let at: string | null = inner; at !== null; at = model.fn(at)?.parent ?? null) if (at === outer) return true;
  return false;
}

/** How sure it is that the loop gets long; null when it is not, or when it is somebody else's matter (a query per row). */
function confidenceOf({ call, cost, ways }: Loop, origin: Repeated, model: Model): Confidence | null {
  const isProven = ways.some((way) => way.certainty === "proven");
  const sure: Confidence = isProven ? "high" : "medium";
  switch (origin.kind) {
    case "table":
      if (cost === "read") return sure;
      if (cost === "outside") return origin.isPart ? "medium" : sure;
      if (cost === "told") return origin.isPart ? "low" : sure;
      if (cost === "lookup") return origin.isPart || isAtOnce(call, model) ? "low" : "medium";
      return origin.isPart || isNarrowed(origin.query) ? null : "medium";
    case "file":
      return cost === "read" || cost === "lookup" ? null : "medium";
    case "request":
      if (ways.some(({ entry }) => hooks.test(entry.label))) return null;
      if (cost === "told") return isNamed(ways, mailing) ? "medium" : "low";
      if (cost === "outside") return "medium";
      if (cost === "lookup") return isAtOnce(call, model) ? null : "low";
      return cost === "write" && isNamed(ways, bulk) && !writesParts(call, model) ? "medium" : null;
    case "outside":
      if (cost === "outside") return "medium";
      return (cost === "told" || cost === "lookup") && !isAtOnce(call, model) ? "medium" : null;
    case "unknown":
      if (cost !== "outside") return null;
      return isNamed(ways, mailing) ? "medium" : "low";
    case "constant":
    case "none":
      return null;
  }
}

const lists: Readonly<Record<Repeated["kind"], string>> = {
  table: "row of the table",
  request: "item that the caller sends",
  file: "file, or row of a file,",
  outside: "item of another service's answer",
  constant: "item",
  unknown: "item",
  none: "item",
};
const deeds: Readonly<Record<Cost, string>> = {
  outside: "somebody else's service is called",
  told: "another service is called",
  lookup: "another call is made",
  write: "the database is written",
  read: "the database is asked again",
};

function matchFor({ call, use, cost, ways }: Loop, origin: Repeated, confidence: Confidence, model: Model): Match {
  // Which of the many reads and writes behind a call comes to light first is chance; a mail is not.
  const isShown = use.call.id !== call.id && (cost === "outside" || cost === "told");
  const sources = origin.kind === "table" ? [origin.query.call] : origin.kind === "outside" ? [origin.call] : [];
  return {
    rule,
    file: call.file,
    line: call.line,
    confidence,
    ...(origin.kind === "request" && cost === "write" ? { severity: "note" } : {}),
    message: `${routesIn(ways)} answers only when all is done: for each ${lists[origin.kind]} ${deeds[cost]}, so it takes longer with every one and in the end times out half-way.`,
    also: [...sources, ...(isShown ? [use.call] : [])].map((at) => ({ file: at.file, line: at.line })),
    ...evidenceOf(ways),
    call: call.id,
    anchor: anchorOf(`${use.api} per item`, call.fn, model),
    fix: "brief",
    ...(cost === "read" || cost === "write" ? { saidBy: "database/n-plus-one" } : {}),
  };
}

/** Several calls in the loops of one function are one piece of work: the surest and costliest stands for it. */
function onePerFunction(found: readonly { loop: Loop; match: Match }[]): Match[] {
  const confidences: readonly Confidence[] = ["high", "medium", "low"];
  const ranked = found.toSorted(
    (a, b) =>
      confidences.indexOf(a.match.confidence) - confidences.indexOf(b.match.confidence) ||
      costOrder.indexOf(a.loop.cost) - costOrder.indexOf(b.loop.cost) ||
      a.match.line - b.match.line,
  );
  const byFunction = new Map<string, Match>();
  for (const { loop, match } of ranked) {
    const first = byFunction.get(loop.call.fn);
    const { file, line } = match;
    if (first === undefined) byFunction.set(loop.call.fn, match);
    else if (first.line !== line) byFunction.set(loop.call.fn, { ...first, also: [...first.also, { file, line }] });
  }
  return [...byFunction.values()];
}

/** What the same requests wait for is one piece of work, in however many functions its loops stand. */
function onePerHandler(ranked: readonly Match[]): Match[] {
  const byRoutes = new Map<string, Match>();
  for (const match of ranked) {
    const { file, line, routes, also } = match;
    const key = JSON.stringify([routes.toSorted(), match.confidence === "low", match.saidBy ?? null]);
    const first = byRoutes.get(key);
    byRoutes.set(key, first === undefined ? match : { ...first, also: [...first.also, { file, line }, ...also] });
  }
  return [...byRoutes.values()];
}
