/** Whether a module's variable holds its client in every case, or only under a condition. */
import type { Instance } from "../../analyzers/state/instances.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Summary, Value } from "../../analyzers/summary.ts";
import { openSource } from "../../patches/editors/source.ts";
import { isUnderCondition } from "../../patches/editors/under-condition.ts";

/**
 * `certain`: the client. `or-nothing`: it, or null or undefined. `or-other`: it, or something that may lack its methods,
 * which only JavaScript lets one ask. `uncertain`: the same where types forbid the question.
 */
export type Presence = "certain" | "or-nothing" | "or-other" | "uncertain";

export function presenceOf(model: Model, { file, local, construction }: Instance): Presence {
  const source = openSource(model.repo, file);
  const summary = model.summary(file);
  if (source === null || summary === null) return "uncertain";
  const values = (local === null ? undefined : summary.functions[0]?.bindings[local]) ?? [];
  const others = values.flatMap(alternatives).filter((value) => !holds(value, summary, construction.span));
  if (others.some(({ kind }) => kind === "object" || kind === "fn" || kind === "class"))
    return summary.language === "typescript" ? "uncertain" : "or-other";
  const nothing = others.some((value) => value.kind === "literal");
  return nothing || isUnderCondition(source, construction.span) ? "or-nothing" : "certain";
}

function alternatives(value: Value): Value[] {
  return value.kind === "either" ? value.of.flatMap(alternatives) : [value];
}

/** The construction itself, or a chain of calls that stands around it. */
function holds(value: Value, summary: Summary, span: { start: number; end: number }): boolean {
  const call = value.kind === "call" ? summary.calls[value.call] : undefined;
  return call !== undefined && call.span.start <= span.start && span.end <= call.span.end;
}
