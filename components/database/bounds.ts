/** Whether a number that a user sends is kept below some bound before it is used. */
import { textOf } from "../../analyzers/code/text.ts";
import { calledName } from "../../analyzers/flow/calls.ts";
import type { Expr } from "../../analyzers/flow/expression.ts";
import { sourcesOfAll } from "../../analyzers/flow/sources.ts";
import { stepFrom, type Source, type Step } from "../../analyzers/flow/walk.ts";
import type { Model, Reach } from "../../analyzers/model.ts";
import { escaped } from "../../analyzers/code/text.ts";
import { declaredBound, takenAsItIs } from "./declared-bounds.ts";
import { schemaFiles } from "./own-schemas.ts";

/** The name by which the request brings the number (`limit`); null when it comes from elsewhere or is bounded on every way. */
export function unboundedKey(model: Model, expr: Expr, ways: readonly Reach[]): string | null {
  const open = new Set<string>();
  const stop = (step: Step): boolean => {
    const declared = declaredBound(model, step);
    if (declared === "bounded" || isBounded(model, step)) return true;
    const key = declared === "open" ? step.path[0] : takenAsItIs(model, step);
    if (key !== undefined && key !== null) open.add(key);
    return false;
  };
  const sources = sourcesOfAll(model, [stepFrom(expr)], { stop });
  const keys = sources.flatMap((source) => (source.kind === "request" ? (keyOf(source) ?? []) : []));
  return keys.find((key) => open.has(key) || !isValidated(model, key, ways)) ?? null;
}

/** `limit` of `req.query.limit`. */
function keyOf({ path }: Source): string | null {
  const last = path.filter((part) => part !== "0").at(-1);
  const isSent = path.some((part) => /^(query|body|params|searchParams|args|input)$/.test(part)) || path.length === 1;
  return last === undefined || !isSent || !/^[A-Za-z_]\w*$/.test(last) ? null : last;
}

const bounding = /(^|\.)(min|clamp|cap|clampLimit|boundLimit|sanitizeLimit|limitTo)$/i;

/** A value behind which the number is kept below something: `Math.min`, a later plain number, a comparison by its name. */
function isBounded(model: Model, step: Step): boolean {
  const { file, value } = step;
  if (value.kind === "call") {
    const call = model.summary(file)?.calls[value.call];
    return call !== undefined && bounding.test(calledName(call.callee));
  }
  if (value.kind === "name")
    return isCapped(model, file, value) || isCompared(model, file, [value.name, ...step.path], value.fn);
  if (value.kind === "param") {
    const name = model.summary(file)?.functions[value.fn]?.params[value.index]?.name;
    return name !== null && name !== undefined && isCompared(model, file, [name, ...step.path], value.fn);
  }
  return false;
}

/** `if (limit > 100) limit = 100`: given a plain number later on. The second value of a pattern is a default instead. */
function isCapped(model: Model, file: string, { fn, name }: { fn: number; name: string }): boolean {
  const [first, ...later] = model.summary(file)?.functions[fn]?.bindings[name] ?? [];
  const isDefault = later.length === 1 && (first?.kind === "member" || first?.kind === "param");
  return (
    !isDefault &&
    first?.kind !== "literal" &&
    later.some((each) => each.kind === "literal" && typeof each.value === "number")
  );
}

/** Compared or looked up in the function: `if (limit > 100) return`, `[10, 20].includes(limit)`, `Math.min(options.limit, 100)`. */
function isCompared(model: Model, file: string, path: readonly string[], fn: number): boolean {
  const holder = model.fn(`${file}#${fn}`);
  if (holder === null || path.length > 3 || path.includes("*")) return false;
  const text = textOf(model, holder);
  const own = `(?<![\\w$.])${path.map(escaped).join("[?!]?\\.")}`;
  return new RegExp(
    `${own}\\s*>=?\\s*[\\w]|[\\w\\]]\\s*<=?\\s*${own}\\b|(includes|has)\\(\\s*${own}\\b|Math\\.min\\([^)]*${own}\\b`,
  ).test(text);
}

const validators = new WeakMap<Model, Map<string, boolean>>();

/**
 * A schema or a validator that bounds a value of this name: zod, Joi, express-validator, class-validator. Of the route's own
 * files where they have one for it; else anywhere in the app.
 */
function isValidated(model: Model, key: string, ways: readonly Reach[]): boolean {
  const own = schemaFiles(model, key, ways);
  if (own.length > 0) return own.some((file) => bounds(model.repo.read(file) ?? "", key));
  const known = validators.get(model) ?? new Map<string, boolean>();
  validators.set(model, known);
  const found = known.get(key) ?? searched(model, key);
  known.set(key, found);
  return found;
}

function searched(model: Model, key: string): boolean {
  return model.repo.files.some(
    (file) =>
      model.summary(file) !== null &&
      ["server", "worker"].includes(model.context(file)) &&
      bounds(model.repo.read(file) ?? "", key),
  );
}

/** Whether a text has a schema that keeps the value of this name below something. */
function bounds(text: string, key: string): boolean {
  if (!text.includes(key)) return false;
  const name = escaped(key);
  const schema = new RegExp(
    `["']?\\b${name}["']?\\s*:\\s*[^,;{}]*?(\\.(max|lte|lt|valid|enum|oneOf|between)\\(|maximum\\s*:|z\\.enum|Max|\\bMath\\.min\\(|clamp)`,
    "s",
  );
  // The function of `.transform((text) => { ... })` is looked through up to the next key.
  const transformed = new RegExp(
    `\\b${name}["']?\\s*:\\s*z\\b(?:(?!\\n[ \\t]*["']?\\w+["']?\\s*:)[^]){0,400}?(\\bMath\\.min\\(|clamp)`,
  );
  const chained = new RegExp(`\\(\\s*["']${name}["'][^;]*?(isInt|isLength|max|isIn)\\(\\s*\\{?[^)]*(max|\\[)`, "s");
  const decorated = new RegExp(
    `@Max\\([^)]*\\)(\\s*@\\w+\\((?:[^()]|\\([^()]*\\))*\\))*\\s*(public |readonly )?${name}\\b`,
    "s",
  );
  const listed = new RegExp(`["']?\\b${name}["']?\\s*:\\s*\\{[^{}]*\\b(max|maximum)\\s*:`, "s");
  // `const limit = z.number().max(200); z.object({ limit })`
  const named = new RegExp(`\\bconst ${name}\\s*=\\s*(z|Joi|yup|t|v)\\b[^;]{0,200}?\\.(max|lte|lt)\\(`);
  return [named, schema, transformed, chained, decorated, listed].some((pattern) => pattern.test(text));
}
