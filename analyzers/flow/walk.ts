/** What the steps of following a value share: where it stands, what was seen, what was found. */
import type { CallSite, Model } from "../model.ts";
import type { Value } from "../summary.ts";
import type { Expr, Frame } from "./expression.ts";

/**
 * One origin. `path`: the properties read from it, `["rows", "*", "price"]`; `*` is any item, a number one item, `length`
 * a count. `computed`: an operator or a function made something new of it; `inText`: it was put into a text.
 */
export type Source = Origin & { path: readonly string[]; computed: boolean; inText: boolean };

/** `call`: what comes from outside the app's own code; `constant`: an import, the environment. */
export type Origin =
  | { kind: "call"; call: CallSite; frame: Frame | null }
  | { kind: "request" }
  | { kind: "literal"; value: string | number | boolean | null }
  | { kind: "constant" }
  | { kind: "unknown" };

/** A value still to be followed, with the path that is read from it. */
export interface Step extends Expr {
  path: readonly string[];
  computed: boolean;
  inText: boolean;
}

export interface Walk {
  model: Model;
  /** True when what a callback makes of each item counts, too: `rows.map((row) => ({ orderId: order.id }))`. */
  intoCallbacks: boolean;
  /** True when what is put into an object later is asked for with the object itself, not only by its key. */
  intoFilled: boolean;
  /** Names, parameters and calls that were looked at already, with path and frame. */
  seen: Set<string>;
  found: Source[];
  todo: Step[];
}

/** The beginning of a walk: a value, and the path that is read from it. */
export function stepFrom(expr: Expr, path: readonly string[] = []): Step {
  return { ...expr, path, computed: false, inText: false };
}

/** Follows another value in the same place. */
export function follow(walk: Walk, step: Step, value: Value, change: Partial<Step> = {}): void {
  walk.todo.push({ ...step, ...change, value });
}

/** True the first time that this key is met with this path and in these frames. */
export function isNew(walk: Walk, step: Step, key: string): boolean {
  const frames: string[] = [];
  for (let frame = step.frame; frame !== null; frame = frame.outer) frames.push(frame.call.id);
  const whole = `${step.file} ${key} ${step.path.join(".")} ${step.computed ? "c" : ""}${step.inText ? "t" : ""} ${frames.join()}`;
  if (walk.seen.has(whole)) return false;
  walk.seen.add(whole);
  return true;
}

export function note(walk: Walk, step: Pick<Step, "path" | "computed" | "inText">, source: Origin): void {
  walk.found.push({ path: step.path, computed: step.computed, inText: step.inText, ...source });
}
