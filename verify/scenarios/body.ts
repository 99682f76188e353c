/** Guesses a body that a handler will take, from the names it reads off `req.body`. */
import type { Model, Route } from "../../analyzers/model.ts";
import type { FnId, Summary, Value } from "../../analyzers/summary.ts";

/** Names that the route's own handlers read from the request's body, in order of appearance; empty when none are seen. */
export function bodyFields(model: Model, route: Route): string[] {
  const fields = new Set<string>();
  for (const { fn } of route.handlers) {
    const place = fn === null ? null : functionPlace(model, fn);
    if (!place) continue;
    for (const value of valuesIn(place.summary, place.id)) collect(place.summary, value, fields);
  }
  return [...fields];
}

/** A body with a plausible value for each name; `{{unique}}` and `extra` keep accounts of different users apart. */
export function plausibleBody(fields: readonly string[], extra = ""): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field, plausible(field, extra)]));
}

const byName: readonly [RegExp, (extra: string) => unknown][] = [
  [/e-?mail/i, (extra) => `{{unique}}${extra}@example.com`],
  [/pass(word|phrase)|^pwd$/i, () => "Str0ng-Enough-Pass!"],
  [/^(accept|agree|is|has)[A-Z_]|terms|consent/, () => true],
  [/phone|mobile/i, () => "+4915112345678"],
  [/url|website|link$/i, () => "https://example.com/"],
  [/date|_at$|At$|day$/, () => "2030-01-15"],
  [/items$|lines$|products$/i, () => [{ id: 1, quantity: 1 }]],
  [/quantity|qty|count|amount|price|total|seats?$|age$|id$/i, () => 1],
  [/user(name)?$|login|handle|slug|nick/i, (extra) => `{{unique}}${extra}`],
];

function plausible(field: string, extra: string): unknown {
  return byName.find(([pattern]) => pattern.test(field))?.[1](extra) ?? `test ${field}`;
}

function functionPlace(model: Model, fn: string): { summary: Summary; id: FnId } | null {
  const hash = fn.lastIndexOf("#");
  const summary = model.summary(fn.slice(0, hash));
  return summary ? { summary, id: Number(fn.slice(hash + 1)) } : null;
}

/** Everything the function, and those written inside it, names: values of its variables, arguments of its calls. */
function valuesIn({ functions, calls }: Summary, id: FnId): Value[] {
  const inside = new Set([id]);
  functions.forEach(({ parent }, index) => {
    if (parent !== null && inside.has(parent)) inside.add(index);
  });
  const variables = functions
    .filter((_, index) => inside.has(index))
    .flatMap(({ bindings }) => Object.values(bindings).flat());
  return [...variables, ...calls.filter(({ fn }) => inside.has(fn)).flatMap(({ args }) => args)];
}

function collect(summary: Summary, value: Value, fields: Set<string>): void {
  if (value.kind === "member") {
    if (isBody(value.object)) fields.add(value.property);
    else collect(summary, value.object, fields);
  } else if (value.kind === "object") {
    for (const entry of value.entries) collect(summary, entry.value, fields);
  } else if (value.kind === "array") {
    for (const item of value.items) collect(summary, item, fields);
  } else if (value.kind === "either") {
    for (const one of value.of) collect(summary, one, fields);
  } else if (value.kind === "call") {
    for (const field of schemaFields(summary, value.call)) fields.add(field);
  }
}

/** `schema.parse(req.body)` where the schema is an object literal in the same file: its keys. */
function schemaFields({ calls, functions }: Summary, id: number): string[] {
  const call = calls[id];
  if (!call || call.callee.kind !== "member" || !call.args.some(isBody)) return [];
  const schema = call.callee.object;
  if (schema.kind !== "name") return [];
  const values = functions[schema.fn]?.bindings[schema.name] ?? [];
  return values.flatMap((value) => {
    const made = value.kind === "call" ? calls[value.call] : undefined;
    const [shape] = made?.args ?? [];
    return shape?.kind === "object" ? shape.entries.map(({ key }) => key) : [];
  });
}

function isBody(value: Value): boolean {
  return value.kind === "member" && value.property === "body" && value.object.kind === "param";
}
