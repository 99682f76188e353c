/** Failures that are at best logged while the user is told that all went well, or is told nothing at all. */
import type { CallSite, Model, Place, Reach, Use } from "../../analyzers/model.ts";
import type { Span, TryFact } from "../../analyzers/summary.ts";
import type { Match } from "../finding.ts";
import { callsWithin, lossIn, mayFail, swallowRule, type Here, type Lost } from "./catches.ts";
import { evidenceOf } from "../evidence.ts";
import { confidenceOf, waysTo } from "./reached.ts";
import { givesAnswer, repliesIn } from "./replies.ts";

/** The function goes on behind the `catch`: to say that all went well, or to say nothing. */
export function loggedOnly({ block, fn, empty }: TryFact, handler: Span, here: Here): Match[] {
  const { file, model } = here;
  if (!empty && !onlyLogs(handler, here)) return [];
  const replies = repliesIn(`${file}#${fn}`, model);
  const inBlock = replies.filter(({ span }) => isWithin(span, block));
  const calls = callsWithin(block, here);
  const place = { file, line: handler.line };
  if (inBlock.length > 0)
    return inBlock.length === replies.length ? neverAnswered(place, calls, `${file}#${fn}`, here) : [];
  const isGood = replies.some(({ span, isError }) => span.start >= handler.end && !isError);
  return isGood && !empty ? answeredAsDone(place, block, fn, here) : [];
}

function isWithin(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
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

/** A call that writes to a log, or tells a service that collects errors. */
export function isLog(call: CallSite, model: Model, text: string): boolean {
  const kinds = model.usesAt(call).map(({ kind }) => kind);
  if (kinds.some((kind) => kind === "log" || kind === "error-tracking")) return true;
  return /^(this\.)?_?(console|log|logger|Logger|Sentry|JSON|String|chalk|captureException)\b/.test(
    text.slice(call.span.start, call.span.end),
  );
}

/** Only the one write of its function: beside another it is a side matter, which may well be logged alone. */
function answeredAsDone(place: Place, block: Span, fn: number, here: Here): Match[] {
  const { text, summary, effects, model } = here;
  const whole = callsWithin(summary.functions[fn]?.span ?? block, here);
  const lost = whole.flatMap((call): Lost[] => {
    const use = isWithin(call.span, block) ? effects.of(call) : null;
    return use !== null && isPrimary(use) ? [{ call, use }] : [];
  })[0];
  const others = whole.some((call) => !isWithin(call.span, block) && isPrimary(effects.of(call)));
  if (lost === undefined || others || mayFail(text.slice(block.start, block.end))) return [];
  const ways = waysTo(lost.call, model);
  return [
    {
      ...baseOf(place, lost.call, model),
      title: "A failed write is answered as if it had worked",
      confidence: ways.length > 0 && ways.every(isLooking) ? "low" : confidenceOf(lost.use.certainty, ways),
      message: `When ${lossIn(lost.use)} fails, the error is logged and the answer still says that all went well: the user believes in something that is not there.`,
      also: [{ file: lost.use.call.file, line: lost.use.call.line }],
      ...evidenceOf(ways),
    },
  ];
}

/** Who follows a link or loads a picture asked to see something, not to have it written down. */
function isLooking({ entry }: Reach): boolean {
  return /^(GET|HEAD|QUERY) /.test(entry.label);
}

function isPrimary(use: Use | null): boolean {
  return use?.kind === "database-write" || use?.kind === "payment";
}

/** Of a request's own handler: one that it calls may leave the answer to it. */
function neverAnswered(place: Place, calls: readonly CallSite[], handler: string, { model }: Here): Match[] {
  const waited = calls.filter(({ awaited }) => awaited);
  const failing = calls.find(
    (call) =>
      waited.some((each) => isEndOf(each, call)) &&
      (model.usesAt(call).some(({ kind }) => kind !== null && kind !== "log") || model.targets(call).length > 0),
  );
  const ways =
    failing === undefined
      ? []
      : waysTo(failing, model).filter(({ entry }) => entry.kind === "route" && entry.fn === handler);
  if (failing === undefined || ways.length === 0) return [];
  const isKoa = givesAnswer(failing.fn, model);
  return [
    {
      ...baseOf(place, failing, model),
      title: isKoa ? "An error is answered as not found" : "An error leaves the request without an answer",
      confidence: confidenceOf("proven", ways),
      message: isKoa
        ? "When something in this block fails, the error goes no further and nothing is put into the answer: Koa says 404, so the user reads that there is nothing here, and whoever watches for errors sees none."
        : "When something in this block fails, the error goes no further and no answer is sent: the user's page waits until it gives up, and the connection is held for as long.",
      also: [],
      ...evidenceOf(ways),
    },
  ];
}

/** `knex("lists")` of `await knex("lists").where(...)`: the first call of a chain says what it is, the last one is waited for. */
function isEndOf(last: CallSite, { span, file }: CallSite): boolean {
  return last.file === file && last.span.start === span.start && span.end <= last.span.end;
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
