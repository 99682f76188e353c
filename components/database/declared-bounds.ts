/** What the class that describes a request says of a number in it: `@Max(100) limit` of a DTO. */
import { textOf } from "../../analyzers/code/text.ts";
import type { Step } from "../../analyzers/flow/walk.ts";
import type { Model } from "../../analyzers/model.ts";
import type { ClassFact, Summary } from "../../analyzers/summary.ts";

/** `open`: it is checked, and any size passes; null where no such class was seen. */
export type Declared = "bounded" | "open" | null;

/** The number that is read from a parameter whose type is a class of the app. */
export function declaredBound(model: Model, { file, value, path }: Step): Declared {
  const key = path[0];
  if (value.kind !== "param" || key === undefined) return null;
  const type = model.summary(file)?.functions[value.fn]?.params[value.index]?.type ?? null;
  if (type === null) return null;
  const said = [...new Set((classesOf(model).get(type) ?? []).map((each) => fieldIn(model, each, key)))];
  return said.length === 1 ? (said[0] ?? null) : null;
}

/** The key of `@Query("limit", ParseIntPipe) limit: number`: no class describes it, and these pipes let any size pass. */
export function takenAsItIs(model: Model, { file, value, path }: Step): string | null {
  const summary = model.summary(file);
  if (value.kind !== "param" || path.length > 0 || summary === null) return null;
  const keys = (summary.functions[value.fn]?.params[value.index]?.decorators ?? []).flatMap((id) => {
    const { callee, args: [name, ...pipes] = [] } = summary.calls[id] ?? {};
    const isQuery = callee?.kind === "imported" && callee.name === "Query" && name?.kind === "literal";
    const isHarmless = pipes.every((pipe) => {
      const made = pipe.kind === "call" ? summary.calls[pipe.call]?.callee : pipe;
      return made?.kind === "imported" && harmless.test(made.name);
    });
    return isQuery && isHarmless ? [String(name.value)] : [];
  });
  return keys[0] ?? null;
}

const harmless = /^(ParseInt|ParseFloat|DefaultValue)Pipe$/;

interface Declaring {
  file: string;
  summary: Summary;
  fact: ClassFact;
}

const known = new WeakMap<Model, ReadonlyMap<string, readonly Declaring[]>>();

/** Classes with decorated fields, and those that extend another, by name. */
function classesOf(model: Model): ReadonlyMap<string, readonly Declaring[]> {
  const found = known.get(model) ?? indexed(model);
  known.set(model, found);
  return found;
}

function indexed(model: Model): Map<string, Declaring[]> {
  const byName = new Map<string, Declaring[]>();
  for (const file of model.repo.files) {
    const summary = model.summary(file);
    for (const fact of summary?.classes ?? []) {
      if (summary === null || fact.name === null || (fact.fieldDecorators === undefined && fact.extends === null))
        continue;
      byName.set(fact.name, [...(byName.get(fact.name) ?? []), { file, summary, fact }]);
    }
  }
  return byName;
}

/** Checks of class-validator that leave only so many values. */
const bounding = /^(Max|IsIn|IsEnum|Equals|Validate|ValidateBy)$/;
/** `@Transform(({ value }) => Math.min(Number(value), 100))`: code that keeps it below something. */
const capping = /\bmin\(|clamp|[^=]>=?\s*\w|<=?\s*\w/i;

function fieldIn(model: Model, { file, summary, fact }: Declaring, key: string, depth = 0): Declared {
  const calls = fact.fieldDecorators?.[key];
  if (calls === undefined) return parentSays(model, fact.extends, key, depth);
  const isCapped = calls.some((id) => {
    const call = summary.calls[id];
    const name = call?.callee.kind === "imported" || call?.callee.kind === "name" ? call.callee.name : "";
    return (
      bounding.test(name) ||
      (name === "Transform" && call !== undefined && capping.test(textOf(model, { file, ...call })))
    );
  });
  return isCapped ? "bounded" : "open";
}

function parentSays(model: Model, parent: ClassFact["extends"], key: string, depth: number): Declared {
  if (depth > 3 || (parent?.kind !== "imported" && parent?.kind !== "name")) return null;
  const said = (classesOf(model).get(parent.name) ?? []).map((each) => fieldIn(model, each, key, depth + 1));
  return said.length === 1 ? (said[0] ?? null) : null;
}
