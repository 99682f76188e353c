/** What named errors of every part of the house carry: what, why, what next, and the last useful log lines. */

export interface ErrorWords {
  message: string;
  why: string;
  /** Empty for errors that nobody expected. */
  next: string;
  log: string[];
}

export function wordsOf(error: unknown): ErrorWords {
  if (!(error instanceof Error)) return { message: String(error), why: "", next: "", log: [] };
  const fields = new Map<string, unknown>(Object.entries(error));
  const log = fields.get("log");
  return {
    message: error.message,
    why: textOf(fields.get("why")),
    next: textOf(fields.get("next")),
    log: Array.isArray(log) ? log.filter((line) => typeof line === "string") : [],
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
