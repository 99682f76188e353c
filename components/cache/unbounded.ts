/** Looks for caches and stores in memory that grow with every new visitor and never shrink. */
import { belongsToProcess, requestChanges } from "../../analyzers/state/cell-roles.ts";
import { keyText, originsOfKey } from "../../analyzers/state/cell-keys.ts";
import { cellsOf, readersOf, type Cell } from "../../analyzers/state/cells.ts";
import { escaped, textOf } from "../../analyzers/code/text.ts";
import { entriesBehind } from "../../analyzers/code/entries-behind.ts";
import type { Fn, Model } from "../../analyzers/model.ts";
import { advice, inWords, labelsOf, placesOf } from "../advice.ts";
import type { Confidence, Match } from "../finding.ts";
import { growthOf } from "./growth.ts";
import { fateOf } from "./kept-entries.ts";

type Growth = ReturnType<typeof requestChanges>[number];

export function unboundedCells(model: Model): Match[] {
  return cellsOf(model).flatMap((cell) => {
    if (cell.shape === "value" || isWeak(model, cell) || belongsToProcess(model, cell)) return [];
    const growing = requestChanges(model, cell).filter(({ how }) => ["put", "add", "count", "inside"].includes(how));
    const [confidence, grows] = strongest(model, cell, growing);
    return confidence === null || shrinks(model, cell, growing) ? [] : [matchOf(model, cell, confidence, grows)];
  });
}

function isWeak({ repo }: Model, { file, name }: Cell): boolean {
  return new RegExp(`\\b${escaped(name)}\\b[^\\n]*=\\s*new Weak(Map|Set)`).test(repo.read(file) ?? "");
}

function strongest(model: Model, cell: Cell, growing: readonly Growth[]): [Confidence | null, Growth[]] {
  for (const wanted of ["medium", "low"] as const) {
    const found = growing.filter((change) => growthOf(model, cell, change) === wanted);
    if (found.length > 0) return [isByAnyone(model, cell, found) ? wanted : lowered(model, cell, wanted), found];
  }
  return [null, []];
}

/** Addresses and headers are made up at will, whatever becomes of the entries of honest callers. */
function isByAnyone(model: Model, cell: Cell, growing: readonly Growth[]): boolean {
  return growing.some((change) => {
    const origins = originsOfKey(model, cell, change);
    return (
      origins.has("address") || origins.has("headers") || /\bip\b|address/i.test(keyText(model, cell, change) ?? "")
    );
  });
}

/** Entries that are replaced when they are old bound the age of what is told, and mostly the number of keys with it. */
function lowered(model: Model, cell: Cell, confidence: Confidence): Confidence {
  const asksAge = /(Date\.now\(\)|\bnow)\s*[-<>]|[-<>]\s*Date\.now\(\)|\bttl\b|max_?age|expires?(_?at)?\b|isExpired/i;
  const near = [...readersOf(model, cell), ...cell.changes.map(({ fn }) => fn)];
  return near.some((fn) => asksAge.test(textOf(model, fn))) ? "low" : confidence;
}

/** Whether something takes entries out or stops more from coming in, other than the user who put them there. */
function shrinks(model: Model, cell: Cell, growing: readonly Growth[]): boolean {
  const text = model.repo.read(cell.file) ?? "";
  const name = escaped(cell.name);
  const measures = new RegExp(
    `\\b${name}\\.(size|length)\\s*(>|<|=)|keys\\((this\\.)?${name}\\)\\.length\\s*(>|<|=)|(>|<)=?\\s*(this\\.)?${name}\\.(size|length)`,
  );
  if (measures.test(text)) return true;
  const dropping = cell.changes.filter(({ how }) => how === "drop" || how === "replace");
  return dropping.some(({ fn }) => isUpkeep(model, fn, growing)) || (dropping.length > 0 && !isKeyed(cell));
}

/** Done by a timer, when a connection ends, where entries are put in, or because they are old. */
function isUpkeep(model: Model, fn: Fn, growing: readonly Growth[]): boolean {
  const entries = entriesBehind(model, fn);
  if (
    entries.some(
      ({ kind, label }) => kind === "schedule" || kind === "process" || /disconnect|close|end|leave/i.test(label),
    )
  )
    return true;
  const isSame = growing.some((change) => change.fn.id === fn.id || isWithin(model, fn, change.fn));
  return (
    isSame ||
    /expir|\bttl\b|max_?age|Date\.now|setTimeout|stale|\bold\b|evict|prune|clean|sweep|\.on\(\s*["'`](close|end|finish)/i.test(
      `${fn.name ?? ""} ${textOf(model, fn)}`,
    )
  );
}

function isWithin(model: Model, inner: Fn, outer: Fn): boolean {
  for (let each: Fn | null = inner; each !== null; each = each.parent === null ? null : model.fn(each.parent))
    if (each.id === outer.id) return true;
  return false;
}

/** What a list loses is taken out on purpose: it is the app's data. What stays under a key stays when its owner is gone. */
function isKeyed({ shape }: Cell): boolean {
  return shape === "map" || shape === "record";
}

function matchOf(model: Model, cell: Cell, confidence: Confidence, growing: readonly Growth[]): Match {
  const labels = labelsOf(growing.flatMap(({ entries }) => entries));
  const taken = cell.changes.some(({ how }) => how === "drop");
  const never = taken ? "what is left behind stays for ever" : "nothing is ever taken out";
  return advice("cache/unbounded-cache", cell, {
    confidence,
    message: `${inWords(labels, "A request")} can put ever new entries into \`${cell.name}\`, and ${never}: the memory fills until the process ends.`,
    also: placesOf(growing, cell),
    routes: labels.filter((label) => !label.startsWith("socket")),
    anchor: `${cell.className ?? ""} ${cell.name}`.trim(),
    fix: cell.shape === "map" && fateOf(model, cell).kind !== "only-here" ? "patch" : "brief",
  });
}
