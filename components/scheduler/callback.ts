/** The place of a schedule's job in the call that takes it on. */
import type { CallSite, Model } from "../../analyzers/model.ts";
import { callAt } from "../../patches/editors/calls.ts";
import type { Range, Source } from "../../patches/editors/source.ts";
import { typescript, walk } from "../../patches/editors/typescript.ts";
import type { Schedule } from "./schedules.ts";

/** Names of the property that holds the job where options are given as one object. */
const properties = ["onTick"];

/** Where the job stands as an expression that can be wrapped; else what is in the way. */
export function callbackOf(source: Source, schedule: Schedule, model: Model): Range | { obstacle: string } {
  const { call } = schedule;
  const place = callAt(source, call.span);
  const index = call.args.findIndex((arg) => arg.kind === "fn");
  const direct = index < 0 ? undefined : place?.args[index];
  const range = direct ?? propertyOf(source, call);
  if (range === null) return { obstacle: "what it runs does not stand in the call that takes it on" };
  const needs = schedule.fns.some((id) => needsThis(id, model));
  return needs && !/\.bind\(|=>/.test(source.text.slice(range.start, range.end))
    ? { obstacle: "its function works on the object that the library gives it as `this`" }
    : range;
}

function propertyOf(source: Source, { span, args }: CallSite): Range | null {
  const ts = typescript();
  if (!args.some((arg) => arg.kind === "object" && properties.some((name) => name in arg.entries))) return null;
  for (const node of walk(source.tree)) {
    if (!ts.isPropertyAssignment(node) || node.pos < span.start || node.end > span.end) continue;
    if (!properties.includes(node.name.getText(source.tree))) continue;
    return { start: node.initializer.getStart(source.tree), end: node.initializer.end };
  }
  return null;
}

/** A function, not an arrow, that speaks of `this`. */
function needsThis(id: string, model: Model): boolean {
  const fn = model.fn(id);
  if (fn === null) return true;
  const text = (model.repo.read(fn.file) ?? "").slice(fn.span.start, fn.span.end);
  const head = text.slice(0, text.indexOf("{") + 1);
  return !/=>\s*\{?$/.test(head) && !/^[^{]*=>/.test(text) && /\bthis\s*[.[]/.test(text);
}
