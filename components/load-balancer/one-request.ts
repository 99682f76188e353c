/** State that is there only while one request runs: put in at its beginning, taken out in its `finally`. */
import type { Fn, Model } from "../../analyzers/model.ts";
import { escaped, textOf } from "../../analyzers/code/text.ts";
import type { Cell } from "../../analyzers/state/cells.ts";
import type { Change } from "../../analyzers/state/cell-changes.ts";

/** Whether everything that requests put there is taken out again when they end, however they end. */
export function lastsOneRequest(model: Model, cell: Cell, changes: readonly Change[]): boolean {
  const puts = changes.filter(({ how }) => how === "put" || how === "add");
  return puts.length > 0 && puts.length === changes.length && puts.every((put) => isTakenOut(model, cell, put));
}

/** `try { ... } finally { active.delete(id) }` or `.finally(() => active.delete(id))`, behind the line that puts it in. */
function isTakenOut(model: Model, { name, className }: Cell, { fn, span }: Change): boolean {
  const cell = `${className === null ? "" : "this\\.#?"}${escaped(name)}`;
  const drop = new RegExp(`\\b${cell}\\.delete\\(|\\bdelete\\s+${cell}\\s*\\[|\\b${cell}\\.splice\\(`);
  for (let around: Fn | null = fn; around !== null && !around.isModule; around = parentOf(around, model)) {
    const behind = textOf(model, around).slice(span.end - around.span.start);
    const at = /\bfinally\b/.exec(behind)?.index;
    if (at !== undefined && drop.test(behind.slice(at))) return true;
  }
  return false;
}

function parentOf({ parent }: Fn, model: Model): Fn | null {
  return parent === null ? null : model.fn(parent);
}
