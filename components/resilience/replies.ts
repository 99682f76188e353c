/** Where a function answers the request that it was handed. */
import { fileIn, indexIn } from "../../analyzers/ids.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Call, Span, Summary, Value } from "../../analyzers/summary.ts";

export interface Reply {
  span: Span;
  /** It says that something went wrong. */
  isError: boolean;
}

const replying = new Set([
  "json",
  "send",
  "end",
  "redirect",
  "render",
  "sendStatus",
  "sendFile",
  "download",
  "jsonp",
  "pipe",
  "write",
]);
const responses = /^_?(res|resp|response|reply|ctx|context|c)$/;
const failure = /\b(4|5)\d\d\b|error|fail/i;

/** Calls on the function's own response parameter, and handing on to the next handler; those of callbacks in it included. */
export function repliesIn(fn: string, model: Model): Reply[] {
  const [file, index] = [fileIn(fn), indexIn(fn)];
  const summary = model.summary(file);
  const own = summary?.functions[index];
  if (summary === null || own === undefined) return [];
  const text = model.repo.read(file) ?? "";
  const calls = summary.calls.filter((call) => answers(call, index, summary));
  const given = summary.changes.filter(({ target }) => isAnswer(target, index, summary));
  return [...calls, ...given].flatMap(({ span }) => {
    const isInside = span.start >= own.span.start && span.end <= own.span.end;
    return isInside ? [{ span, isError: failure.test(text.slice(span.start, span.end).slice(0, 200)) }] : [];
  });
}

/** Whether a function answers by what it puts into its context, which Koa sends when the function is done. */
export function givesAnswer(fn: string, model: Model): boolean {
  const summary = model.summary(fileIn(fn));
  return summary?.changes.some(({ target }) => isAnswer(target, indexIn(fn), summary)) ?? false;
}

/** `ctx.body = rows` */
function isAnswer(target: Value, fn: number, { functions }: Summary): boolean {
  if (target.kind !== "member" || !/^(body|status)$/.test(target.property)) return false;
  const { object } = target;
  const on = object.kind === "member" && object.property === "response" ? object.object : object;
  return on.kind === "param" && on.fn === fn && /^(ctx|context)$/.test(functions[fn]?.params[on.index]?.name ?? "");
}

function answers({ callee, args }: Call, fn: number, summary: Summary): boolean {
  const handed = (value: Value): string | null => {
    if (value.kind !== "param" || value.fn !== fn) return null;
    return summary.functions[fn]?.params[value.index]?.name ?? null;
  };
  if (callee.kind === "member") {
    const name = handed(rootOf(callee.object, summary));
    return name !== null && responses.test(name) && replying.has(callee.property);
  }
  // `next()` and `sendResponse(res, ...)`: somebody else answers.
  return /^next$/.test(handed(callee) ?? "") || args.some((arg) => responses.test(handed(arg) ?? ""));
}

/** `res` of `res.status(200).json`. */
function rootOf(value: Value, summary: Summary): Value {
  let at = value;
  for (let guard = 0; guard < 20; guard++) {
    if (at.kind === "member") at = at.object;
    else if (at.kind === "call") {
      const callee = summary.calls[at.call]?.callee;
      if (callee === undefined) return at;
      at = callee;
    } else return at;
  }
  return at;
}
