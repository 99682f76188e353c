/** The schemas that apps check `process.env` with (zod, Joi, envalid): names and defaults that no plain read shows. */
import type { Summary, Value } from "../summary.ts";
import { binding, MAX_DEPTH, type Sources } from "./located-value.ts";

/** `PORT`, `DATABASE_URL`. */
export const ENV_NAME = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

/** `process.env`, also through `import process from "node:process"` and `import { env } from "node:process"`. */
export function isProcessEnv(value: Value): boolean {
  if (value.kind === "imported") return value.name === "env" && /^(node:)?process$/.test(value.specifier);
  if (value.kind !== "member" || value.property !== "env") return false;
  const owner = value.object;
  return (
    (owner.kind === "name" && owner.name === "process") ||
    (owner.kind === "imported" && /^(node:)?process$/.test(owner.specifier))
  );
}

/** Names and defaults in the schemas that `process.env` is checked with in this file. */
export function environmentSchema(
  file: string,
  sources: Sources,
): { name: string; default: string | number | null; line: number }[] {
  const summary = sources.summaries.get(file);
  if (summary === undefined) return [];
  return summary.calls
    .filter((call) => call.args.some((arg) => isProcessEnv(arg)))
    .flatMap((call) => {
      const roots = [call.callee, ...call.args.filter((arg) => !isProcessEnv(arg))];
      const entries = roots.flatMap((root) => schemaEntries(root, file, sources, 0));
      return entries.map(({ key, value }) => ({
        name: key,
        default: schemaDefault(value, summary),
        line: call.span.line,
      }));
    });
}

/** Object entries with environment-like keys anywhere along a chain of calls and members. */
function schemaEntries(value: Value, file: string, sources: Sources, depth: number): { key: string; value: Value }[] {
  const summary = sources.summaries.get(file);
  if (summary === undefined || depth > MAX_DEPTH) return [];
  const deeper = (next: Value) => schemaEntries(next, file, sources, depth + 1);
  if (value.kind === "object") return value.entries.filter((entry) => ENV_NAME.test(entry.key));
  if (value.kind === "member") return deeper(value.object);
  if (value.kind === "name") {
    const bound = binding(summary, value.name, value.fn);
    return bound === null ? [] : deeper(bound);
  }
  const call = value.kind === "call" ? summary.calls[value.call] : undefined;
  return call === undefined ? [] : [call.callee, ...call.args].flatMap(deeper);
}

/** `.default(4000)` in a chain, or `{ default: 4000 }` as an argument. */
function schemaDefault(value: Value, summary: Summary): string | number | null {
  if (value.kind === "member") return schemaDefault(value.object, summary);
  const call = value.kind === "call" ? summary.calls[value.call] : undefined;
  if (call === undefined) return null;
  const first = call.args[0];
  if (call.callee.kind === "member" && call.callee.property === "default") return primitive(first);
  const option = first?.kind === "object" ? first.entries.find((entry) => entry.key === "default")?.value : undefined;
  return primitive(option) ?? schemaDefault(call.callee, summary);
}

function primitive(value: Value | undefined): string | number | null {
  if (value?.kind !== "literal") return null;
  return typeof value.value === "string" || typeof value.value === "number" ? value.value : null;
}
