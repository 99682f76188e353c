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
    for (const param of paramsBehind(file, value)) {
      const key = `${param.fn}/${param.index}`;
      const uses = found.get(key);
      if (uses === undefined) found.set(key, [{ call, argument }]);
      else uses.push({ call, argument });
    }
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
