/** Guesses a body that a handler will take, from the names it reads off `req.body`. */
import { fileIn, indexIn } from "../../analyzers/ids.ts";
import type { Model, Route } from "../../analyzers/model.ts";
import type { FnId, Summary, Value } from "../../analyzers/summary.ts";
import { schemaFields, type Field } from "./schema.ts";

/** What the route's own handlers read from the request's body, in order of appearance; empty when nothing is seen. */
export function bodyFields(model: Model, route: Route): Field[] {
  const fields = new Map<string, Field>();
  for (const { fn } of route.handlers) {
    const place = fn === null ? null : functionPlace(model, fn);
    if (!place) continue;
    for (const field of fieldsIn(model, place)) if (!fields.has(field.name)) fields.set(field.name, field);
  }
  return [...fields.values()];
}

/** A body with a plausible value for each field; `{{unique}}` and `extra` keep accounts of different users apart. */
export function plausibleBody(fields: readonly Field[], extra = ""): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.name, plausible(field, extra)]));
}

const byName: readonly [RegExp, (extra: string) => unknown][] = [
  [/e-?mail/i, (extra) => `{{unique}}${extra}@example.com`],
  [/pass(word|phrase)|^pwd$/i, () => "Str0ng-Enough-Pass!"],
  [/^(accept|agree|is|has)[A-Z_]|terms|consent/, () => true],
  [/phone|mobile/i, () => "+4915112345678"],
  [/url|website|link$/i, () => "https://example.com/"],
  [/(^|_)(date|day|at)$|(Date|Day|At)$/, () => "2030-01-15"],
  [/items$|lines$|products$/i, () => [{ id: 1, quantity: 1 }]],
  [
    /(^|_)(quantity|qty|count|amount|price|total|seats|tickets|age|id)$|(Quantity|Qty|Count|Amount|Price|Total|Seats|Cents|Age|Id)$/,
    () => 1,
  ],
  [/user(name)?$|login|handle|slug|nick/i, (extra) => `{{unique}}${extra}`],
];

const byType = { number: 1, boolean: true, array: [] };

function plausible({ name, type }: Field, extra: string): unknown {
  if (type === "number" || type === "boolean" || type === "array") return byType[type];
  const named = byName.find(([pattern]) => pattern.test(name))?.[1](extra);
  if (type === "string" && typeof named === "number") return String(named);
  return named ?? `test ${name}`;
}

interface FunctionPlace {
  file: string;
  summary: Summary;
  id: FnId;
}

function functionPlace(model: Model, fn: string): FunctionPlace | null {
  const file = fileIn(fn);
  const summary = model.summary(file);
  return summary ? { file, summary, id: indexIn(fn) } : null;
}

/** Properties of the body that the function, or those written inside it, name; and schemas that they parse it with. */
function fieldsIn(model: Model, { file, summary, id }: FunctionPlace): Field[] {
  const { functions, calls } = summary;
  const inside = new Set([id]);
  functions.forEach(({ parent }, index) => {
    if (parent !== null && inside.has(parent)) inside.add(index);
  });
  const variables = functions
    .filter((_, index) => inside.has(index))
    .flatMap(({ bindings }) => Object.values(bindings).flat());
  const own = calls.map((call, index) => ({ call, index })).filter(({ call }) => inside.has(call.fn));
  const named = [...variables, ...own.flatMap(({ call }) => call.args)].flatMap(propertiesOfBody);
  const parsed = own
    .filter(({ call }) => call.args.some(isBody))
    .flatMap(({ index }) => schemaFields(model, file, summary, index));
  return [...parsed, ...named.map((name): Field => ({ name, type: "unknown" }))];
}

function propertiesOfBody(value: Value): string[] {
  if (value.kind === "member") return isBody(value.object) ? [value.property] : propertiesOfBody(value.object);
  if (value.kind === "object") return value.entries.flatMap((entry) => propertiesOfBody(entry.value));
  if (value.kind === "array") return value.items.flatMap(propertiesOfBody);
  return value.kind === "either" ? value.of.flatMap(propertiesOfBody) : [];
}

function isBody(value: Value): boolean {
  return value.kind === "member" && value.property === "body" && value.object.kind === "param";
}
