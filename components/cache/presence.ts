/** Whether the app keeps answers already, and what to say where nothing calls for it. */
import { callsIn } from "../../analyzers/code/calls-in.ts";
import { storedText } from "../../analyzers/state/cell-keys.ts";
import { belongsToProcess, isReadThrough } from "../../analyzers/state/cell-roles.ts";
import { cellsOf, type Cell } from "../../analyzers/state/cells.ts";
import type { Fn, Model } from "../../analyzers/model.ts";
import { unreadReason, unreadServer } from "../../analyzers/serving/serving.ts";
import type { Presence, Verdict } from "../component.ts";
import { readsOf } from "./reads.ts";

const packages =
  /^(apicache|route-cache|express-cache-\w+|cacheable|cache-manager|bentocache|@nestjs\/cache-manager|keyv|lru-cache|node-cache|memory-cache|ioredis|redis|@upstash\/redis|memjs)$/;

/** In effect where a request asks a cache; present where a package for it is imported and no request was seen to. */
export function presence(model: Model): Presence {
  const asked = model
    .usesOfKind("cache")
    .filter(
      ({ call }) =>
        model.context(call.file) === "server" && model.reach(call).some(({ entry }) => entry.kind === "route"),
    )
    .slice(0, 3)
    .map(({ api, call: { file, line } }) => ({ file, line, note: `requests ask ${api.slice(0, api.indexOf(":"))}` }));
  const kept = cellsOf(model)
    .filter((cell) => keepsAnswers(model, cell))
    .slice(0, 3)
    .map(({ file, line, name }) => ({ file, line, note: `\`${name}\` is kept in memory` }));
  const evidence = [...asked, ...kept];
  if (evidence.length > 0) return { status: "in_effect", evidence };
  const imports = importsOf(model);
  return { status: imports.length > 0 ? "present" : "absent", evidence: imports };
}

/** Filled from somewhere else where it is read; clients, flags and settings are filled so too, and are no cache. */
function keepsAnswers(model: Model, cell: Cell): boolean {
  const filled = cell.changes.some(
    (change) => change.how !== "drop" && change.value?.kind !== "literal" && !isCode(storedText(model, change)),
  );
  return (
    filled &&
    isReadThrough(model, cell) &&
    !belongsToProcess(model, cell) &&
    cell.changes.some(({ fn }) => readsOutside(model, fn))
  );
}

/** `handlers.list = (await import("./list")).list`: a part of the program that is loaded when it is needed. */
function isCode(text: string): boolean {
  return /^\(?\s*await\s+import\(/.test(text);
}

function readsOutside(model: Model, fn: Fn): boolean {
  return callsIn(model, fn).some(
    (call) =>
      model.usesAt(call).some(({ kind }) => kind === "http" || kind === "database-read") ||
      (call.awaited && readsOf(model, fn).count > 0),
  );
}

function importsOf(model: Model): Presence["evidence"] {
  const found = model.repo.files.flatMap((file) =>
    (model.context(file) === "server" ? (model.summary(file)?.imports ?? []) : [])
      .filter(({ specifier, typeOnly }) => !typeOnly && packages.test(specifier))
      .map(({ specifier, span }) => ({ file, line: span.line, note: `imports ${specifier}` })),
  );
  return found.slice(0, 3);
}

/** The numbers: practitioners' thresholds as gathered for the project (50 ms, 200 ms, 500 ms; 60 to 70 % of the database's CPU). */
export function whenQuiet(model: Model): Verdict {
  const unread = unreadServer(model);
  if (unread !== null) return { verdict: "unknown", reason: unreadReason(unread), tripWire: null };
  if (model.routes.length === 0)
    return { verdict: "not_applicable", reason: "Nothing here answers requests.", tripWire: null };
  return {
    verdict: "not_yet",
    reason:
      "No answer was seen that is the same for everybody and costs much to make: a cache would only be one more thing that can be wrong.",
    tripWire:
      "The database above 60 to 70 % of its CPU, or 95 % of the answers slower than 500 ms, after indexes and limits are in place: see the database's dashboard and the access log. Below 50 requests a second or with queries under 50 ms it is too early.",
  };
}
