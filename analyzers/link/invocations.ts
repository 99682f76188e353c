/** Where a function calls its own parameters, or hands them on: what a wrapper does with the function it is given. */
import type { Value } from "../summary.ts";
import { behindName, isWithin, own, type CallNode, type FileNode, type FnNode } from "./program.ts";

/** `argument`: the position at which the parameter is handed on; null when the parameter itself is called. */
export interface ParamUse {
  call: CallNode;
  argument: number | null;
}

/** A call of what stands under a name in a parameter: `({ handler }) => ... handler()`, `options.handler()`. */
export interface PartUse {
  call: CallNode;
  property: string;
}

/** By function and parameter. */
interface Uses {
  whole: Map<string, ParamUse[]>;
  parts: Map<string, PartUse[]>;
}

const byFile = new WeakMap<FileNode, Uses>();

/** The calls within `fn`, its inner functions included, that call or pass on its parameter. */
export function usesOfParam(fn: FnNode, index: number): readonly ParamUse[] {
  return usesIn(fn.file).whole.get(`${fn.index}/${index}`) ?? [];
}

/** The calls within `fn`, its inner functions included, that call a part of its parameter. */
export function usesOfParts(fn: FnNode, index: number): readonly PartUse[] {
  return usesIn(fn.file).parts.get(`${fn.index}/${index}`) ?? [];
}

function usesIn(file: FileNode): Uses {
  const known = byFile.get(file) ?? collect(file);
  byFile.set(file, known);
  return known;
}

function collect(file: FileNode): Uses {
  const found: Uses = { whole: new Map(), parts: new Map() };
  const note = (value: Value, call: CallNode, argument: number | null) => {
    for (const param of paramsBehind(file, value)) add(found.whole, `${param.fn}/${param.index}`, { call, argument });
  };
  for (const call of file.calls) {
    if (call === undefined) continue;
    const called = calledValue(call.fact.callee);
    note(called, call, null);
    const part = partBehind(file, called);
    if (part !== null) add(found.parts, `${part.param.fn}/${part.param.index}`, { call, property: part.property });
    call.fact.args.forEach((arg, position) => note(arg, call, position));
  }
  return found;
}

function add<Use>(to: Map<string, Use[]>, key: string, use: Use): void {
  const uses = to.get(key);
  if (uses === undefined) to.set(key, [use]);
  else uses.push(use);
}

const INDIRECT = new Set(["call", "apply", "bind"]);

/** `fn` of `fn(...)`, `fn.call(...)`, `fn.apply(...)`. */
function calledValue(callee: Value): Value {
  return callee.kind === "member" && INDIRECT.has(callee.property) ? callee.object : callee;
}

type Param = Extract<Value, { kind: "param" }>;

/** The parameters that a value is: also under the name one gets with a default, or where it is one or the other (`isFn ? a : b`). */
export function paramsBehind(file: FileNode, value: Value): Param[] {
  if (value.kind === "param") return [value];
  const chosen = value.kind === "name" ? behindName(file, value) : value;
  if (chosen.kind === "either") {
    const choices = alternatives(chosen);
    const params = choices.flatMap((each) => (each.kind === "param" ? [each] : []));
    return params.length === choices.length ? params : [];
  }
  if (value.kind !== "name") return [];
  if (chosen.kind === "param") return [chosen];
  const first = own(file.fns[value.fn]?.fact.bindings ?? {}, value.name)?.[0];
  return first?.kind === "param" ? [first] : [];
}

/** What a value can be, `null` left out. */
function alternatives(value: Value): Value[] {
  if (value.kind === "either") return value.of.flatMap(alternatives);
  return value.kind === "literal" && value.value === null ? [] : [value];
}

/** The parameter that a value is a part of, and the part's name there. */
export function partBehind(file: FileNode, value: Value): { param: Param; property: string } | null {
  const part = behindName(file, value);
  if (part.kind !== "member" || part.property === "*") return null;
  const [param, ...others] = paramsBehind(file, part.object);
  return param === undefined || others.length > 0 ? null : { param, property: part.property };
}

/** A parameter, also with a default beside it. */
export function isHandedDown(file: FileNode, arg: Value): boolean {
  return arg.kind === "either" ? arg.of.some((each) => isHandedDown(file, each)) : paramsBehind(file, arg).length > 0;
}

/** True when `inner` runs whenever `fn` does: it is `fn` itself or a function in it that does not leave as its result. */
export function runsWith(inner: FnNode, fn: FnNode): boolean {
  for (let each: FnNode | null = inner; each !== null && each !== fn; each = each.parent) {
    if (each.parent !== null && leaves(each, each.parent)) return false;
  }
  return isWithin(inner, fn);
}

/** True when the holder returns the function, plainly, under a name or in an object. */
function leaves(inner: FnNode, holder: FnNode): boolean {
  return holder.fact.returns.some((value) => mentions(holder.file, value, inner.index, 0));
}

function mentions(file: FileNode, value: Value, fn: number, depth: number): boolean {
  if (depth > 3) return false;
  if (value.kind === "fn") return value.fn === fn;
  if (value.kind === "name") {
    const bound = behindName(file, value);
    return bound !== value && mentions(file, bound, fn, depth + 1);
  }
  if (value.kind === "object") return value.entries.some((each) => mentions(file, each.value, fn, depth + 1));
  if (value.kind === "array") return value.items.some((each) => mentions(file, each, fn, depth + 1));
  return value.kind === "either" && value.of.some((each) => mentions(file, each, fn, depth + 1));
}
