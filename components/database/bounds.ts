/** Whether a number that a user sends is kept below some bound before it is used. */
import { calledName } from "../../analyzers/flow/calls.ts";
import { beside, type Expr } from "../../analyzers/flow/expression.ts";
import { sourcesOf } from "../../analyzers/flow/sources.ts";
import type { Source } from "../../analyzers/flow/walk.ts";
import type { Model } from "../../analyzers/model.ts";
import { behind, escaped } from "../../analyzers/queries/resolve.ts";

/** Steps through names and calls in which a bound is looked for. */
const MAX_DEPTH = 8;

/** The name by which the request brings the number (`limit`); null when it comes from elsewhere or is bounded. */
export function unboundedKey(model: Model, expr: Expr): string | null {
  const sources = sourcesOf(model, expr);
  const sent = sources.filter((source) => source.kind === "request");
  const key = sent.map(keyOf).find((name) => name !== null) ?? null;
  if (key === null || isBounded(model, expr, 0) || isCheckedByName(model, expr) || isValidated(model, key)) return null;
  return key;
}

/** `limit` of `req.query.limit`. */
function keyOf({ path }: Source): string | null {
  const last = path.filter((part) => part !== "0").at(-1);
  const isSent = path.some((part) => /^(query|body|params|searchParams|args|input)$/.test(part)) || path.length === 1;
  return last === undefined || !isSent || !/^[A-Za-z_]\w*$/.test(last) ? null : last;
}

/** A call that gives no more than one of its arguments, somewhere on the way of the number. */
function isBounded(model: Model, expr: Expr, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  const { value, file } = behind(model, expr);
  const here = behind(model, expr);
  const inner = (each: Expr["value"]): boolean => isBounded(model, beside(here, each), depth + 1);
  switch (value.kind) {
    case "call": {
      const call = model.summary(file)?.calls[value.call];
      if (call === undefined) return false;
      if (
        /(^|\.)(min|clamp|limit|cap|bound\w*|sanitize\w*|validate\w*|parsePag\w*|getPag\w*)$/i.test(
          calledName(call.callee),
        ) &&
        !isOwnPlain(model, `${file}#${value.call}`)
      )
        return true;
      return call.args.some(inner) || isBoundedWithin(model, `${file}#${value.call}`, depth);
    }
    case "either":
    case "operation":
      return value.of.some(inner);
    case "name": {
      const bound = model.summary(file)?.functions[value.fn]?.bindings[value.name] ?? [];
      // Given a plain number later on (`if (limit > 100) limit = 100`), it is held by that.
      const capped = bound.slice(1).some((each) => each.kind === "literal" && typeof each.value === "number");
      return (capped && bound[0]?.kind !== "literal" && !isDefault(bound)) || bound.some(inner);
    }
    case "member":
      return inner(value.object);
    default:
      return false;
  }
}

/** `{ limit = 10 } = req.query`: the second value is what holds when none is sent. */
function isDefault(bound: readonly Expr["value"][]): boolean {
  return bound.length === 2 && (bound[0]?.kind === "member" || bound[0]?.kind === "param");
}

/** A function of the app whose name says "limit" but which is looked into anyway. */
function isOwnPlain(model: Model, id: string): boolean {
  const call = model.call(id);
  return call !== null && model.targets(call).length > 0;
}

/** `paginate(req.query)`: the function itself bounds what it gives. */
function isBoundedWithin(model: Model, id: string, depth: number): boolean {
  const call = model.call(id);
  const targets = call === null ? [] : model.targets(call);
  return targets.some(
    ({ file, span }) =>
      depth < 3 &&
      /Math\.min\(|clamp\(|\.max\(|\bMAX_|>\s*\d+|maxLimit|max_limit/.test(
        (model.repo.read(file) ?? "").slice(span.start, span.end),
      ),
  );
}

/** Compared or looked up by name in the function: `if (limit > 100) return ...`, `[10, 20].includes(limit)`. */
function isCheckedByName(model: Model, { file, value }: Expr): boolean {
  const names = namesIn(value);
  const summary = model.summary(file);
  if (names.length === 0 || summary === null) return false;
  return names.some(({ name, fn }) => {
    const holder = model.fn(`${file}#${fn}`);
    const text = holder === null ? "" : (model.repo.read(file) ?? "").slice(holder.span.start, holder.span.end);
    const own = `(?<![\\w$.])${escaped(name)}`;
    return new RegExp(
      `${own}\\s*>=?\\s*[\\w]|[\\w\\]]\\s*<=?\\s*${own}\\b|(includes|has)\\(\\s*${own}\\b|Math\\.min\\([^)]*${own}\\b`,
    ).test(text);
  });
}

function namesIn(value: Expr["value"]): { name: string; fn: number }[] {
  if (value.kind === "name") return [value];
  if (value.kind === "operation" || value.kind === "either") return value.of.flatMap(namesIn);
  return value.kind === "member" ? namesIn(value.object) : [];
}

const validators = new WeakMap<Model, Map<string, boolean>>();

/** A schema or a validator anywhere in the app that bounds a value of this name: zod, Joi, express-validator, class-validator. */
function isValidated(model: Model, key: string): boolean {
  const known = validators.get(model) ?? new Map<string, boolean>();
  validators.set(model, known);
  const found = known.get(key) ?? searched(model, key);
  known.set(key, found);
  return found;
}

function searched(model: Model, key: string): boolean {
  const name = escaped(key);
  const schema = new RegExp(
    `["']?\\b${name}["']?\\s*:\\s*[^,;{}]*?(\\.(max|lte|lt|valid|enum|oneOf|between)\\(|maximum\\s*:|z\\.enum|Max)`,
    "s",
  );
  const chained = new RegExp(`\\(\\s*["']${name}["'][^;]*?(isInt|isLength|max|isIn)\\(\\s*\\{?[^)]*(max|\\[)`, "s");
  const decorated = new RegExp(`@Max\\([^)]*\\)(\\s*@\\w+\\([^)]*\\))*\\s*(public |readonly )?${name}\\b`, "s");
  const listed = new RegExp(`["']?\\b${name}["']?\\s*:\\s*\\{[^{}]*\\b(max|maximum)\\s*:`, "s");
  return model.repo.files.some((file) => {
    if (model.summary(file) === null || !["server", "worker"].includes(model.context(file))) return false;
    const text = model.repo.read(file) ?? "";
    return text.includes(key) && [schema, chained, decorated, listed].some((pattern) => pattern.test(text));
  });
}
