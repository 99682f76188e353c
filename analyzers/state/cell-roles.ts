/** What a cell is for: a cache that can be filled again, something of the process itself, or what users left there. */
import { callsIn } from "../code/calls-in.ts";
import { originsOfChange, storedText } from "./cell-keys.ts";
import { readersOf, type Cell } from "./cells.ts";
import type { Change } from "./cell-changes.ts";
import { assignedIn, textOf } from "../code/text.ts";
import { leavesInProduction } from "../code/dev-only.ts";
import { entriesBehind, isRequest } from "../code/entries-behind.ts";
import type { Entry, Fn, Model } from "../model.ts";

/** The changes that requests make, each with the requests. */
export function requestChanges(model: Model, cell: Cell): (Change & { entries: Entry[] })[] {
  return cell.changes.flatMap((change) => {
    const entries = entriesBehind(model, change.fn).filter(isRequest);
    return entries.length === 0 || leavesInProduction(textOf(model, change.fn)) ? [] : [{ ...change, entries }];
  });
}

const cacheName =
  /cache|memo(?!r)|\blru|last_?(fetch|result|response|update|checked)|compiled|templates?$|prefetch|snapshot/i;

/** What each process has for itself and must have: connections, timers, locks, measurements. */
const processName =
  /client|socket|conn(ection)?s?$|pools?$|timer|timeout|interval|\block|locks?$|mutex|semaphore|promise|pending(request|promise|fetch)|in_?flight|in_?progress|listener|handler|subscri|watcher|emitter|stream|loader|plugin|middleware|logger|metric|gauge|histogram|breaker|circuit|transport|worker|thread|browser|regex|instance|registry|singleton|initiali[sz]ed|is_?ready|ready$|warn(ed|ing)|logged|deprecat|backoff|retr(y|ies)|robin|cursor|shutting|draining|config|options$|buffer|batch/i;

/** By its name, its class's, or what stands above or beside its declaration. */
export function isCacheByName({ repo }: Pick<Model, "repo">, { name, className, file, line }: Cell): boolean {
  if (cacheName.test(name) || /cache|memo(?!r)|registry|loader/i.test(className ?? "")) return true;
  const near = (repo.read(file) ?? "").split("\n").slice(Math.max(0, line - 3), line);
  return near.some(
    (text, index) =>
      /(\/\/|\*).*\bcached?\b/i.test(text) && (index === near.length - 1 || /^\s*(\/\/|\*|\/\*)/.test(text)),
  );
}

/** Whatever is in there, it is of the process. */
const ownName =
  /listener|in_?flight|promise|timer|interval|mutex|semaphore|metric|gauge|histogram|breaker|circuit|buffer|batch|logger|config|scheduled_?(task|job)|cron/i;

/** By its name, or by what is put there: sockets, responses, promises, clients and functions belong to one process. */
export function belongsToProcess(model: Model, cell: Cell): boolean {
  if (ownName.test(cell.name)) return true;
  const stored = cell.changes
    .map((change) => ({ change, text: storedText(model, change) }))
    .filter(({ text }) => !/^(\{\s*\}|\[\s*\]|new (Map|Set)\(\)|)$/.test(text) && !text.includes(`${cell.name}.`));
  if (stored.length > 0 && stored.every(({ text }) => isLive(text))) return true;
  const isNamed =
    processName.test(cell.name) || /metric|breaker|pool|client|logger|registry|bus/i.test(cell.className ?? "");
  return isNamed && !stored.some(({ change, text }) => isOfUser(model, cell, change, text));
}

/** What a message or a body said is a user's, whatever it is kept in. */
function isOfUser(model: Model, cell: Cell, change: Change, text: string): boolean {
  if (/\.id\b|^\{|req\.|email|user/i.test(text)) return !isLive(text);
  const isPlain = /^[\w$.?]+$/.test(text) && !isLive(text) && !holdsLive(assignedIn(textOf(model, change.fn), text));
  const origins = isPlain ? [...originsOfChange(model, cell, change)] : [];
  return origins.includes("message") || origins.includes("body");
}

/** An object with a connection or a timer among its parts. */
function holdsLive(text: string): boolean {
  return text.startsWith("{") || /socket|stream|timer|interval|heartbeat|worker/i.test(text);
}

/** Objects that exist in one process only. */
function isLive(text: string): boolean {
  return /^(this|ws|wss|socket|sock|client|conn|connection|res|response|reply|stream|controller|resolve|reject|timer|timeout|interval|promise|listener|handler|callback|cb|fn|abort\w*|\w+(Socket|Client|Connection|Promise|Timer|Timeout|Handler|Listener|Controller|Stream))$|^(new (?!Date|Map|Set|Array)\w|set(Timeout|Interval)\(|async\b|function\b|\(?[\w, ]*\)?\s*=>)|\bsocket\s*[,}]|[{,]\s*(res|ws|socket|response|reply)\s*[,}:]/.test(
    text,
  );
}

/**
 * Filled where it is read: a function looks whether it is there, fetches or computes it if not, and keeps it. Whoever writes
 * what a request brought keeps it for that request's user, and no other process could fetch it again.
 */
export function isReadThrough(model: Model, cell: Cell): boolean {
  const readers = new Set(readersOf(model, cell).map(({ id }) => id));
  const filling = cell.changes.filter(({ how }) => how === "put" || how === "add" || how === "replace");
  return filling.some(
    (change) =>
      isBehindLook(model, change.fn, readers) &&
      fetches(model, change.fn) &&
      !bringsBody(model, change) &&
      !goesOnCounting(model, change),
  );
}

/** `views.set(id, (views.get(id) ?? 0) + 1)`: what was there before is part of what is there now. */
export function goesOnCounting(model: Model, change: Change): boolean {
  return change.how === "count" || /[+-]\s*1\b/.test(storedText(model, change));
}

/** The function looks itself, or is called by one that does: `if (!tokens.has(key)) await fetchToken(key)`. */
function isBehindLook(model: Model, fn: Fn, readers: ReadonlySet<string>): boolean {
  return readers.has(fn.id) || model.callers(fn.id).some((site) => readers.has(site.fn));
}

function fetches(model: Model, fn: Fn): boolean {
  return callsIn(model, fn).some(
    (call) => call.awaited || model.usesAt(call).some(({ kind, package: name }) => kind !== "log" && name !== "global"),
  );
}

/** Whether some request that writes here means to change something, or notes down who sent it. */
function bringsBody(model: Model, change: Change): boolean {
  if (/^\{[^]*\b(socket|req|request|ctx)\./.test(storedText(model, change))) return true;
  const entries = entriesBehind(model, change.fn).filter(isRequest);
  return (
    isOwnCode(model, change.fn) &&
    entries.some(({ label, kind }) => kind === "socket" || !/^(GET|HEAD|QUERY)\b/.test(label))
  );
}

/** Whether a function is an entry's own, or written inside it: not something it calls. */
export function isOwnCode(model: Model, fn: Fn): boolean {
  const starts = new Set(
    entriesBehind(model, fn)
      .filter(isRequest)
      .map((entry) => entry.fn),
  );
  for (let each: Fn | null = fn; each !== null; each = each.parent === null ? null : model.fn(each.parent)) {
    if (starts.has(each.id)) return true;
  }
  return false;
}

/** `if (shared) return shared;` */
const fallsBack = /\bif\s*\(\s*(\w+)\s*\)\s*\{?\s*return\s+\1\b/;

/** Whether the app keeps it here only while the shared store is away: the same function also asks that store. */
export function stepsIn(model: Model, cell: Cell): boolean {
  const near = (fn: Fn): boolean =>
    callsIn(model, fn).some((call) => model.usesAt(call).some(({ kind }) => kind === "cache"));
  const asksFirst = (fn: Fn): boolean =>
    callsIn(model, fn).some((call) => model.targets(call).some((target) => near(target)));
  const around = cell.changes.flatMap(({ fn }) => model.callers(fn.id).flatMap((site) => model.fn(site.fn) ?? []));
  const above = (model.repo.read(cell.file) ?? "").split("\n").slice(Math.max(0, cell.line - 2), cell.line);
  return (
    /fallback|local_?only/i.test(`${cell.name} ${cell.className ?? ""}`) ||
    above.some((line) => /(\/\/|\*).*\bfallback\b/i.test(line)) ||
    cell.changes.some(({ fn }) => near(fn)) ||
    around.some((fn) => fallsBack.test(textOf(model, fn)) && asksFirst(fn))
  );
}
