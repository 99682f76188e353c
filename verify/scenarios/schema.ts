/** Reads the fields of a validation schema (zod and its kin) that a handler parses a body with, also from another file. */
import { posix } from "node:path";
import type { Model } from "../../analyzers/model.ts";
import type { CallId, Summary, Value } from "../../analyzers/summary.ts";

/** A field and the kind of value its schema asks for; `unknown` where only the name is known. */
export interface Field {
  name: string;
  type: "string" | "number" | "boolean" | "array" | "unknown";
}

interface Located {
  file: string;
  summary: Summary;
  value: Value;
}

const deepest = 6;

/** The fields of `schema.parse(body)`, `schema.pick({...}).safeParse(body)` and the like; empty for any other call. */
export function schemaFields(model: Model, file: string, summary: Summary, id: CallId): Field[] {
  const call = summary.calls[id];
  if (call?.callee.kind !== "member" || !/^(parse|safeParse|validate)(Async|Sync)?$/.test(call.callee.property))
    return [];
  return fieldsOf(model, { file, summary, value: call.callee.object }, 0);
}

function fieldsOf(model: Model, located: Located, depth: number): Field[] {
  const { file, summary, value } = located;
  if (depth > deepest) return [];
  if (value.kind === "name") {
    const values = summary.functions[value.fn]?.bindings[value.name] ?? [];
    return values.flatMap((one) => fieldsOf(model, { file, summary, value: one }, depth + 1));
  }
  if (value.kind === "imported") {
    const source = resolve(model, file, value.specifier);
    const exported = source?.summary.exports[value.name];
    return source && exported ? fieldsOf(model, { ...source, value: exported }, depth + 1) : [];
  }
  if (value.kind !== "call") return [];
  const call = summary.calls[value.call];
  if (call?.callee.kind !== "member") return [];
  const [shape] = call.args;
  if (shape?.kind !== "object") return fieldsOf(model, { file, summary, value: call.callee.object }, depth + 1);
  const fields = shape.entries
    .filter(({ value: entry }) => !chainOf(summary, entry).some((word) => optional.has(word)))
    .map(({ key, value: entry }): Field => ({ name: key, type: typeOf(chainOf(summary, entry)) }));
  if (call.callee.property !== "pick") return fields;
  const all = fieldsOf(model, { file, summary, value: call.callee.object }, depth + 1);
  return all.filter(({ name }) => fields.some((picked) => picked.name === name));
}

/** What may be left out is left out: a made-up value is more likely to be refused than none. */
const optional = new Set(["optional", "nullish", "default", "catch", "exactOptional"]);

/** The words of a chain from its end: `z.coerce.number().int()` is `int`, `number`, `coerce`. */
function chainOf(summary: Summary, value: Value): string[] {
  const words: string[] = [];
  let at: Value | undefined = value;
  while (at && words.length < 16) {
    if (at.kind === "call") at = summary.calls[at.call]?.callee;
    else if (at.kind === "member") {
      words.push(at.property);
      at = at.object;
    } else return words;
  }
  return words;
}

function typeOf(chain: readonly string[]): Field["type"] {
  const types = ["string", "number", "boolean", "array"] as const;
  return types.find((type) => chain.includes(type)) ?? "unknown";
}

/** Relative specifiers only, as TypeScript and Node would find them. */
function resolve(model: Model, from: string, specifier: string): Omit<Located, "value"> | null {
  if (!specifier.startsWith(".")) return null;
  const path = posix.join(posix.dirname(from), specifier);
  const bare = path.replace(/\.[cm]?js$/, "");
  const candidates = [
    path,
    ...["ts", "js", "mts", "mjs", "cts", "cjs", "tsx"].flatMap((end) => [`${bare}.${end}`, `${bare}/index.${end}`]),
  ];
  for (const file of candidates) {
    const summary = model.summary(file);
    if (summary) return { file, summary };
  }
  return null;
}
