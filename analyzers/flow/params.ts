/** Parameters: the arguments of the calls that run the function, or what the function is handed as a callback. */
import { fileIn, indexIn } from "../ids.ts";
import { argumentNamed } from "../link/keywords.ts";
import { isPython } from "../repo/source-file.ts";
import type { Param, Summary, Value } from "../summary.ts";
import { depthOf, frameOf } from "./expression.ts";
import { fileIndex } from "./file-index.ts";
import { handingOf } from "./passing.ts";
import { isRequest, sentAs } from "./request.ts";
import { follow, isNew, note, type Step, type Walk } from "./walk.ts";

/** Methods that call their function with each item. */
const ITERATION = new Set("map forEach filter find findIndex findLast some every flatMap each sort".split(" "));
/** Functions that are called with each item of their first argument: `Promise.map(list, fn)`, `async.each(list, fn)`. */
const EACH = /^(each|eachSeries|eachLimit|map|mapSeries|mapLimit|forEach|mapValues|pMap)$/;

export function visitParam(walk: Walk, step: Step, summary: Summary, value: Extract<Value, { kind: "param" }>): void {
  const { model } = walk;
  const id = `${step.file}#${value.fn}`;
  if (!isNew(walk, step, `${value.fn}/${value.index}`)) return;
  const param = summary.functions[value.fn]?.params[value.index];
  if (param === undefined) return note(walk, step, { kind: "unknown" });
  if (isRequest(model, id, param, summary)) {
    const path = [...sentAs(param, summary), ...step.path];
    return note(walk, { ...step, path }, { kind: "request" });
  }
  const entered = frameOf(step.frame, id);
  if (entered !== null) {
    const { call, outer } = entered;
    return visitArgument(walk, step, call.id, { ...param, index: value.index }, outer);
  }
  if (visitHanded(walk, step, summary, value)) return;
  const callers = model.callers(id);
  for (const call of callers) visitArgument(walk, step, call.id, { ...param, index: value.index }, null);
  if (callers.length === 0) note(walk, step, { kind: "unknown" });
}

function visitArgument(
  walk: Walk,
  step: Step,
  call: string,
  { index, name, rest }: Param & { index: number },
  frame: Step["frame"],
): void {
  const file = fileIn(call);
  const args = walk.model.summary(file)?.calls[indexIn(call)]?.args ?? [];
  const here = { ...step, file, frame };
  if (rest) return follow(walk, here, { kind: "array", items: args.slice(index) });
  const arg = isPython(file) ? argumentNamed(args, index, name) : args[index];
  // A parameter that this caller leaves out has its default, which is among its bindings.
  if (arg !== undefined) follow(walk, here, arg);
}

/** A function literal's parameter as the call it is handed to fills it; false where that is not known. */
function visitHanded(walk: Walk, step: Step, summary: Summary, { fn, index }: { fn: number; index: number }): boolean {
  const handed = fileIndex(summary).handed.get(fn);
  const call = handed === undefined ? undefined : summary.calls[handed.call];
  if (handed === undefined || call === undefined) return false;
  const { callee, args } = call;
  const method = callee.kind === "member" ? callee.property : callee.kind === "imported" ? callee.name : "";
  const [list] = args;
  if (handed.index === 1 && EACH.test(method) && list !== undefined && index === 0) {
    follow(walk, step, list, { path: ["*", ...step.path] });
    return true;
  }
  if (callee.kind !== "member") return handedByOwn(walk, step, handed, index);
  if (ITERATION.has(method) && handed.index === 0) {
    if (index === 0 || (index === 1 && method === "sort")) {
      follow(walk, step, callee.object, { path: ["*", ...step.path] });
    } else note(walk, step, { kind: "unknown" });
    return true;
  }
  if (handingOf(method) === "folded") {
    if (index === 1) follow(walk, step, callee.object, { path: ["*", ...step.path] });
    else for (const initial of args.slice(1)) follow(walk, step, initial);
    return true;
  }
  if (method === "then" && index === 0) {
    follow(walk, step, callee.object);
    return true;
  }
  return handedByOwn(walk, step, handed, index);
}

/** `db.query(sql, (error, rows) => ...)`: the outcome comes through the callback. What the app's own function hands in is not followed. */
function handedByOwn(walk: Walk, step: Step, handed: { call: number; index: number }, index: number): boolean {
  const site = walk.model.call(`${step.file}#${handed.call}`);
  if (site === null || walk.model.targets(site).length > 0 || depthOf(step.frame) > 6) return false;
  if (index === 0) return false;
  note(walk, step, { kind: "call", call: site, frame: step.frame });
  return true;
}
