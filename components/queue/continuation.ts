/** What hangs on a call that is not awaited: callbacks and `.then` chains that answer the user after all. */
import { indexIn } from "../../analyzers/ids.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";
import type { Call, FnId, Summary, Value } from "../../analyzers/summary.ts";

/** Whether a callback of the call, or of the chain that hangs on it, sends the answer or passes the error on. */
export function answersInside(call: CallSite, model: Model): boolean {
  const summary = model.summary(call.file);
  return summary !== null && continuationsOf(summary, indexIn(call.id)).some((fn) => answers(summary, fn));
}

/** Whether the call is given the response, so that the answer is its business. */
export function passesResponse(call: CallSite, model: Model): boolean {
  const summary = model.summary(call.file);
  const args = summary?.calls[indexIn(call.id)]?.args ?? [];
  return summary !== null && args.some((arg) => responses.test(nameOf(arg, summary) ?? ""));
}

/** Whether the answer is a stream that is open while the call runs: what it does is written into it. */
export function feedsStream({ file, fn }: CallSite, model: Model): boolean {
  const summary = model.summary(file);
  if (summary === null) return false;
  return summary.calls.some(
    ({ isNew, callee, fn: holder }) =>
      isNew &&
      holder > 0 &&
      callee.kind === "name" &&
      /^(Transform|Readable)Stream$/.test(callee.name) &&
      isWithin(summary, indexIn(fn), holder),
  );
}

/** Functions that run when the call has ended: its own function arguments and those of `.then`, `.catch`, `.finally` on it. */
function continuationsOf(summary: Summary, index: number): FnId[] {
  const own = summary.calls[index];
  if (own === undefined) return [];
  return [own, ...chainOn(summary, index)].flatMap(({ args }) =>
    args.flatMap((arg) => (arg.kind === "fn" ? [arg.fn] : [])),
  );
}

/** The calls of the promise chain that hangs on a call. */
export function chainOn(summary: Summary, index: number): Call[] {
  const next = summary.calls.findIndex(({ callee }) => isLink(callee, index));
  const found = summary.calls[next];
  return found === undefined ? [] : [found, ...chainOn(summary, next)];
}

function isLink(callee: Value, index: number): boolean {
  return (
    callee.kind === "member" &&
    /^(then|catch|finally)$/.test(callee.property) &&
    callee.object.kind === "call" &&
    callee.object.call === index
  );
}

const answering =
  /^(json|jsonp|send|sendStatus|sendFile|end|redirect|render|status|download|code|text|html|body|newResponse|throw)$/;
const responses = /^(res|resp|response|reply|ctx|c|context)$/;

function answers(summary: Summary, fn: FnId): boolean {
  return (
    summary.calls.some((call) => isWithin(summary, call.fn, fn) && isAnswer(call.callee, summary)) ||
    summary.writes.some((write) => isWithin(summary, write.fn, fn) && isAssignedAnswer(write.target, summary))
  );
}

/** `ctx.body = user`, Koa's way to answer. */
function isAssignedAnswer(target: Value, summary: Summary): boolean {
  return (
    target.kind === "member" &&
    /^(body|status)$/.test(target.property) &&
    responses.test(nameOf(target.object, summary) ?? "")
  );
}

function isAnswer(callee: Value, summary: Summary): boolean {
  if (callee.kind !== "member") return nameOf(callee, summary) === "next";
  const isRead = callee.object.kind === "member" && /^req(uest)?$/.test(callee.object.property);
  return !isRead && answering.test(callee.property) && responses.test(nameOf(rootOf(callee, summary), summary) ?? "");
}

/** Whether the call is handed to `waitUntil(...)`: the host sees it through after the answer, and no restart loses it. */
export function isSeenThrough({ file, span }: CallSite, model: Model): boolean {
  const calls = model.summary(file)?.calls ?? [];
  return calls.some(
    ({ callee, span: outer }) =>
      outer.start <= span.start &&
      span.end <= outer.end &&
      (callee.kind === "member" ? callee.property : callee.kind === "imported" ? callee.name : "") === "waitUntil",
  );
}

/** What a chain of members and calls begins with: `res` in `res.status(200).json`. */
function rootOf(value: Value, summary: Summary): Value {
  if (value.kind === "member") return rootOf(value.object, summary);
  const call = value.kind === "call" ? summary.calls[value.call] : undefined;
  return call === undefined ? value : rootOf(call.callee, summary);
}

function nameOf(value: Value, summary: Summary): string | null {
  if (value.kind === "name") return value.name;
  return value.kind === "param" ? (summary.functions[value.fn]?.params[value.index]?.name ?? null) : null;
}

/** Whether a function is the other one or lies inside it. */
export function isWithin(summary: Summary, fn: FnId, outer: FnId): boolean {
  for (let at: FnId | null = fn; at !== null; at = summary.functions[at]?.parent ?? null) if (at === outer) return true;
  return false;
}

/** Whether the call stands in `new Promise((resolve, reject) => ...)`, whose owner waits for it. */
export function settlesPromise(call: CallSite, model: Model): boolean {
  const summary = model.summary(call.file);
  const index = indexIn(call.fn);
  if (summary === null) return false;
  return summary.calls.some(
    ({ isNew, callee, args, awaited, use }) =>
      isNew &&
      callee.kind === "name" &&
      callee.name === "Promise" &&
      (awaited || use === "returned" || use === "assigned") &&
      args.some((arg) => arg.kind === "fn" && isWithin(summary, index, arg.fn)),
  );
}
