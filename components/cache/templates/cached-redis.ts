/** Answers that are the same for everybody: made once for all replicas, and kept while good. */
// @if tables
import { randomUUID } from "node:crypto";
// @end
import { setTimeout as sleep } from "node:timers/promises";
__REDIS_IMPORT__;

type Load<T> = (dontKeep: () => void) => PromiseLike<T>;

interface Keeping {
  /** For how many milliseconds an answer is good. */
  ttlMs: number;
  // @if tables
  /** What it is made of: it is made anew once one of these was forgotten. */
  tables?: readonly string[];
  // @end
}

/** Longer than a healthy Redis takes, shorter than a visitor notices. */
const patienceMs = 200;
// @if tables
/** How long Redis remembers when a table was written: longer than any answer is kept. */
const daySeconds = 24 * 60 * 60;
// @end
/** Answers that are being made: whoever comes meanwhile waits for the same one. */
const making = new Map<string, Promise<string>>();

/**
 * The answer kept under the key, or the one that `load` makes now. It comes as it would out of
 * JSON, and nobody else has the same object. What `load` throws is not kept, nor an answer for
 * which it calls `dontKeep`. While Redis is away every answer is made anew.
 */
export async function cached<T>(key: string, keeping: Keeping, load: Load<T>): Promise<T> {
  // @if tables
  const { ttlMs, tables = [] } = keeping;
  // @end
  // @if tables
  const found = await ask(["MGET", `cached:${key}`, ...tables.map(writtenKey)]);
  const [kept = null, ...versions]: unknown[] = Array.isArray(found) ? found : [];
  const id = JSON.stringify([key, versions]);
  const text = kept === null ? null : textOf(String(kept), id);
  // @end
  // @if !tables
  const { ttlMs } = keeping;
  const id = key;
  const kept = await ask(["GET", `cached:${key}`]);
  const text = kept === null ? null : textOf(String(kept), id);
  // @end
  return JSON.parse(text ?? (await (making.get(id) ?? make(key, id, ttlMs, load)))).value;
}
// @if tables

/** After a write of these tables: what is made of them is made anew for the next who asks. */
export async function forget(...tables: string[]): Promise<void> {
  making.clear();
  const version = randomUUID();
  await Promise.all(
    tables.map((table) => ask(["SET", writtenKey(table), version, "EX", String(daySeconds)])),
  );
}

function writtenKey(table: string): string {
  return `cached:written:${table}`;
}
// @end

/** The text that was kept, unless something it is made of was written since. */
function textOf(kept: string, id: string): string | null {
  const entry = JSON.parse(kept);
  return entry.id === id ? entry.text : null;
}

function make(key: string, id: string, ttlMs: number, load: Load<unknown>): Promise<string> {
  const made = (async () => {
    let isGood = true;
    const value = await load(() => {
      isGood = false;
    });
    const text = JSON.stringify({ value });
    if (isGood) {
      const entry = JSON.stringify({ id, text });
      await ask(["SET", `cached:${key}`, entry, "PX", String(Math.ceil(ttlMs))]);
    }
    return text;
  })().finally(() => making.delete(id));
  making.set(id, made);
  return made;
}

/** What Redis says; null while it is away or slow. */
async function ask(command: string[]): Promise<unknown> {
  if (__AWAY__) return null;
  try {
    return await Promise.race([__COMMAND__, sleep(patienceMs, null, { ref: false })]);
  } catch {
    return null;
  }
}
