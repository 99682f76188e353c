/** Expressions with the place where they stand, and the calls through which they were come to. */
import type { CallSite } from "../model.ts";
import type { Value } from "../summary.ts";

/** A call that was looked into: the parameters of `fn` are the arguments of `call`, which stands in `outer`. */
export interface Frame {
  /** `Fn.id` */
  fn: string;
  call: CallSite;
  outer: Frame | null;
}

/** A value in a file, seen from within the calls that led there; without a frame a parameter is what any caller gives. */
export interface Expr {
  file: string;
  value: Value;
  frame: Frame | null;
}

/** Another value in the same place. */
export function beside(expr: Expr, value: Value): Expr {
  return { file: expr.file, value, frame: expr.frame };
}

/** The frame in which a function was entered; null when it was not entered by a known call. */
export function frameOf(frame: Frame | null, fn: string): Frame | null {
  for (let each = frame; each !== null; each = each.outer) if (each.fn === fn) return each;
  return null;
}

/** Number of calls that were looked into. */
export function depthOf(frame: Frame | null): number {
  let depth = 0;
  for (let each = frame; each !== null; each = each.outer) depth += 1;
  return depth;
}
