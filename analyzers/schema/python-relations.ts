/** Relations that Python's models declare: fields behind which a row, or rows, of another table are read when they are first looked at. */
import type { Model } from "../model.ts";
import { isPython } from "../repo/source-file.ts";
import type { Call, Summary, Value } from "../summary.ts";

export interface Relation {
  /** The attribute: `customer`, `items`, `payment_set`. */
  name: string;
  /** `one`: a row, read by looking at the attribute; `many`: rows, read through a manager or a list. */
  kind: "one" | "many";
  mapper: "django" | "sqlalchemy";
  /** True when the model itself says that it is read along (`lazy="joined"`). */
  isEager: boolean;
}

const known = new WeakMap<Model, ReadonlyMap<string, readonly Relation[]>>();

/** Class of a model -> its relations. */
export function pythonRelations(model: Model): ReadonlyMap<string, readonly Relation[]> {
  const found = known.get(model) ?? read(model);
  known.set(model, found);
  return found;
}

function read(model: Model): Map<string, Relation[]> {
  const found = new Map<string, Relation[]>();
  const add = (name: string, relation: Relation): void => {
    found.set(name, [...(found.get(name) ?? []), relation]);
  };
  for (const file of model.repo.files) {
    const summary = isPython(file) ? model.summary(file) : null;
    if (summary === null || /(^|\/)(migrations|alembic)\//.test(file)) continue;
    for (const { name, fields } of summary.classes) {
      if (name === null) continue;
      for (const [field, values] of Object.entries(fields)) {
        const call = callIn(values, summary);
        if (call !== null) readField(name, field, call, add);
      }
    }
  }
  return found;
}

function callIn(values: readonly Value[], summary: Summary): Call | null {
  const [value] = values;
  return value?.kind === "call" ? (summary.calls[value.call] ?? null) : null;
}

function readField(holder: string, field: string, call: Call, add: (name: string, relation: Relation) => void): void {
  const made = lastName(call.callee);
  const django = { mapper: "django", isEager: false } as const;
  if (made === "ForeignKey" || made === "OneToOneField" || made === "ManyToManyField") {
    add(holder, { name: field, kind: made === "ManyToManyField" ? "many" : "one", ...django });
    const target = classIn(call.args[0], holder);
    const back = keyword(call, "related_name") ?? `${holder.toLowerCase()}_set`;
    if (target !== null && made !== "OneToOneField") add(target, { name: back, kind: "many", ...django });
  } else if (made === "relationship" || made === "Relationship") {
    const isEager = /^(joined|selectin|subquery|immediate|raise|dynamic|write_only)/.test(keyword(call, "lazy") ?? "");
    add(holder, { name: field, kind: "one", mapper: "sqlalchemy", isEager });
  }
}

function lastName(callee: Value): string {
  if (callee.kind === "member") return callee.property;
  return callee.kind === "imported" || callee.kind === "name" ? callee.name : "";
}

/** `Customer`, `"Customer"`, `"shop.Customer"`, `"self"`. */
function classIn(value: Value | undefined, holder: string): string | null {
  if (value?.kind === "literal" && typeof value.value === "string")
    return value.value === "self" ? holder : (value.value.split(".").at(-1) ?? null);
  return value === undefined ? null : lastName(value) || null;
}

function keyword({ args }: Call, name: string): string | null {
  const options = args.at(-1);
  const entry = options?.kind === "object" ? options.entries.find(({ key }) => key === name) : undefined;
  return entry?.value.kind === "literal" && typeof entry.value.value === "string" ? entry.value.value : null;
}
