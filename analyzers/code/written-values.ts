/** Values as they are written: what another file exports, what stands under a key of an object. */
import { createModules, type Modules } from "../link/modules.ts";
import type { Model } from "../model.ts";
import type { Value } from "../summary.ts";

/** A value and the file that it is written in. */
export interface Written {
  file: string;
  value: Value;
}

/** Names of names; deeper ones stay unknown. */
const maxDepth = 6;

const resolvers = new WeakMap<Model, Modules>();

/** What another file of the app exports under the name. */
export function exportedValue(
  model: Model,
  file: string,
  { specifier, name }: Extract<Value, { kind: "imported" }>,
): Written | null {
  const modules = resolvers.get(model) ?? createModules(model.repo);
  resolvers.set(model, modules);
  const target = modules.resolve(file, specifier);
  if (target.kind !== "file") return null;
  const exports = model.summary(target.file)?.exports ?? {};
  const whole = exports["module.exports"];
  const value = exports[name === "*" ? "default" : name] ?? (["default", "*"].includes(name) ? whole : undefined);
  if (value !== undefined) return { file: target.file, value };
  return whole === undefined ? null : entryOf(model, { file: target.file, value: whole }, name);
}

/** The value of a key of an object that is written out, here or where it comes from; null when it is not known for certain. */
export function entryOf(model: Model, { file, value }: Written, key: string, depth = maxDepth): Written | null {
  if (depth === 0) return null;
  if (value.kind === "object") {
    const entry = value.entries.findLast((each) => each.key === key);
    return entry === undefined ? null : { file, value: entry.value };
  }
  if (value.kind === "name") {
    const [given, ...others] = model.summary(file)?.functions[value.fn]?.bindings[value.name] ?? [];
    return given === undefined || others.length > 0 ? null : entryOf(model, { file, value: given }, key, depth - 1);
  }
  const found = value.kind === "imported" ? exportedValue(model, file, value) : null;
  return found === null ? null : entryOf(model, found, key, depth - 1);
}
