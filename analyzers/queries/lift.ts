/** Queries whose text or conditions are parameters of the function that holds them stand where that function is called. */
import { frameOf, type Expr, type Frame } from "../flow/expression.ts";
import { rootOf } from "../flow/file-index.ts";
import type { CallSite, Model } from "../model.ts";
import { behind } from "./resolve.ts";

/** Wrappers around wrappers that are looked through. */
const MAX_LIFTS = 3;
/** A wrapper that is called from more places than this is read for the first of them. */
const MAX_CALLERS = 400;

/** A place where a query is asked, with the calls that lead from there to the library. */
export interface Asked {
  call: CallSite;
  frame: Frame | null;
}

/** The places where the given expressions of a call are known; the call itself where they are no parameters. */
export function placesOf(model: Model, call: CallSite, given: readonly Expr[]): Asked[] {
  return lifted(model, { call, frame: null }, given, 0);
}

function lifted(model: Model, asked: Asked, given: readonly Expr[], lifts: number): Asked[] {
  const holder = given.map((expr) => parameterHolder(model, { ...expr, frame: asked.frame })).find((fn) => fn !== null);
  if (holder === undefined || lifts >= MAX_LIFTS) return [asked];
  const callers = model.callers(holder).slice(0, MAX_CALLERS);
  if (callers.length === 0) return [asked];
  return callers.flatMap((call) => {
    const frame = within(asked.frame, { fn: holder, call, outer: null });
    return lifted(model, { call, frame }, given, lifts + 1);
  });
}

/** The function whose parameter an expression comes down to; null when it is something else. */
function parameterHolder(model: Model, expr: Expr): string | null {
  const found = behind(model, expr);
  const root = rootOf(found.value);
  const param = root.kind === "name" ? firstParam(model, found.file, root) : root;
  if (param.kind !== "param") return null;
  const fn = `${found.file}#${param.fn}`;
  return frameOf(found.frame, fn) === null && model.fn(fn)?.isModule === false ? fn : null;
}

/** `(text, params = [])`: the parameter behind a name with a default. */
function firstParam(model: Model, file: string, { name, fn }: { name: string; fn: number }): Expr["value"] {
  return model.summary(file)?.functions[fn]?.bindings[name]?.[0] ?? { kind: "unknown" };
}

/** Puts the outermost call around a frame. */
function within(frame: Frame | null, outermost: Frame): Frame {
  return frame === null ? outermost : { ...frame, outer: within(frame.outer, outermost) };
}
