/** By what a store in memory grows: keys that visitors choose without end, or a few that the app knows. */
import { callsIn } from "../../analyzers/code/calls-in.ts";
import type { Change } from "../../analyzers/state/cell-changes.ts";
import { keyText, originsOfKey } from "../../analyzers/state/cell-keys.ts";
import type { Cell } from "../../analyzers/state/cells.ts";
import { assignedIn, textOf } from "../../analyzers/code/text.ts";
import type { Fn, Model } from "../../analyzers/model.ts";
import type { Origin } from "../../analyzers/flow/origins.ts";

/** `medium`: a visitor can make it grow without end. `low`: perhaps. Null: the keys are few, or nothing is known of them. */
export function growthOf(model: Model, cell: Cell, change: Change): "medium" | "low" | null {
  const key = keyText(model, cell, change);
  if (key === null || /^(["'`][^$]*|\d+|true|false)$/.test(key)) return null;
  if (cell.shape === "list" && change.how !== "inside") return change.how === "add" ? "medium" : null;
  const origins = originsOfKey(model, cell, change);
  if (origins.size === 0) return /uuid|nanoid|random|Date\.now/i.test(key) ? "medium" : null;
  if (fewOf.test(key) || isOfOwnType(change.fn, key)) return "low";
  if ([...origins].some((origin) => chosen.has(origin))) return "medium";
  if (origins.has("params")) return isLookedUp(model, change.fn) ? "low" : "medium";
  if (!origins.has("computed")) return null;
  return /uuid|nanoid|random/i.test(bindingText(model, change.fn, key)) ? "medium" : "low";
}

/** Parts of a request of which there are as many as visitors care to send. */
const chosen: ReadonlySet<Origin> = new Set([
  "body",
  "query",
  "headers",
  "cookies",
  "address",
  "url",
  "user",
  "message",
  "request",
]);
/** Words for things of which there are a few dozen at most. */
const fewOf =
  /lang|locale|currency|country|role|type|category|status|plan|model|table|schema|region|tier|platform|provider|version|theme/i;

/** `(key: ChallengeKey)`: a type of the app's own says that there are so many and no more. */
function isOfOwnType({ params }: Fn, key: string): boolean {
  const type = params.find(({ name }) => name === key)?.type ?? null;
  return type !== null && !/^(string|number|any|unknown|String|Number|Types|ObjectId)$/.test(type);
}

/** A parameter of a path that was looked up before is one of the app's own things. */
function isLookedUp(model: Model, fn: Fn): boolean {
  return callsIn(model, fn).some((call) => call.awaited && !model.usesAt(call).some(({ kind }) => kind === "http"));
}

function bindingText(model: Model, fn: Fn, key: string): string {
  const name = /^[\w$]+/.exec(key)?.[0] ?? "";
  return assignedIn(textOf(model, fn), name) || key;
}
