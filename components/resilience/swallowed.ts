/** Failures that are thrown away although something was lost with them: a write, a payment, a message. */
import type { Model, Place } from "../../analyzers/model.ts";
import type { Call, TryFact } from "../../analyzers/summary.ts";
import type { Match } from "../finding.ts";
import { callsWithin, firstLost, isExplained, lossIn, mayFail, swallowRule, type Here, type Lost } from "./catches.ts";
import { effectsOf } from "./effects.ts";
import { loggedOnly } from "./logged.ts";
import { evidenceOf } from "../evidence.ts";
import { waysTo } from "./reached.ts";
import { isToldInside } from "./told-inside.ts";

export function swallowedErrors(model: Model): Match[] {
  const effects = effectsOf(model);
  return model.repo.files.flatMap((file) => {
    const summary = model.summary(file);
    if (summary === null || !["server", "worker"].includes(model.context(file))) return [];
    const here = { file, summary, text: model.repo.read(file) ?? "", model, effects };
    return [
      ...summary.tries.flatMap((each) => ofTry(each, here)),
      ...summary.calls.flatMap((call) => ofChain(call, here)),
    ];
  });
}

function ofTry(caught: TryFact, here: Here): Match[] {
  const { block, handler, empty } = caught;
  const { text, file } = here;
  if (handler === null || isExplained(handler, block.start, text)) return [];
  const unsaid = loggedOnly(caught, handler, here);
  if (unsaid.length > 0 || !empty) return unsaid;
  const lost = firstLost(callsWithin(block, here), here);
  if (lost === null || mayFail(text.slice(block.start, block.end)) || isToldInside(lost, here)) return [];
  return [lostMatch({ file, line: handler.line }, lost, here)];
}

/** `save().catch(() => {})`, where nobody looks at what comes of it: a value in place of the outcome is an answer. */
function ofChain({ callee, args: [handler], span, statement }: Call, here: Here): Match[] {
  const { file, summary, text } = here;
  if (callee.kind !== "member" || callee.property !== "catch" || handler?.kind !== "fn") return [];
  const body = summary.functions[handler.fn]?.span;
  const written = body === undefined ? "" : text.slice(body.start, body.end).trim();
  if (body === undefined || !/(\{\s*\}|=>\s*(null|undefined|void 0|false))$/.test(written)) return [];
  const before = text.slice(statement.start, span.start);
  const isDropped = /^\s*(await\s+|void\s+)?$/.test(before) || (written.endsWith("}") && /=>\s*$/.test(before));
  if (!isDropped || isExplained({ ...body, end: span.end }, span.start, text)) return [];
  const lost = firstLost(callsWithin({ ...span, end: body.start }, here), here);
  if (lost === null || mayFail(text.slice(span.start, body.start)) || isToldInside(lost, here)) return [];
  return [lostMatch({ file, line: body.line }, lost, here)];
}

function lostMatch(place: Place, { call, use }: Lost, { model }: Here): Match {
  const ways = waysTo(call, model);
  const runs = model.reach(call).length > 0;
  return {
    rule: swallowRule,
    ...place,
    confidence: ways.length > 0 ? "high" : runs ? "medium" : "low",
    message: `When ${lossIn(use)} fails here, the error is thrown away: nothing is logged, nobody is told, and it looks as if it had worked.`,
    also: [{ file: use.call.file, line: use.call.line }],
    ...evidenceOf(ways),
    call: null,
    anchor: `${use.api} swallowed in ${model.fn(call.fn)?.name ?? "a function"}`,
    fix: "brief",
  };
}
