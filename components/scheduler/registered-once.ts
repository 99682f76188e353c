/** Whether a schedule is taken on once per process: one that is made per row, or anew for each call, needs a name per turn. */
import type { CallSite, Model } from "../../analyzers/model.ts";
import type { Schedule } from "./schedules.ts";

/** Deeper than any app starts its jobs; ends the climb where functions call each other. */
const deepest = 8;

/** Methods by which the app can set off a job beside its ticks. */
const byHand = /\.(execute|invoke|trigger|fireOnTick|now)$/;

/** What keeps one name from meaning one job; null when nothing does. */
export function oftenRegistered({ call, use, fns }: Schedule, model: Model): string | null {
  if (use.package !== "@nestjs/schedule" && !isCalledOnce(call, model, 0))
    return "the same code takes on several schedules, or the same one several times";
  if (model.usesOn(call).some(({ api }) => byHand.test(api))) return "the app also sets it off by hand";
  if (call.args.some(runsAtOnce)) return "it also runs at every start of a copy";
  return fns.length === 0 ? "what it runs could not be followed" : null;
}

function isCalledOnce(site: CallSite, model: Model, depth: number): boolean {
  if (site.inLoop || depth > deepest) return false;
  const fn = model.fn(site.fn);
  if (fn === null) return false;
  if (fn.isModule) return true;
  const callers = model.callers(fn.id).filter(({ file }) => ["server", "worker"].includes(model.context(file)));
  const [caller] = callers;
  return caller === undefined ? isStart(site, model) : callers.length === 1 && isCalledOnce(caller, model, depth + 1);
}

/** Nobody calls it, and only the start of the process leads to it. */
function isStart(site: CallSite, model: Model): boolean {
  const ways = model.reach(site);
  return ways.length > 0 && ways.every(({ entry }) => entry.kind === "process");
}

function runsAtOnce(arg: CallSite["args"][number]): boolean {
  if (arg.kind !== "object") return false;
  return ["runOnInit", "runOnStart"].some((name) => {
    const value = arg.entries[name];
    return value !== undefined && !(value.kind === "literal" && value.value === false);
  });
}
