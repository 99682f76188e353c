/** Follows names, members and imports through the files' summaries to the value they stand for. */
import type { Summary, Value } from "../summary.ts";

export type Summaries = ReadonlyMap<string, Summary>;

/** What values are followed through: the facts of each file, and which file an import means (null: none of the repo's). */
export interface Sources {
  summaries: Summaries;
  resolve: (from: string, specifier: string) => string | null;
}

/** A value together with the file it stands in; names and calls only mean something there. */
export interface Located {
  value: Value;
  file: string;
}

/** Deeper than this nothing is followed: real configuration is shallower, cycles are not. */
export const MAX_DEPTH = 12;

/** Follows names and imports as far as they go; null when a name or an import leads nowhere. */
export function locate(value: Value, file: string, sources: Sources, depth: number): Located | null {
  const summary = sources.summaries.get(file);
  if (summary === undefined || depth > MAX_DEPTH) return null;
  if (value.kind === "name") {
    const bound = binding(summary, value.name, value.fn);
    return bound === null ? null : locate(bound, file, sources, depth + 1);
  }
  if (value.kind === "imported") {
    const target = sources.resolve(file, value.specifier);
    return target === null ? null : exported(target, value.name, sources, depth + 1);
  }
  if (value.kind === "member") {
    const owner = locate(value.object, file, sources, depth + 1);
    const found = owner === null ? null : property(owner, value.property, sources, depth + 1);
    return found ?? { value, file };
  }
  if (value.kind === "call") return throughFreeze(value.call, { value, file }, sources, depth);
  return { value, file };
}

/** `Object.freeze({...})` and the like stand for their argument. */
function throughFreeze(id: number, itself: Located, sources: Sources, depth: number): Located | null {
  const call = sources.summaries.get(itself.file)?.calls[id];
  const first = call?.args[0];
  const isFreeze = call?.callee.kind === "member" && /^(freeze|seal|assign)$/.test(call.callee.property);
  return isFreeze && first !== undefined ? locate(first, itself.file, sources, depth + 1) : itself;
}

/** What a name stands for where it is used, enclosing functions included; several assignments are an `either`. */
export function binding(summary: Summary, name: string, from: number): Value | null {
  for (let fn: number | null = from; fn !== null; fn = summary.functions[fn]?.parent ?? null) {
    const bindings = summary.functions[fn]?.bindings;
    const values = bindings !== undefined && Object.hasOwn(bindings, name) ? bindings[name] : undefined;
    if (values !== undefined) return oneOf(values);
  }
  for (const { specifier, names } of summary.imports) {
    const imported = names.find((each) => each.local === name);
    if (imported !== undefined) return { kind: "imported", specifier, name: imported.imported };
  }
  return null;
}

function oneOf(values: readonly Value[]): Value | null {
  const known = values.filter((value) => value.kind !== "unknown");
  return known.length > 1 ? { kind: "either", of: known } : (known[0] ?? null);
}

/** The named export of a file; a whole module (`*`, `require`) is its exports as one object. */
function exported(file: string, name: string, sources: Sources, depth: number): Located | null {
  const summary = sources.summaries.get(file);
  if (summary === undefined || depth > MAX_DEPTH) return null;
  const whole = summary.exports["module.exports"] ?? null;
  const isWhole = name === "*" || name === "module.exports";
  const value = Object.hasOwn(summary.exports, name)
    ? summary.exports[name]
    : name === "default" || isWhole
      ? (whole ?? undefined)
      : undefined;
  if (value !== undefined) return locate(value, file, sources, depth + 1);
  if (isWhole || name === "default") {
    const entries = Object.entries(summary.exports).map(([key, each]) => ({ key, value: each }));
    return { value: { kind: "object", entries, spreads: [] }, file };
  }
  if (whole !== null) return property({ value: whole, file }, name, sources, depth + 1);
  for (const reexport of summary.reexports) {
    if (reexport.as !== name && reexport.name !== "*") continue;
    const target = sources.resolve(file, reexport.specifier);
    const found =
      target === null ? null : exported(target, reexport.name === "*" ? name : reexport.name, sources, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

/** The value under a key of an object, a module or `this`. */
export function property(owner: Located, key: string, sources: Sources, depth: number): Located | null {
  if (owner.value.kind === "this") return field(owner.value.fn, key, owner.file, sources);
  const located = owner.value.kind === "object" ? owner : locate(owner.value, owner.file, sources, depth + 1);
  if (located === null || located.value.kind !== "object") return null;
  const entry = located.value.entries.find((each) => each.key === key);
  if (entry !== undefined)
    return locate(entry.value, located.file, sources, depth + 1) ?? { value: entry.value, file: located.file };
  const inDefault = located.value.entries.find((each) => each.key === "default");
  return inDefault === undefined
    ? null
    : property({ value: inDefault.value, file: located.file }, key, sources, depth + 1);
}

/** `this.port`: what the class's own code assigns to the field. */
function field(fn: number, key: string, file: string, sources: Sources): Located | null {
  const summary = sources.summaries.get(file);
  const owner = summary?.classes[enclosingClass(summary, fn) ?? -1];
  const values = owner !== undefined && Object.hasOwn(owner.fields, key) ? owner.fields[key] : undefined;
  const value = values === undefined ? null : oneOf(values);
  return value === null ? null : { value, file };
}

function enclosingClass(summary: Summary, from: number): number | null {
  for (let fn: number | null = from; fn !== null; fn = summary.functions[fn]?.parent ?? null) {
    const owner = summary.functions[fn]?.class ?? null;
    if (owner !== null) return owner;
  }
  return null;
}
