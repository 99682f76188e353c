/** Arguments as they are written: objects, lists and texts behind names, parameters and constants. */
import { indexIn } from "../ids.ts";
import { beside, frameOf, type Expr } from "../flow/expression.ts";
import { argumentNamed } from "../link/keywords.ts";
import type { Model } from "../model.ts";
import { isPython } from "../repo/source-file.ts";
import type { Value } from "../summary.ts";
import { amendmentsOf, type Amendments } from "./amended.ts";

/** Names behind names that are looked through. */
const MAX_STEPS = 8;

/** What stands behind a name or a parameter; the expression itself where there are several meanings or none is known. */
export function behind(model: Model, expr: Expr): Expr {
  return stepsBehind(model, expr).at(-1) ?? expr;
}

/** The expression, and one after the other what stands behind it. */
export function stepsBehind(model: Model, expr: Expr): Expr[] {
  const steps = [expr];
  for (
    let here: Expr | null = behindOnce(model, expr);
    here !== null && steps.length < MAX_STEPS;
    here = behindOnce(model, here)
  ) {
    steps.push(here);
  }
  return steps;
}

function behindOnce(model: Model, expr: Expr): Expr | null {
  const { value, file } = expr;
  const summary = model.summary(file);
  if (summary === null) return null;
  if (value.kind === "name") {
    const bound = summary.functions[value.fn]?.bindings[value.name] ?? [];
    const [only] = bound;
    if (only !== undefined && bound.length === 1) return beside(expr, only);
    // A parameter with a default: what the caller gives comes first.
    return only?.kind === "param" && frameOf(expr.frame, `${file}#${only.fn}`) !== null ? beside(expr, only) : null;
  }
  if (value.kind === "param") return argument(model, expr, value);
  if (value.kind === "member") {
    const object = behind(model, beside(expr, value.object));
    if (object.value.kind !== "object") return null;
    const entry = object.value.entries.findLast(({ key }) => key === value.property);
    return entry === undefined ? null : beside(object, entry.value);
  }
  return null;
}

function argument(model: Model, expr: Expr, { fn, index }: Extract<Value, { kind: "param" }>): Expr | null {
  const entered = frameOf(expr.frame, `${expr.file}#${fn}`);
  if (entered === null) return null;
  const { call, outer } = entered;
  const args = model.summary(call.file)?.calls[indexIn(call.id)]?.args ?? [];
  const name = model.summary(expr.file)?.functions[fn]?.params[index]?.name ?? null;
  const value = isPython(call.file) ? argumentNamed(args, index, name) : args[index];
  return value === undefined ? null : { file: call.file, value, frame: outer };
}

/** The values of which it is one: `all ? {} : { userId }`, a name that is given one after the other; null where there is one. */
export function armsOf(model: Model, expr: Expr): Expr[] | null {
  const found = behind(model, expr);
  const { file, value } = found;
  if (value.kind === "either") return value.of.map((each) => beside(found, each));
  if (value.kind !== "name") return null;
  const bound = model.summary(file)?.functions[value.fn]?.bindings[value.name] ?? [];
  const isParam = bound.some(({ kind }) => kind === "param");
  return bound.length < 2 || isParam ? null : bound.map((each) => beside(found, each));
}

/** The entries of an object, with what its spreads bring; `open` when it may have others. */
export interface Entries extends Amendments {
  entries: ReadonlyMap<string, Expr>;
  open: boolean;
}

/** Null when the value is not known to be an object. */
export function entriesOf(model: Model, expr: Expr, depth = 0): Entries | null {
  const steps = stepsBehind(model, expr);
  const found = steps.at(-1) ?? expr;
  const { value } = found;
  if (value.kind !== "object" || depth > 3) return null;
  const entries = new Map<string, Expr>();
  const own = amendmentsOf(model, steps);
  const later = [...own.later];
  let unread = own.unread;
  for (const spread of value.spreads) {
    const inner = entriesOf(model, beside(found, spread), depth + 1);
    if (inner === null) unread = true;
    else {
      unread ||= inner.unread;
      later.push(...inner.later);
      for (const [key, entry] of inner.entries) entries.set(key, entry);
    }
  }
  for (const { key, value: entry } of value.entries) entries.set(key, beside(found, entry));
  unread ||= entries.has("*");
  return { entries, later, unread, open: unread || later.length > 0 };
}

/** The items of a list; null when they are not all written out. */
export function itemsOf(model: Model, expr: Expr): Expr[] | null {
  const found = behind(model, expr);
  if (found.value.kind !== "array") return null;
  const { items } = found.value;
  const isSpread = items.some((item) => item.kind === "operation" && item.operator === "...");
  return isSpread ? null : items.map((item) => beside(found, item));
}

/** A text, number or boolean that is written out; undefined when it is none. */
export function literalOf(model: Model, expr: Expr): string | number | boolean | null | undefined {
  const { value } = behind(model, expr);
  if (value.kind === "literal") return value.value;
  if (value.kind === "template" && value.parts.every((part) => typeof part === "string")) return value.parts.join("");
  return undefined;
}

export function textOf(model: Model, expr: Expr | undefined): string | null {
  const found = expr === undefined ? undefined : literalOf(model, expr);
  return typeof found === "string" ? found : null;
}

/** The name by which code calls something: `User` of `User`, `models.User`, `require("./user")`, `User.name`. */
export function nameOf(model: Model, { file, value }: Expr): string | null {
  switch (value.kind) {
    case "name":
      return value.name;
    case "member":
      return value.property === "name" || value.property === "default"
        ? nameOf(model, { file, value: value.object, frame: null })
        : value.property;
    case "imported":
      return value.name === "default" || value.name === "*" ? localName(model, file, value) : value.name;
    case "class":
      return model.summary(file)?.classes[value.class]?.name ?? null;
    case "literal":
      return typeof value.value === "string" ? value.value : null;
    default:
      return null;
  }
}

/** What the file calls a whole module; else the last part of its path. */
function localName(
  model: Model,
  file: string,
  { specifier, name }: Extract<Value, { kind: "imported" }>,
): string | null {
  const imports = model.summary(file)?.imports.filter((each) => each.specifier === specifier) ?? [];
  const local = imports.flatMap((each) => each.names).find((each) => each.imported === name)?.local;
  const last = specifier
    .split("/")
    .at(-1)
    ?.replace(/\.(js|ts|mjs|cjs|model|entity|schema)+$/g, "");
  return local ?? last ?? null;
}
