/** Finds where a handler's JSON answer carries an access token. */
import { fileIn, indexIn } from "../../analyzers/ids.ts";
import type { Model, Route } from "../../analyzers/model.ts";
import type { Value } from "../../analyzers/summary.ts";

const tokenKey = /^(access_?token|auth_?token|id_?token|token|jwt)$/i;

/** JSON pointer to the token in what a handler sends by `.json({...})` or `.send({...})`; null when it sends none. */
export function tokenPointer(model: Model, route: Route): string | null {
  for (const { fn } of route.handlers) {
    if (fn === null) continue;
    const summary = model.summary(fileIn(fn));
    const id = indexIn(fn);
    for (const { callee, args, fn: holder } of summary?.calls ?? []) {
      if (holder !== id || callee.kind !== "member" || !/^(json|send)$/.test(callee.property)) continue;
      const [first] = args;
      const pointer = first ? pointerIn(first, "", 0) : null;
      if (pointer !== null) return pointer;
    }
  }
  return null;
}

function pointerIn(value: Value, base: string, depth: number): string | null {
  if (value.kind !== "object" || depth > 3) return null;
  const direct = value.entries.find(({ key }) => tokenKey.test(key));
  if (direct) return `${base}/${direct.key}`;
  for (const { key, value: inner } of value.entries) {
    const pointer = pointerIn(inner, `${base}/${key}`, depth + 1);
    if (pointer !== null) return pointer;
  }
  return null;
}
