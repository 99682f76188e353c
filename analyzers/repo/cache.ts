/**
 * Encoded summaries of earlier runs: one file per repo, outside of it, found by content and written atomically.
 *
 * A cache never fails a run. What is missing, damaged or of another version is an empty cache; what cannot be written is
 * not written.
 */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { Encoded } from "../extract/codec.ts";
import { replaceFile } from "./replace.ts";

/** Where an entry lies in the cache's integers and text. */
interface Place {
  ints: number;
  intsLength: number;
  text: number;
  textLength: number;
}

/** What a cache file holds. */
export interface Cache {
  entries: ReadonlyMap<string, Place>;
  all: Encoded;
}

const magic = 0x53_48_55_50;
const headerLength = 8;
const placeLength = 3;
export const emptyCache: Cache = { entries: new Map(), all: { ints: new Int32Array(0), text: "" } };

/** `$XDG_CACHE_HOME/shoreup`, or `~/.cache/shoreup`. */
export function defaultCacheFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "shoreup");
}

/** The cache file of the repo at `root`. */
export function cacheFile(folder: string, root: string): string {
  return join(folder, `${hash("sha1", root, "hex").slice(0, 20)}.summaries`);
}

/** Reads a cache file that was written by this `version`; an empty cache when there is none or it is damaged. */
export function readCache(file: string, version: number): Cache {
  try {
    return parseCache(readFileSync(file), version) ?? emptyCache;
  } catch {
    return emptyCache;
  }
}

/** The entry under `key`, on its own; null when there is none. */
export function cached({ entries, all }: Cache, key: string): Encoded | null {
  const place = entries.get(key);
  if (place === undefined) return null;
  return {
    ints: all.ints.subarray(place.ints, place.ints + place.intsLength),
    text: all.text.slice(place.text, place.text + place.textLength),
  };
}

/** Writes a cache file with exactly these entries. False when that is not possible. */
export function writeCache(file: string, version: number, entries: ReadonlyMap<string, Encoded>): boolean {
  return replaceFile(file, formatCache(version, entries));
}

/**
 * Header, places, integers, then keys and texts in one run of characters: one byte each when all of them fit. In pieces,
 * for together they may be large.
 */
function formatCache(version: number, entries: ReadonlyMap<string, Encoded>): Buffer[] {
  const values = [...entries.values()];
  const characters = [...entries.keys()].join("") + values.map(({ text }) => text).join("");
  const isNarrow = /^[\0-\xff]*$/.test(characters);
  const text = Buffer.from(characters, isNarrow ? "latin1" : "utf16le");
  const places = Int32Array.from(
    [...entries].flatMap(([key, encoded]) => [key.length, encoded.ints.length, encoded.text.length]),
  );
  const body = [bytesOf(places), ...values.map(({ ints }) => bytesOf(ints)), text];
  const sum = body.reduce((before, piece) => crc32(piece, before), 0);
  const size = values.reduce((total, { ints }) => total + ints.length, 0);
  const header = Int32Array.of(magic, version, entries.size, size, text.length, isNarrow ? 1 : 2, sum | 0, 0);
  return [bytesOf(header), ...body];
}

function bytesOf(ints: Int32Array): Buffer {
  return Buffer.from(ints.buffer, ints.byteOffset, ints.byteLength);
}

function parseCache(file: Buffer, version: number): Cache | null {
  if (file.length < headerLength * 4) return null;
  const aligned = file.byteOffset % 4 === 0 ? file : Buffer.from(new Uint8Array(file).buffer);
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
  const [mark, writtenBy, count = 0, size = 0, textBytes = 0, width = 0, sum] = words;
  const intsFrom = headerLength + count * placeLength;
  const isWhole = aligned.length === (intsFrom + size) * 4 + textBytes;
  if (mark !== magic || writtenBy !== version || !isWhole) return null;
  if ((crc32(aligned.subarray(headerLength * 4)) | 0) !== sum) return null;
  const text = aligned.toString(width === 1 ? "latin1" : "utf16le", (intsFrom + size) * 4);
  return { entries: places(words, count, text), all: { ints: words.subarray(intsFrom, intsFrom + size), text } };
}

function places(words: Int32Array, count: number, characters: string): Map<string, Place> {
  const entries = new Map<string, Place>();
  const lengths = (index: number, part: number): number => words[headerLength + index * placeLength + part] ?? 0;
  let textFrom = 0;
  for (let index = 0; index < count; index += 1) textFrom += lengths(index, 0);
  let [key, ints, text] = [0, 0, textFrom];
  for (let index = 0; index < count; index += 1) {
    const [keyLength, intsLength, textLength] = [lengths(index, 0), lengths(index, 1), lengths(index, 2)];
    entries.set(characters.slice(key, key + keyLength), { ints, intsLength, text, textLength });
    key += keyLength;
    ints += intsLength;
    text += textLength;
  }
  return entries;
}
