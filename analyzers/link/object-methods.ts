/** Which object literal a function is a member of: what `this` means in it. */
import type { Value } from "../summary.ts";
import type { FileNode, FnNode } from "./program.ts";

type ObjectValue = Extract<Value, { kind: "object" }>;

const holders = new WeakMap<FileNode, Map<number, ObjectValue>>();

/** The object literal whose entry the function is; null when it is none's. */
export function holderOf(fn: FnNode): ObjectValue | null {
  const known = holders.get(fn.file) ?? findHolders(fn.file);
  holders.set(fn.file, known);
  return known.get(fn.index) ?? null;
}

function findHolders(file: FileNode): Map<number, ObjectValue> {
  const found = new Map<number, ObjectValue>();
  const seen = new Set<Value>();
  const pending: Value[] = [
    ...Object.values(file.summary.exports),
    ...file.summary.functions.flatMap((fn) => [...Object.values(fn.bindings).flat(), ...fn.returns]),
    ...file.summary.classes.flatMap((each) => Object.values(each.fields).flat()),
    ...file.summary.calls.flatMap((call) => call.args),
    ...file.summary.writes.flatMap((write) => write.value ?? []),
  ];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    const parts = value.kind === "array" ? value.items : value.kind === "either" ? value.of : [];
    for (const part of parts) pending.push(part);
    if (value.kind !== "object") continue;
    for (const entry of value.entries) {
      if (entry.value.kind === "fn") found.set(entry.value.fn, value);
      pending.push(entry.value);
    }
  }
  return found;
}
