/** Failures that are caught and forgotten although something was lost: a write, a payment, a message, an answer. */
import type { CallSite, Model, Place, Use } from "../../analyzers/model.ts";
import type { Call, Span, Summary, TryFact } from "../../analyzers/summary.ts";
import type { Match } from "../finding.ts";
import { effectsOf, type Effects } from "./effects.ts";
import { confidenceOf, evidenceOf, waysTo } from "./reached.ts";
import { repliesIn } from "./replies.ts";

export const swallowRule = "resilience/swallow-error";

export function swallowedErrors(model: Model): Match[] {
  const effects = effectsOf(model);
  return model.repo.files.flatMap((file) => {
    const summary = model.summary(file);
    if (summary === null || !["server", "worker"].includes(model.context(file))) return [];
    const text = model.repo.read(file) ?? "";
    return [
      ...summary.tries.flatMap((each) => ofTry(each, { file, summary, text, model, effects })),
      ...summary.calls.flatMap((call) => ofChain(call, { file, summary, text, model, effects })),
    ];
  });
}

interface Here {
  file: string;
  summary: Summary;
  text: string;
  model: Model;
  effects: Effects;
}

/** Side matters that may fail, ends that are tidied up, and questions whose answer may be no. */
const mayFail =
  /track|analytic|telemetry|metric|posthog|mixpanel|\baudit|activity|\bcache|redis|clean_?up|unlink|\brm\b|\bremove|\bdelete|destroy|\bclose|disconnect|\bend\b|\babort|\bcancel|\brelease|roll_?back|\brevoke|invalidate|log_?out|\bping\b|heartbeat|last_?(seen|active|used|login)|\bview|increment|presence|typing|read_?receipt|\bexists|\bseed|\bmkdir|createIndex|ensure|\bsync\b|invoke_?later|prefetch|warm/i;

/** A comment in the place of the handling, or words like "best effort" above it, say that its author has thought of it. */
function isExplained({ start, end }: Span, begin: number, text: string): boolean {
  const rest = /^[^\n]*/.exec(text.slice(end))?.[0] ?? "";
  if (/\/\/|\/\*/.test(text.slice(start, end) + rest)) return true;
  const above = text.slice(0, begin).split("\n").slice(-4, -1).join("\n");
  return /(\/\/|\*).*\b(best.?effort|ignor|never|non.?critical|not critical|optional|(don't|do not|must not|should not|shouldn't|mustn't) \w*|fire.?and.?forget|silent|swallow)/i.test(
    above,
  );
}

function ofTry({ block, handler, empty, fn }: TryFact, here: Here): Match[] {
  const { text, file } = here;
  if (handler === null || isExplained(handler, block.start, text)) return [];
  if (empty) {
    const lost = firstLost(callsWithin(block, here), here);
    return lost === null || mayFail.test(text.slice(block.start, block.end))
      ? []
      : [lostMatch({ file, line: handler.line }, lost, here)];
  }
  return onlyLogs(handler, here) ? ofLogged({ block, handler, fn: `${file}#${fn}` }, here) : [];
}

interface Lost {
  call: CallSite;
  use: Use;
}

/** The first call whose failure loses something, `await`ed or not. */
function firstLost(calls: readonly CallSite[], { effects }: Here): Lost | null {
  for (const call of calls) {
    const use = effects.of(call);
    if (use !== null) return { call, use };
  }
  return null;
}

function callsWithin({ start, end }: Span, { file, summary, model }: Here): CallSite[] {
  return summary.calls.flatMap(({ span }, index) =>
    span.start >= start && span.end <= end ? (model.call(`${file}#${index}`) ?? []) : [],
  );
}

/** `save().catch(() => {})`, where nobody looks at what comes of it: a value in place of the outcome is an answer. */
function ofChain({ callee, args: [handler], span, statement }: Call, here: Here): Match[] {
  const { file, summary, text } = here;
  if (callee.kind !== "member" || callee.property !== "catch" || handler?.kind !== "fn") return [];
  const body = summary.functions[handler.fn]?.span;
  const written = body === undefined ? "" : text.slice(body.start, body.end).trim();
  if (body === undefined || !/(\{\s*\}|=>\s*(null|undefined|void 0|false))$/.test(written)) return [];
  const before = text.slice(statement.start, span.start);
  const isDropped = /^\s*(await\s+|void\s+)?$/.test(before) || (/\}$/.test(written) && /=>\s*$/.test(before));
  if (!isDropped || isExplained({ ...body, end: span.end }, span.start, text)) return [];
  const lost = firstLost(callsWithin({ ...span, end: body.start }, here), here);
  if (lost === null || mayFail.test(text.slice(span.start, body.start))) return [];
  return [lostMatch({ file, line: body.line }, lost, here)];
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

function lostMatch(place: Place, { call, use }: Lost, { model }: Here): Match {
  const ways = waysTo(call, model);
  const runs = model.reach(call).length > 0;
  return {
    rule: swallowRule,
    ...place,
    confidence: ways.length > 0 ? "high" : runs ? "medium" : "low",
    message: `When ${nouns[use.kind ?? "http"] ?? "this"} fails here, the error is thrown away: nothing is logged, nobody is told, and it looks as if it had worked.`,
    also: [{ file: use.call.file, line: use.call.line }],
    ...evidenceOf(ways),
    call: null,
    anchor: `${use.api} swallowed in ${model.fn(call.fn)?.name ?? "a function"}`,
    fix: "brief",
  };
}

/** Every call in the handler writes to a log, and nothing else happens there. */
function onlyLogs(handler: Span, here: Here): boolean {
  const { text, model } = here;
  const calls = callsWithin(handler, here);
  const code = text.slice(handler.start, handler.end);
  if (
    calls.length === 0 ||
    /\b(throw|return\s+[^;\s}]|next|reject|process\.exit)\b|[^=!<>]=[^=>]|\+\+/.test(
      code.replace(/(["'`])(?:\\.|(?!\1)[^\\])*\1/g, "''"),
    )
  )
    return false;
  return calls.every((call) => isLog(call, model, text));
}

function isLog(call: CallSite, model: Model, text: string): boolean {
  const kinds = model.usesAt(call).map(({ kind }) => kind);
  if (kinds.some((kind) => kind === "log" || kind === "error-tracking")) return true;
  return /^(this\.)?_?(console|log|logger|Logger|Sentry|JSON|String|chalk|captureException)\b/.test(
    text.slice(call.span.start, call.span.end),
  );
}

/** The failure is logged and the function goes on: to say that all went well, or to say nothing at all. */
function ofLogged({ block, handler, fn }: { block: Span; handler: Span; fn: string }, here: Here): Match[] {
  const { file, model, text } = here;
  const replies = repliesIn(fn, model);
  if (replies.length === 0) return [];
  const inBlock = replies.filter(({ span }) => span.start >= block.start && span.end <= block.end);
  const after = replies.filter(({ span }) => span.start >= handler.end);
  const calls = callsWithin(block, here);
  const place = { file, line: handler.line };
  if (after.length === 0 && inBlock.length > 0 && inBlock.length === replies.length)
    return neverAnswered(place, calls, here);
  const primary = calls
    .map((call) => ({ call, use: here.effects.of(call) }))
    .find(({ use }) => use?.kind === "database-write" || use?.kind === "payment");
  const isGood = after.some(({ isError }) => !isError);
  const isSideMatter = callsWithin(
    here.summary.functions[Number(fn.slice(fn.lastIndexOf("#") + 1))]?.span ?? block,
    here,
  ).some((call) => (call.span.end <= block.start || call.span.start >= block.end) && here.effects.of(call) !== null);
  if (
    primary?.use === undefined ||
    primary.use === null ||
    !isGood ||
    isSideMatter ||
    inBlock.length > 0 ||
    mayFail.test(text.slice(block.start, block.end))
  )
    return [];
  return [answeredAsDone(place, { call: primary.call, use: primary.use }, here)];
}

function answeredAsDone(place: Place, { call, use }: Lost, { model }: Here): Match {
  const ways = waysTo(call, model);
  return {
    ...baseOf(place, call, model),
    title: "A failed write is answered as if it had worked",
    confidence: confidenceOf(use.certainty, ways),
    message: `When ${nouns[use.kind ?? "http"] ?? "this"} fails, the error is logged and the answer still says that all went well: the user believes in something that is not there.`,
    also: [{ file: use.call.file, line: use.call.line }],
    ...evidenceOf(ways),
  };
}

function neverAnswered(place: Place, calls: readonly CallSite[], { model }: Here): Match[] {
  const failing = calls.find(
    (call) =>
      call.awaited &&
      (model.usesAt(call).some(({ kind }) => kind !== null && kind !== "log") || model.targets(call).length > 0),
  );
  const ways = failing === undefined ? [] : waysTo(failing, model).filter(({ entry }) => entry.kind === "route");
  if (failing === undefined || ways.length === 0) return [];
  return [
    {
      ...baseOf(place, failing, model),
      title: "An error leaves the request without an answer",
      confidence: confidenceOf("proven", ways),
      message:
        "When something in this block fails, the error is only logged and no answer is sent: the user's page waits until it gives up, and the connection is held for as long.",
      also: [],
      ...evidenceOf(ways),
    },
  ];
}

function baseOf(
  place: Place,
  call: CallSite,
  model: Model,
): Pick<Match, "rule" | "file" | "line" | "call" | "anchor" | "fix"> {
  return {
    rule: swallowRule,
    ...place,
    call: null,
    anchor: `logged only in ${model.fn(call.fn)?.name ?? "a function"}`,
    fix: "brief",
  };
}
