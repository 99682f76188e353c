/** Answers that are the same for everybody: made once, and kept for as long as they are good. */
import { LRUCache } from "lru-cache";

type Load<T> = (dontKeep: () => void) => PromiseLike<T>;

interface Keeping {
  /** For how many milliseconds an answer is good. */
  ttlMs: number;
  // @if tables
  /** What it is made of: it is made anew once one of these was forgotten. */
  tables?: readonly string[];
  // @end
}

/** Answers as text: a thousand of 50 KB are 50 MB. */
const answers = new LRUCache<string, string>({ max: 1000 });
/** Answers that are being made: whoever comes meanwhile waits for the same one. */
const making = new Map<string, Promise<string>>();
// @if tables
/** How often each table was written by this process. */
const writes = new Map<string, number>();
// @end

/**
 * The answer kept under the key, or the one that `load` makes now. It comes as it would out of
 * JSON, and nobody else has the same object. What `load` throws is not kept, nor an answer for
 * which it calls `dontKeep`.
 */
export async function cached<T>(key: string, keeping: Keeping, load: Load<T>): Promise<T> {
  // @if tables
  const { ttlMs, tables = [] } = keeping;
  // @end
  // @if tables
  const id = JSON.stringify([key, tables.map((table) => writes.get(table) ?? 0)]);
  return JSON.parse(answers.get(id) ?? (await (making.get(id) ?? make(id, ttlMs, load)))).value;
  // @end
  // @if !tables
  const { ttlMs } = keeping;
  return JSON.parse(answers.get(key) ?? (await (making.get(key) ?? make(key, ttlMs, load)))).value;
  // @end
}
// @if tables

/** After a write of these tables: what is made of them is made anew for the next who asks. */
export async function forget(...tables: string[]): Promise<void> {
  for (const table of tables) writes.set(table, (writes.get(table) ?? 0) + 1);
}
// @end

function make(id: string, ttlMs: number, load: Load<unknown>): Promise<string> {
  const made = (async () => {
    let isGood = true;
    const value = await load(() => {
      isGood = false;
    });
    const text = JSON.stringify({ value });
    if (isGood) answers.set(id, text, { ttl: ttlMs });
    return text;
  })().finally(() => making.delete(id));
  making.set(id, made);
  return made;
}
