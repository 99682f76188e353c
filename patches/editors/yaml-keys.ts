/** Sets and drops keys of mappings anywhere in a YAML file of one or several documents: no other line moves. */
import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, parseAllDocuments } from "yaml";
import type { Document, Pair, YAMLMap } from "yaml";
import type { Json } from "../edit.ts";
import { splice, type Replacement } from "../splice.ts";
import { newlineOf } from "./newline.ts";
import { column, contentEnd, endOf, isSpaced, render, startOf } from "./yaml-places.ts";

export interface KeysWish {
  /** Which of the file's documents, from 0. */
  document: number;
  /** From the document's top to the mapping; numbers are places in lists. */
  path: readonly (string | number)[];
  /** A key that is there is only filled in where it holds nothing, or another number or word. */
  set: { readonly [key: string]: Json };
  drop?: readonly string[];
}

/** Null where lines cannot simply be put in or taken out: flow style, anchors, text that is no YAML. */
export function keysChanged(text: string, wishes: readonly KeysWish[]): Replacement[] | null {
  const documents = documentsIn(text);
  if (documents === null) return null;
  // What is deeper stands before what holds it, where both end on the same line.
  const ordered = wishes.toSorted((a, b) => b.path.length - a.path.length);
  const found = ordered.map((wish) => {
    const map = documents[wish.document]?.getIn(wish.path, true);
    return isMap(map) && map.flow !== true && map.items.length > 0 ? changesIn(text, map, wish) : null;
  });
  const replacements = found.flatMap((each) => each ?? []);
  const changed = found.includes(null) ? null : splice(text, replacements);
  if (typeof changed !== "string") return null;
  const wanted = wishes.reduce<unknown>(
    (whole, wish) => changedAt(whole, [wish.document, ...wish.path], wish),
    documents.map(plain),
  );
  return isDeepStrictEqual(documentsIn(changed)?.map(plain), wanted) ? replacements : null;
}

function documentsIn(text: string): Document[] | null {
  const documents = parseAllDocuments(text, { logLevel: "silent", prettyErrors: false });
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return null;
  return documents;
}

function plain(document: Document): unknown {
  return document.toJS({ maxAliasCount: 100 });
}

function changesIn(text: string, map: YAMLMap, { set, drop = [] }: KeysWish): Replacement[] | null {
  const pairOf = (key: string): Pair | undefined =>
    map.items.find((item) => isScalar(item.key) && item.key.value === key);
  const there = Object.keys(set).flatMap((key) => pairOf(key) ?? []);
  const filled = there.map((pair) => filledIn(text, pair, set[keyOf(pair)] ?? null, map));
  const missing = Object.entries(set).filter(([key]) => pairOf(key) === undefined);
  const dropped = drop.flatMap((key) => pairOf(key) ?? []).map((pair) => lineOf(text, pair));
  if (filled.includes(null) || dropped.includes(null)) return null;
  return [
    ...filled,
    ...dropped,
    ...(missing.length === 0 ? [] : [appended(text, map, Object.fromEntries(missing))]),
  ].flatMap((each) => each ?? []);
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : "";
}

/** Lines behind the mapping's last one. */
function appended(text: string, map: YAMLMap, fields: { [key: string]: Json }): Replacement {
  const [first] = map.items;
  const newline = newlineOf(text);
  const indent = first === undefined ? 0 : column(text, startOf(first));
  const block = (isSpaced(text, map) ? newline : "") + indented(render(fields, text), indent).join(newline);
  const end = text.indexOf("\n", endOf(text, map));
  return end === -1
    ? { start: text.length, end: text.length, text: newline + block }
    : { start: end + 1, end: end + 1, text: block + newline };
}

/** Its whole stretch anew: what stood there was a word or a number, or nothing. */
function filledIn(text: string, pair: Pair, value: Json, map: YAMLMap): Replacement | null {
  const { value: old } = pair;
  const isEmpty = isMap(old) && old.items.length === 0 && old.anchor === undefined;
  if (!isEmpty && !(isScalar(old) && old.anchor === undefined)) return null;
  const start = startOf(pair);
  const [first] = map.items;
  const lines = indented(
    render({ [keyOf(pair)]: value }, text),
    first === undefined ? 0 : column(text, startOf(first)),
  );
  const range = old.range ?? null;
  return range === null ? null : { start, end: range[1], text: lines.join(newlineOf(text)).trimStart() };
}

/** The lines of a pair on lines of its own; null where it shares one with a list's dash. */
function lineOf(text: string, pair: Pair): Replacement | null {
  const start = text.lastIndexOf("\n", startOf(pair) - 1) + 1;
  const range = isScalar(pair.value) || isMap(pair.value) ? pair.value.range : null;
  if (range === null || range === undefined || text.slice(start, startOf(pair)).trim() !== "") return null;
  const end = text.indexOf("\n", contentEnd(text, start, range[1]));
  return { start, end: end === -1 ? text.length : end + 1, text: "" };
}

function indented(block: string, indent: number): string[] {
  return block
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : " ".repeat(indent) + line));
}

/** The plain value with the mapping at the path changed. */
function changedAt(whole: unknown, [step, ...rest]: readonly (string | number)[], wish: KeysWish): unknown {
  if (step === undefined) {
    const kept = Object.entries(whole ?? {}).filter(([key]) => !wish.drop?.includes(key));
    return { ...Object.fromEntries(kept), ...wish.set };
  }
  if (Array.isArray(whole)) return whole.map((each, index) => (index === step ? changedAt(each, rest, wish) : each));
  const fields = Object.entries(whole ?? {});
  return Object.fromEntries(fields.map(([key, value]) => [key, key === step ? changedAt(value, rest, wish) : value]));
}
