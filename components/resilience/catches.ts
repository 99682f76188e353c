/** What the rules about caught failures look at: the place, what runs in it, and whether its author has thought of it. */
import type { CallSite, Model, Use } from "../../analyzers/model.ts";
import type { Span, Summary } from "../../analyzers/summary.ts";
import type { Effects } from "./effects.ts";

export const swallowRule = "resilience/swallow-error";

export interface Here {
  file: string;
  summary: Summary;
  text: string;
  model: Model;
  effects: Effects;
}

/** A call whose failure loses something, and what it loses. */
export interface Lost {
  call: CallSite;
  use: Use;
}

export function callsWithin({ start, end }: Span, { file, summary, model }: Here): CallSite[] {
  return summary.calls.flatMap(({ span }, index) =>
    span.start >= start && span.end <= end ? (model.call(`${file}#${index}`) ?? []) : [],
  );
}

/** The first of the calls whose failure loses something, waited for or not. */
export function firstLost(calls: readonly CallSite[], { effects }: Here): Lost | null {
  for (const call of calls) {
    const use = effects.of(call);
    if (use !== null) return { call, use };
  }
  return null;
}

/** Side matters that may fail, ends that are tidied up, and questions whose answer may be no. */
const harmless =
  /track|analytic|telemetry|metric|posthog|mixpanel|\baudit|activity|\bcache|redis|clean_?up|unlink|\brm\b|\bremove|\bdelete|destroy|\bclose|disconnect|\bend\b|\babort|\bcancel|\brelease|roll_?back|\brevoke|invalidate|log_?out|\bping\b|heartbeat|last_?(seen|active|used|login)|\bview|increment|presence|typing|read_?receipt|\bexists|\bseed|\bmkdir|createIndex|ensure|\bsync\b|invoke_?later|prefetch|warm|ordered:\s*false/i;

export function mayFail(code: string): boolean {
  return harmless.test(code);
}

/** A comment in the place of the handling, or words like "best effort" above it, say that its author has thought of it. */
export function isExplained({ start, end }: Span, begin: number, text: string): boolean {
  const rest = /^[^\n]*/.exec(text.slice(end))?.[0] ?? "";
  if (/\/\/|\/\*/.test(text.slice(start, end) + rest)) return true;
  const above = text.slice(0, begin).split("\n").slice(-4, -1).join("\n");
  return /(\/\/|\*).*\b(best.?effort|ignor|never|non.?critical|not critical|optional|(don't|do not|must not|should not|shouldn't|mustn't) \w*|fire.?and.?forget|silent|swallow)/i.test(
    above,
  );
}

const nouns: Partial<Record<NonNullable<Use["kind"]>, string>> = {
  "database-write": "a write to the database",
  payment: "a payment",
  mail: "a mail",
  push: "a message",
  queue: "a job",
  storage: "a file",
  http: "a message to another service",
  "file-write": "a file",
};

/** What a use would have brought about, as a noun with its article. */
export function lossIn({ kind }: Use): string {
  return nouns[kind ?? "http"] ?? "this";
}
