/** Fills `{{name}}` in a step with the values of one virtual user. */
import type { Step } from "../experiment.ts";

export type Values = Readonly<Record<string, unknown>>;

export interface FilledStep {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

const placeholder = /\{\{\s*([\w.-]+)\s*\}\}/g;

/** The step as it will be sent; names without a value are listed instead of being sent half filled. */
export function fillStep(step: Step, values: Values): FilledStep | { missing: string[] } {
  const missing = placeholders(step).filter((name) => values[name] === undefined);
  if (missing.length > 0) return { missing };
  const headers = Object.entries(step.headers ?? {}).map(([name, text]) => [name.toLowerCase(), fill(text, values)]);
  return {
    method: step.method.toUpperCase(),
    path: step.path.replace(placeholder, (_, name: string) => encodeURIComponent(String(values[name]))),
    headers: Object.fromEntries(headers),
    body: fillDeep(step.body, values),
  };
}

/** Every name the step needs, each once. */
export function placeholders(step: Step): string[] {
  const text = JSON.stringify([step.path, step.headers ?? {}, step.body ?? null]);
  return [...new Set([...text.matchAll(placeholder)].map(([, name = ""]) => name))];
}

function fill(text: string, values: Values): string {
  return text.replace(placeholder, (_, name: string) => String(values[name]));
}

/** A string that is one placeholder alone keeps the type of its value: an id stays a number. */
function fillDeep(body: unknown, values: Values): unknown {
  if (typeof body === "string") {
    const [, alone] = /^\{\{\s*([\w.-]+)\s*\}\}$/.exec(body) ?? [];
    return alone === undefined ? fill(body, values) : values[alone];
  }
  if (Array.isArray(body)) return body.map((item) => fillDeep(item, values));
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, fillDeep(value, values)]));
}
