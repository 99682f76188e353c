/** Who waits for a query: the requests, jobs and schedules that can reach it. */
import { isPassedOnce } from "../../analyzers/code/done-once.ts";
import { runnerOf } from "../../analyzers/flow/taker.ts";
import type { CallSite, Model, Reach } from "../../analyzers/model.ts";
import { whoIn } from "../evidence.ts";
import type { Confidence } from "../finding.ts";

/** Ways from requests, sockets, jobs and schedules of the running app; none for browser, test, script and dead code. */
export function waysTo(call: CallSite, model: Model): Reach[] {
  if (!["server", "worker"].includes(model.context(call.file))) return [];
  return model
    .reach(call)
    .filter(({ entry, path }) => /^(route|worker-job|schedule|socket)$/.test(entry.kind) && !isCrossed(path, model))
    .filter((way) => !isPassedOnce(way, model));
}

/**
 * `withTenant(id, callback)` runs the callbacks of all who call it, so a way through it may end in the callback of
 * somebody else: of a function that is not on the way.
 */
function isCrossed(path: Reach["path"], model: Model): boolean {
  const passed = new Set<string>();
  return path.some(({ fn }, at) => {
    const before = path[at - 1]?.fn;
    const parent = model.fn(fn)?.parent ?? null;
    passed.add(fn);
    if (before === undefined || before === fn || parent === null || passed.has(parent)) return false;
    if (model.fn(parent)?.isModule !== false) return false;
    const taker = runnerOf(fn, model);
    return taker !== null && model.targets(taker).some(({ id }) => id === before);
  });
}

/** Only the ways that begin with a request. */
export function routesTo(call: CallSite, model: Model): Reach[] {
  return waysTo(call, model).filter(({ entry }) => entry.kind === "route");
}

/** `GET /orders (and 2 more)`, `the job send-receipt`. */
export function waitersIn(ways: readonly Reach[]): string {
  return whoIn(ways, "The app", nameOf);
}

function nameOf({ kind, label }: Reach["entry"]): string {
  return kind === "route" || kind === "socket" ? label : `The background work "${label}"`;
}

const order: readonly Confidence[] = ["low", "medium", "high"];

/** The lowest of several. */
export function lowest(...confidences: Confidence[]): Confidence {
  return order.find((each) => confidences.includes(each)) ?? "high";
}

/** Routes that an operator runs by hand, once in a while: seeds, imports, backups. */
const occasional =
  /seed|demo(?!g|cra)|sample|(?<!im)migrat|backup|restore|import\b|\/(re)?sync([-_]\w+)?(\/|$)|reset-?db|populate|initiali[sz]e|setup(?![-_]?intent)|install(?!ment|ation)|debug|\btest(?!imon)|\/crons?\b|\/(jobs?|tasks?|workers?)\/(run|trigger|start)\b/i;

export function isOccasional(ways: readonly Reach[]): boolean {
  const asked = ways.filter(({ entry }) => entry.kind === "route" || entry.kind === "socket");
  const shown = asked.length > 0 ? asked : ways;
  return shown.length > 0 && shown.every(({ entry }) => occasional.test(entry.label));
}

const exporting = /export|download|csv|report|sitemap|feed\.xml|rss|backup|dump|print|excel|xlsx/i;

/** Routes that give all there is on purpose. */
export function isExport(ways: readonly Reach[]): boolean {
  return ways.length > 0 && ways.every(({ entry }) => exporting.test(entry.label));
}

/** Where a function or call is named in a fingerprint. */
export function holderName(call: CallSite, model: Model): string {
  return model.fn(call.fn)?.name ?? "a function";
}
