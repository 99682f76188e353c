/** Whether a route answers the same whatever the state of the app. */
import type { Model, Route } from "../../analyzers/model.ts";
import type { Value } from "../../analyzers/summary.ts";

/** The handler does nothing but answer: every call in it is one on what it was handed, or reads a clock. */
export function isConstant({ handlers }: Route, model: Model): boolean {
  const id = handlers.at(-1)?.fn ?? null;
  const fn = id === null ? null : model.fn(id);
  const summary = fn === null ? null : model.summary(fn.file);
  if (fn === null || summary === null) return false;
  const calls = summary.calls.filter(({ span }) => span.start >= fn.span.start && span.end <= fn.span.end);
  return (
    calls.length > 0 &&
    calls.every(({ callee, isNew }) =>
      isNew ? /^(Date|Response|Error)$/.test(rootOf(callee)) : harmless.test(rootOf(callee)),
    )
  );
}

const harmless = /^(param|Date|process|JSON|Math|os|performance|Number|String|NextResponse|Response|json|text|data)$/;

/** The name at the beginning of `res.status(200).json`; `param` for what the function was handed. */
function rootOf(value: Value): string {
  let at = value;
  while (at.kind === "member") at = at.object;
  if (at.kind === "param") return "param";
  if (at.kind === "name") return at.name;
  if (at.kind === "imported") return at.specifier.replace(/^node:/, "") === "os" ? "os" : at.name;
  // A chained call is judged by its own entry in the list.
  return at.kind === "call" ? "param" : "";
}
