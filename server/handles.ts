/** Ids that one tool mints and another takes back: a bounded, forgetting map. */
import { Refusal } from "./tool.ts";

/** Long enough for a day's work with an agent; everything behind a handle can be made again from the repo. */
const lifetimeMilliseconds = 24 * 3600 * 1000;
const capacity = 100;

export interface Handles<T> {
  put(id: string, value: T): string;
  /** Throws {@link Refusal} naming the tool that makes a new one. */
  get(id: string): T;
}

export function openHandles<T>(kind: string, madeBy: string, now: () => number = Date.now): Handles<T> {
  const kept = new Map<string, { value: T; at: number }>();
  return {
    put(id, value) {
      kept.delete(id);
      kept.set(id, { value, at: now() });
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - capacity))) kept.delete(oldest);
      return id;
    },
    get(id) {
      const entry = kept.get(id);
      if (entry !== undefined && now() - entry.at < lifetimeMilliseconds) return entry.value;
      throw new Refusal(`There is no ${kind} ${JSON.stringify(id)}, or it has expired.`, `Call ${madeBy} to make one.`);
    },
  };
}
