/** Named reasons to stop that are not faults of ours, in three sentences: what, why, what next. */
import { RepoError } from "../analyzers/repo/disk.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";

/** The reader's repo, machine or command line stands in the way. */
export class Stop extends Error {
  override name = "Stop";
  readonly why: string;
  readonly next: string;
  readonly exitCode: ExitCode;

  constructor(what: string, why: string, next: string, exitCode: ExitCode = exitCodes.failed) {
    super(what);
    this.why = why;
    this.next = next;
    this.exitCode = exitCode;
  }
}

/** An error in the reader's words, whichever part of the house threw it. */
export interface Explanation {
  what: string;
  why: string;
  next: string;
  log: readonly string[];
  exitCode: ExitCode;
}

/** The explanation that an error carries; null for anything nobody expected. */
export function explanationOf(error: unknown): Explanation | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof RepoError)
    return { what: error.message, why: "", next: "", log: [], exitCode: exitCodes.failed };
  const { why, next, what, log } = { what: error.message, log: [], why: null, next: null, ...fieldsOf(error) };
  if (typeof why !== "string" || typeof next !== "string" || typeof what !== "string") return null;
  const lines = Array.isArray(log) ? log.filter((line) => typeof line === "string") : [];
  return { what, why, next, log: lines, exitCode: error instanceof Stop ? error.exitCode : exitCodes.failed };
}

function fieldsOf(error: Error): Partial<Record<"what" | "why" | "next" | "log", unknown>> {
  return Object.fromEntries(Object.entries(error));
}
