/** Looks for what users leave in the memory of one process: carts, codes, sessions, counts, who is online. */
import {
  belongsToProcess,
  goesOnCounting,
  isCacheByName,
  isOwnCode,
  isReadThrough,
  requestChanges,
  stepsIn,
} from "../../analyzers/state/cell-roles.ts";
import { originsOfChange } from "../../analyzers/state/cell-keys.ts";
import { withInner } from "../../analyzers/code/calls-in.ts";
import { cellsOf, readersOf, type Cell } from "../../analyzers/state/cells.ts";
import { entriesBehind, isRequest } from "../../analyzers/code/entries-behind.ts";
import type { Fn, Model } from "../../analyzers/model.ts";
import type { Origin } from "../../analyzers/flow/origins.ts";
import { severalOf } from "../../analyzers/deployment/replicas.ts";
import { usesWithin } from "../../analyzers/code/uses-within.ts";
import { advice, inWords, labelsOf, placesOf } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";
import { isMadeConditionally } from "./conditional-store.ts";
import { lastsOneRequest } from "./one-request.ts";

type RequestChange = ReturnType<typeof requestChanges>[number];

export function sharedState(model: Model): Match[] {
  const stores = new Map<string, Match>();
  for (const cell of cellsOf(model)) {
    const changes = requestChanges(model, cell).filter(({ how }) => how !== "drop");
    if (changes.length === 0 || !isKept(model, cell, changes)) continue;
    const match = matchOf(model, cell, changes);
    const key = cell.className === null ? `${cell.file}\n${cell.line}` : `${cell.file}\n${cell.className}`;
    const first = stores.get(key);
    stores.set(key, first === undefined ? match : joined(first, match));
  }
  return [...stores.values()];
}

/** The fields of one class are one store. */
function joined(first: Match, next: Match): Match {
  const [a, b] = first.line <= next.line ? [first, next] : [next, first];
  return {
    ...a,
    also: placesOf([...a.also, b, ...b.also], a),
    routes: [...new Set([...a.routes, ...b.routes])],
  };
}

/** Whether users would miss it: they put it there, it cannot be made again, and later requests look for it. */
function isKept(model: Model, cell: Cell, changes: readonly RequestChange[]): boolean {
  if (isCacheByName(model, cell) || belongsToProcess(model, cell) || stepsIn(model, cell)) return false;
  if (isReadThrough(model, cell) || isKeptElsewhere(model, changes) || lastsOneRequest(model, cell, changes))
    return false;
  const readers = lookers(model, cell);
  if (cell.shape === "value" || isOneThing(cell, changes)) return isCount(model, cell, changes, readers);
  return changes.some((change) => isBrought(model, cell, change) && isLeft(model, change, readers));
}

/** Whatever is put there goes into a shared store in the same breath: the memory only spares a look. */
function isKeptElsewhere(model: Model, changes: readonly RequestChange[]): boolean {
  return changes.every(
    ({ fn }) =>
      usesWithin(
        withInner(model, fn).map(({ id }) => id),
        ["cache"],
        model,
      ).length > 0,
  );
}

/** A record with properties of its own, not one entry for each of many: settings, measurements, what goes on right now. */
function isOneThing({ shape }: Cell, changes: readonly RequestChange[]): boolean {
  return shape === "record" && changes.every(({ property }) => property !== "*");
}

/** The requests that look at it, apart from those that only report on the process. */
function lookers(model: Model, cell: Cell): Fn[] {
  return readersOf(model, cell).filter((fn) =>
    entriesBehind(model, fn).some(
      (entry) => isRequest(entry) && !/\/(metrics|health\w*|status|debug|_?stats)\b/i.test(entry.label),
    ),
  );
}

/** Raised by one request and told to another: views, visitors, the next number of something. */
function isCount(model: Model, cell: Cell, changes: readonly RequestChange[], readers: readonly Fn[]): boolean {
  const ofProcess =
    /index|idx|fail|attempt|error|active|current|running|hits?$|miss|requests?(count)?$|count(er)?s?$|total|concurr|depth|open/i;
  const means = /visit|view|click|like|vote|next_?id|id_?counter|last_?id|order|sold|stock|seat|score|download|user/i;
  if (ofProcess.test(cell.name) && !means.test(cell.name)) return false;
  return readers.length > 0 && changes.some(({ how, fn }) => how === "count" && isOwnCode(model, fn));
}

const ofRequest: ReadonlySet<Origin> = new Set([
  "body",
  "query",
  "params",
  "headers",
  "cookies",
  "address",
  "url",
  "file",
  "user",
  "message",
  "derived",
  "request",
]);

/** Something of the request goes in; what a request only sets off, such as the reading of settings, is the app's own. */
function isBrought(model: Model, cell: Cell, change: RequestChange): boolean {
  const origins = originsOfChange(model, cell, change);
  if (goesOnCounting(model, change) || [...origins].some((origin) => ofRequest.has(origin))) return true;
  return origins.has("computed") && isAskedFor(model, change.fn);
}

/** By the code of a request itself, or through one method that it calls. */
function isAskedFor(model: Model, fn: Fn): boolean {
  const callers = model.callers(fn.id).flatMap((site) => model.fn(site.fn) ?? []);
  return [fn, ...callers].some((each) => isOwnCode(model, each));
}

/** A change that means something to a user, and a reader somewhere else. */
function isLeft(model: Model, change: RequestChange, readers: readonly Fn[]): boolean {
  if (change.how === "replace") return false;
  const writes = change.entries.some(({ kind, label }) => kind === "socket" || !/^(GET|HEAD|QUERY)\b/.test(label));
  if (writes) return readers.length > 0 || change.how === "count";
  const counts = goesOnCounting(model, change);
  return counts ? readers.length > 0 : readers.some(({ id }) => id !== change.fn.id) && !fetchesFirst(model, change);
}

/** A GET that stores the answer of something else fills a cache, wherever it is read. */
function fetchesFirst(model: Model, { fn, line }: RequestChange): boolean {
  return (
    model.usesOfKind("http", "database-read", "cache").some(({ call }) => call.fn === fn.id && call.line <= line) ||
    !isOwnCode(model, fn)
  );
}

function matchOf(model: Model, cell: Cell, changes: readonly RequestChange[]): Match {
  const labels = labelsOf([
    ...changes.flatMap(({ entries }) => entries),
    ...readersOf(model, cell).flatMap((fn) => entriesBehind(model, fn).filter(isRequest)),
  ]);
  const service = model.service(cell.file);
  const several = service === null ? null : severalOf(model, service);
  const isSession =
    ofLogins.test(cell.name) || (/session_?store/i.test(cell.className ?? "") && !/limit/i.test(cell.name));
  const title = isSession ? {} : { title: `${thingOf(cell)} kept in the memory of one process` };
  const why =
    several === null
      ? "A restart or a deploy loses it, and a second instance would not know of it."
      : `There are several processes (${several.note}), and each knows only its own part; a restart loses it.`;
  return advice(isSession ? "load-balancer/in-memory-session" : "load-balancer/in-memory-state-shared", cell, {
    ...title,
    confidence: confidenceOf(model, cell, several !== null),
    message: `${inWords(labels, "A request")} ${labels.length === 1 ? "keeps" : "keep"} \`${cell.name}\` in memory. ${why}`,
    also: placesOf(changes, cell),
    routes: labels.filter((label) => !/^socket\b/.test(label)),
    anchor: `${cell.className ?? ""} ${cell.name}`.trim(),
  });
}

/** Sessions of logins; `depositSessions` are something else. */
const ofLogins = /^(user|auth|login|api|active|admin|mem(ory)?|current|web)?_?sessions?(_?(store|map|data|by_?\w+))?$/i;

function confidenceOf(model: Model, cell: Cell, isSplit: boolean): Confidence {
  const isStandIn =
    /(^|\/)(mocks?|fakes?|stubs?|samples?|dummy|demo)\b/i.test(cell.file) ||
    /^(mock|fake|dummy|sample|demo)/i.test(cell.name);
  if (isStandIn || isMadeConditionally(model, cell)) return "low";
  return isSplit ? "high" : "medium";
}

const things: readonly (readonly [RegExp, string])[] = [
  [/cart|basket/i, "Carts"],
  [/otp|code|pin|verif/i, "Codes"],
  [/token|nonce|state/i, "Tokens"],
  [/view|visit|click|like|count|score|vote|hits/i, "Counts"],
  [/online|presence|active_?(user|client|session|player|member|connection|socket)s?|socketmap/i, "Who is online is"],
  [/rate|limit|bucket|attempt|throttl|ips?$/i, "Limits"],
  [/room|game|lobby|match/i, "Rooms"],
  [/message|chat|histor|conversation/i, "Messages"],
  [/job|task|queue/i, "Jobs"],
  [/user|player|member|participant|peer/i, "Users"],
];

function thingOf({ name }: Cell): string {
  const thing = things.find(([pattern]) => pattern.test(name))?.[1] ?? "Things that users leave";
  return thing.endsWith(" is") ? thing : `${thing} are`;
}
