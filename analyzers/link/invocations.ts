/** Where a function calls its own parameters, or hands them on: what a wrapper does with the function it is given. */
import type { Value } from "../summary.ts";
import { behindName, isWithin, own, type CallNode, type FileNode, type FnNode } from "./program.ts";

/** `argument`: the position at which the parameter is handed on; null when the parameter itself is called. */
export interface ParamUse {
  call: CallNode;
  argument: number | null;
}

const byFile = new WeakMap<FileNode, Map<string, ParamUse[]>>();

/** The calls within `fn`, its inner functions included, that call or pass on its parameter. */
export function usesOfParam(fn: FnNode, index: number): readonly ParamUse[] {
  const known = byFile.get(fn.file) ?? collect(fn.file);
  byFile.set(fn.file, known);
  return known.get(`${fn.index}/${index}`) ?? [];
}

function collect(file: FileNode): Map<string, ParamUse[]> {
  const found = new Map<string, ParamUse[]>();
  const note = (value: Value, call: CallNode, argument: number | null) => {
    const param = paramBehind(file, value);
    if (param === null) return;
    const key = `${param.fn}/${param.index}`;
    const uses = found.get(key);
    if (uses === undefined) found.set(key, [{ call, argument }]);
    else uses.push({ call, argument });
  };
  for (const call of file.calls) {
    if (call === undefined) continue;
    note(calledValue(call.fact.callee), call, null);
    call.fact.args.forEach((arg, position) => note(arg, call, position));
  }
  return found;
}

const INDIRECT = new Set(["call", "apply", "bind"]);

/** `fn` of `fn(...)`, `fn.call(...)`, `fn.apply(...)`. */
function calledValue(callee: Value): Value {
  return callee.kind === "member" && INDIRECT.has(callee.property) ? callee.object : callee;
}

/** The parameter that a value is; also under the name it gets with a default. */
export function paramBehind(file: FileNode, value: Value): Extract<Value, { kind: "param" }> | null {
  if (value.kind === "param") return value;
  if (value.kind !== "name") return null;
  const bound = behindName(file, value);
  if (bound.kind === "param") return bound;
  const first = own(file.fns[value.fn]?.fact.bindings ?? {}, value.name)?.[0];
  return first?.kind === "param" ? first : null;
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
