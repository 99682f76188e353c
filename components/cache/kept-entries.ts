/** Whether entries of a store in memory can be let go, and after which time: what is made again, or what is over. */
import type { Change } from "../../analyzers/state/cell-changes.ts";
import { keyText, storedText } from "../../analyzers/state/cell-keys.ts";
import { goesOnCounting, isReadThrough } from "../../analyzers/state/cell-roles.ts";
import { readersOf, type Cell } from "../../analyzers/state/cells.ts";
import { assignedIn, escaped, textOf } from "../../analyzers/code/text.ts";
import type { Model } from "../../analyzers/model.ts";

/**
 * `made-again`: whoever misses an entry makes it anew. `over`: it says itself until when it counts, and who comes later
 * begins anew; `age` is that time in milliseconds, as the code that puts it there writes it. `only-here`: nothing else knows it.
 */
export type Fate =
  | { kind: "made-again" }
  | { kind: "over"; age: (change: Change) => string | null }
  | { kind: "only-here" };

export function fateOf(model: Model, cell: Cell): Fate {
  const puts = cell.changes.filter(({ how }) => how === "put");
  if (puts.length === 0 || puts.length < cell.changes.filter(({ how }) => how !== "drop").length)
    return { kind: "only-here" };
  const end = endOf(model, cell, puts);
  if (end !== null) return { kind: "over", age: (change) => ageAt(storedText(model, change), end) };
  const since = sinceIn(model, puts);
  if (since !== null) return { kind: "over", age: () => since };
  const isMade =
    isReadThrough(model, cell) || puts.every((put) => isMadeWhenMissing(model, cell, put)) || fallsBack(model, cell);
  return isMade && !puts.some((put) => goesOnCounting(model, put)) ? { kind: "made-again" } : { kind: "only-here" };
}

/** The part of an entry that says until when it counts, where the functions that put entries ask for it first. */
function endOf(model: Model, cell: Cell, puts: readonly Change[]): string | null {
  const asking = new Set(readersOf(model, cell).map(({ id }) => id));
  if (!puts.every(({ fn }) => asking.has(fn.id))) return null;
  const names = puts.map((put) => /(\w+)\s*:\s*(?:now|Date\.now\(\))\s*\+/.exec(storedText(model, put))?.[1] ?? null);
  const name = names.find((each) => each !== null) ?? null;
  if (name === null) return null;
  const now = String.raw`(?:now|Date\.now\(\))`;
  const asks = new RegExp(`${now}\\s*[<>]=?\\s*[\\w$.?!]*\\.${name}\\b|\\.${name}\\s*[<>]=?\\s*${now}`);
  return puts.every(({ fn }) => asks.test(textOf(model, fn))) ? name : null;
}

/** `60_000` of `now - last < 60_000`, where nothing but the moment is kept. */
function sinceIn(model: Model, puts: readonly Change[]): string | null {
  const ages = puts.map((put) => {
    const asked = /\b(?:now|Date\.now\(\))\s*-\s*[\w$.]+\s*<=?\s*([\w$.]+(?:\s*\*\s*[\w$.]+)*)/.exec(
      textOf(model, put.fn),
    );
    return /^(now|Date\.now\(\))$/.test(storedText(model, put)) ? (asked?.[1] ?? null) : null;
  });
  const [first = null] = ages;
  return ages.every((age) => age === first) ? first : null;
}

/** `windowMs` of `{ count: 1, resetAt: now + windowMs }`. */
function ageAt(stored: string, end: string): string | null {
  const found = new RegExp(`\\b${end}\\s*:\\s*(?:now|Date\\.now\\(\\))\\s*\\+\\s*([\\w$.\\s*]+?)\\s*(?:[,}]|$)`).exec(
    stored,
  );
  return found?.[1]?.trim() ?? null;
}

/** Looked for first under the same key, and what is put there then was waited for. */
function isMadeWhenMissing(model: Model, cell: Cell, put: Change): boolean {
  const text = textOf(model, put.fn);
  const key = keyText(model, cell, put);
  if (key === null) return false;
  const looks = new RegExp(`\\b${escaped(cell.name)}\\.(?:get|has)\\(\\s*${escaped(key)}\\s*\\)`).test(text);
  const stored = storedText(model, put);
  const made = /^[\w$]+$/.test(stored) ? assignedIn(text, stored) : stored;
  return looks && /^await\b/.test(made);
}

/** `known.get(name) ?? table.get(name)`, wherever it is read. */
function fallsBack({ repo }: Model, { name, file }: Cell): boolean {
  const text = repo.read(file) ?? "";
  const reads = [...text.matchAll(new RegExp(`\\b${escaped(name)}\\.get\\(`, "g"))].length;
  const covered = new RegExp(
    `\\b${escaped(name)}\\.get\\([^()]*\\)\\s*(?:\\?\\?|\\|\\|)\\s*(?:await\\s+)?[\\w$.]+\\(`,
    "g",
  );
  return reads > 0 && [...text.matchAll(covered)].length === reads;
}
