/** An error in the reader's words: what the named errors of every part of the house carry, read in one place for all doors. */
import { z } from "zod";

export interface Explanation {
  what: string;
  /** Empty where `what` says it already. */
  why: string;
  next: string;
  /** The last useful lines of whatever failed, oldest first. */
  log: string[];
}

/** `what` is absent where the error's message is just that. */
const Named = z.looseObject({
  what: z.string().optional(),
  why: z.string().default(""),
  next: z.string().min(1),
  log: z.array(z.string()).default([]),
});

/** Null for an error that nobody expected: a fault of ours. */
export function explanationOf(error: unknown): Explanation | null {
  if (!(error instanceof Error)) return null;
  const named = Named.safeParse(Object.fromEntries(Object.entries(error)));
  if (!named.success) return null;
  const { what = error.message, why, next, log } = named.data;
  return { what, why, next, log };
}

/** The explanation in one paragraph; empty parts are left out. */
export function paragraph({ what, why, next }: Explanation): string {
  return [what, why, next]
    .filter((part) => part !== "")
    .map((part) => (/[.!?]$/.test(part) ? part : `${part}.`))
    .join(" ");
}
