/** Whether a failure was told where it happened, before it was thrown on to where nobody looks at it. */
import { fileIn, indexIn } from "../../analyzers/ids.ts";
import type { CallSite, Fn, Model } from "../../analyzers/model.ts";
import type { TryFact } from "../../analyzers/summary.ts";
import { callsWithin, type Here, type Lost } from "./catches.ts";
import { isLog } from "./logged.ts";

/** `createNotice(...).catch(() => {})`, where `createNotice` writes the error to the log and throws it again. */
export function isToldInside({ call, use }: Lost, here: Here): boolean {
  const targets = here.model.targets(call);
  return targets.length > 0 && targets.every((target) => tells(target, use.call, here));
}

/** A `try` of the function holds what is lost, and its `catch` writes to a log. */
function tells({ id, file }: Fn, lost: CallSite, here: Here): boolean {
  const summary = here.model.summary(file);
  if (summary === null) return false;
  const there: Here = { ...here, file, summary, text: here.model.repo.read(file) ?? "" };
  return summary.tries.some(
    (each) => each.fn === indexIn(id) && holds(each, lost, there) && logsIn(each, there, here.model),
  );
}

function holds({ block }: TryFact, lost: CallSite, there: Here): boolean {
  if (fileIn(lost.fn) === there.file) return block.start <= lost.span.start && lost.span.end <= block.end;
  return callsWithin(block, there).some((call) => there.effects.of(call)?.call.id === lost.id);
}

function logsIn({ handler }: TryFact, there: Here, model: Model): boolean {
  return handler !== null && callsWithin(handler, there).some((call) => isLog(call, model, there.text));
}
