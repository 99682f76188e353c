/** Work that a process does once, for whichever request comes first: `if (!ready) ready = prepare(); await ready`. */
import { isDoneOnce } from "./conditions.ts";
import type { CallSite, Model, Reach } from "../model.ts";

const known = new WeakMap<Model, Map<string, boolean>>();

/** Whether a call on the way, or the last one, is made once per process. */
export function isPassedOnce({ calls }: Pick<Reach, "calls">, model: Model): boolean {
  return calls.some((call) => isOncePerProcess(call, model));
}

/** Whether the outcome is kept in a variable of the module and the call is not made again. */
export function isOncePerProcess(call: CallSite, model: Model): boolean {
  const answers = known.get(model) ?? new Map<string, boolean>();
  known.set(model, answers);
  const answer = answers.get(call.id) ?? isKept(call, model);
  answers.set(call.id, answer);
  return answer;
}

function isKept(call: CallSite, model: Model): boolean {
  // `worker ??= new Worker(name, work)`: what is handed in is done for every job.
  if (call.isNew || call.args.some(({ kind }) => kind === "fn")) return false;
  const text = model.repo.read(call.file) ?? "";
  const lead = text.slice(call.statement.start, call.span.start);
  const [, name, sign] = /^\s*([\w$]+)\s*(\?\?=|=)\s*(?:await\s+)?$/.exec(lead) ?? [];
  const ofModule = model.summary(call.file)?.functions[0]?.bindings ?? {};
  if (name === undefined || !Object.hasOwn(ofModule, name)) return false;
  return sign === "??=" || isDoneOnce(text, call);
}
