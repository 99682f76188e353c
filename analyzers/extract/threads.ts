/** Extraction on several threads, when there is enough text for their start to pay. */
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Encoded } from "./codec.ts";

/** A file for a thread to extract. */
export interface Work {
  file: string;
  text: string;
}

/**
 * Characters of source that each thread must get to do. One more thread takes 0.6 s of processor time to start, to warm up
 * and to hand over what it found; in that time a running one extracts 5 MB (`bench/README.md`).
 */
const worthAThread = 5_000_000;
/** The engine's own threads, which compile and collect garbage, keep another processor half busy. */
const processorsPerThread = 2;
const mostThreads = 4;
/** Native stack of a thread, in MB: as much as the main thread has, for `nesting.ts` counts on it. */
const stackSizeMb = 8;

/** Splits work into one share per thread, of about the same amount of text; the first is meant for the calling thread. */
export function shares<T extends Work>(work: readonly T[], threads = threadsFor(work)): T[][] {
  const total = textIn(work);
  const split: T[][] = [[]];
  let taken = 0;
  for (const item of work) {
    if (split.length < threads && taken >= (total * split.length) / threads) split.push([]);
    split.at(-1)?.push(item);
    taken += item.text.length;
  }
  return split;
}

function threadsFor(work: readonly Work[]): number {
  const worth = Math.floor(textIn(work) / worthAThread);
  const possible = Math.floor(availableParallelism() / processorsPerThread);
  return Math.max(1, Math.min(worth, possible, mostThreads));
}

function textIn(work: readonly Work[]): number {
  return work.reduce((total, { text }) => total + text.length, 0);
}

/** Extracts a share on a thread of its own; null when that cannot be, and the caller has to do it itself. */
export function extractOnThread(share: readonly Work[]): Promise<Encoded[] | null> {
  return new Promise((resolve) => {
    try {
      const entry = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);
      const workerData = share.map(({ file, text }) => ({ file, text }));
      const worker = new Worker(entry, { workerData, execArgv: [], resourceLimits: { stackSizeMb } });
      worker.once("message", (encoded: Encoded[]) => resolve(encoded));
      worker.once("error", () => resolve(null));
      worker.once("exit", () => resolve(null));
    } catch {
      resolve(null);
    }
  });
}
