/** Where a value comes from: followed backwards through names, properties, calls and parameters, across files, without types. */
import type { Model } from "../model.ts";
import type { Summary, Value } from "../summary.ts";
import { visitCall } from "./calls.ts";
import { frameOf, type Expr } from "./expression.ts";
import { fileIndex, keyOfName, rootOf, type Filling } from "./file-index.ts";
import { visitParam } from "./params.ts";
import { follow, isNew, note, stepFrom, type Source, type Step, type Walk } from "./walk.ts";

/** One question may look at so many values; what needs more stays unknown. */
const MAX_STEPS = 1_500;
/** Longer paths are read from nothing we know. */
const MAX_PATH = 8;

/** Every origin of a value, and of all that stands in it where it is a list or an object. */
export function sourcesOf(model: Model, expr: Expr, path: readonly string[] = []): Source[] {
  return sourcesOfAll(model, [stepFrom(expr, path)]);
}

/** How a walk is told to go. `stop`: values that are not looked into any further, nor counted as an origin. */
export interface Options {
  limit?: number;
  intoCallbacks?: boolean;
  intoFilled?: boolean;
  stop?: (step: Step) => boolean;
}

/** The same for several values at once: what is met twice is looked at once. */
export function sourcesOfAll(
  model: Model,
  steps: readonly Step[],
  { limit = MAX_STEPS, intoCallbacks = false, intoFilled = false, stop }: Options = {},
): Source[] {
  const walk: Walk = { model, intoCallbacks, intoFilled, seen: new Set(), found: [], todo: [...steps] };
  let taken = 0;
  for (let step = walk.todo.pop(); step !== undefined; step = walk.todo.pop()) {
    taken += 1;
    if (taken > limit) return [...walk.found, { kind: "unknown", path: [], computed: false, inText: false }];
    if (stop?.(step) !== true) visit(walk, step);
  }
  return walk.found;
}

function visit(walk: Walk, step: Step): void {
  const { value } = step;
  const summary = walk.model.summary(step.file);
  if (summary === null || step.path.length > MAX_PATH) return note(walk, step, { kind: "unknown" });
  switch (value.kind) {
    case "literal":
      return note(walk, step, { kind: "literal", value: value.value });
    case "template":
      return visitTemplate(walk, step, value);
    case "operation": {
      const spread = value.operator === "...";
      const inner = spread ? {} : { computed: true, path: [] };
      for (const each of value.of) follow(walk, step, each, inner);
      return;
    }
    case "either":
      for (const each of value.of) follow(walk, step, each);
      return;
    case "object":
      return visitObject(walk, step, value);
    case "array":
      return visitArray(walk, step, value);
    case "member":
      return follow(walk, step, value.object, { path: [value.property, ...step.path] });
    case "name":
      return visitName(walk, step, summary, value);
    case "param":
      return visitParam(walk, step, summary, value);
    case "call":
      return visitCall(walk, step, summary, value.call);
    case "this":
      return visitThis(walk, step, summary, value.fn);
    case "imported":
      return note(walk, step, { kind: isFlaskRequest(value) ? "request" : "constant" });
    case "fn":
    case "class":
    case "unknown":
      return note(walk, step, { kind: "unknown" });
  }
}

/** Flask hands the request to nobody: it is imported. */
function isFlaskRequest({ specifier, name }: Extract<Value, { kind: "imported" }>): boolean {
  return name === "request" && /^(flask|quart)(\.globals)?$/.test(specifier);
}

function visitTemplate(walk: Walk, step: Step, { parts }: Extract<Value, { kind: "template" }>): void {
  for (const part of parts) {
    if (typeof part !== "string") follow(walk, step, part, { path: [], computed: true, inText: true });
  }
  if (parts.every((part) => typeof part === "string")) note(walk, step, { kind: "literal", value: parts.join("") });
}

function visitObject(walk: Walk, step: Step, { entries, spreads }: Extract<Value, { kind: "object" }>): void {
  const [key, ...rest] = step.path;
  if (key === undefined) {
    for (const { value } of entries) follow(walk, step, value);
    for (const spread of spreads) follow(walk, step, spread);
    return;
  }
  const named = entries.filter((entry) => entry.key === key || entry.key === "*" || key === "*");
  for (const { value } of named) follow(walk, step, value, { path: rest });
  if (named.some((entry) => entry.key === key)) return;
  for (const spread of spreads) follow(walk, step, spread);
}

function visitArray(walk: Walk, step: Step, { items }: Extract<Value, { kind: "array" }>): void {
  const [key, ...rest] = step.path;
  const isSpread = (item: Value): boolean => item.kind === "operation" && item.operator === "...";
  if (key === "length") return;
  const only = key === undefined || items.some(isSpread) ? undefined : items[Number(key)];
  if (only !== undefined) return follow(walk, step, only, { path: rest });
  for (const item of items) follow(walk, step, item, { path: isSpread(item) ? step.path : rest });
}

function visitName(walk: Walk, step: Step, summary: Summary, value: Extract<Value, { kind: "name" }>): void {
  if (!isNew(walk, step, keyOfName(value))) return;
  const bound = summary.functions[value.fn]?.bindings[value.name] ?? [];
  for (const each of bound) follow(walk, step, each);
  const [key, ...rest] = step.path;
  const pushes = fileIndex(summary).pushed.get(keyOfName(value)) ?? [];
  const added = pushes.flatMap((id) => summary.calls[id]?.args ?? []);
  if (key !== "length") for (const item of added) follow(walk, step, item, { path: key === undefined ? [] : rest });
  if (key !== undefined || walk.intoFilled) {
    const { filled, gathered } = fileIndex(summary);
    for (const fillings of [filled, gathered]) visitFillings(walk, step, fillings.get(keyOfName(value)) ?? []);
  }
  if (bound.length === 0) note(walk, step, value.name === "process" ? { kind: "constant" } : { kind: "unknown" });
}

/** `answer.data = rows`: the rows are `data` of the answer. What stands under a name is no item of a list. */
function visitFillings(walk: Walk, step: Step, fillings: readonly Filling[]): void {
  for (const { path, value } of fillings) {
    const isMeant = path.every((part, at) => part === "*" || part === (step.path[at] ?? part));
    const rest = step.path.slice(path.length);
    // Where the item that is asked for is written out, its parts say nothing of how many items there are.
    const isItem = rest.length === 0 && step.path.at(-1) === "*" && value.kind === "object";
    if (!isMeant || (isItem && !walk.intoFilled)) continue;
    const copied = copiedFrom(path, value);
    if (copied !== null) follow(walk, step, copied);
    else follow(walk, step, value, { path: rest });
  }
}

/** `chosen[key] = given[key]`: what is copied keeps its name. */
function copiedFrom(path: readonly string[], value: Value): Value | null {
  return path.join() === "*" && value.kind === "member" && value.property === "*" ? value.object : null;
}

/** A field of the object: what its class's constructor and methods put there. */
function visitThis(walk: Walk, step: Step, summary: Summary, fn: number): void {
  const [property, ...rest] = step.path;
  const owner = summary.functions[fn]?.class ?? null;
  const fields = owner === null || property === undefined ? undefined : summary.classes[owner]?.fields[property];
  if (fields === undefined || !isNew(walk, step, `this ${owner}`)) return note(walk, step, { kind: "unknown" });
  const frame = frameOf(step.frame, `${step.file}#${fn}`);
  for (const each of fields)
    follow(walk, step, each, { path: rest, frame: rootOf(each).kind === "param" ? frame : null });
}
