/** Waits for a write that was sent and forgotten: an `await` before it, and one for all where a loop sent many. */
import { usesWithin } from "../../analyzers/code/uses-within.ts";
import { closureOf } from "../../analyzers/code/closure.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";
import { callNodeAt } from "../../patches/editors/calls.ts";
import { insert, openSource, replace, type Source } from "../../patches/editors/source.ts";
import { typescript, type ts } from "../../patches/editors/typescript.ts";
import type { Finding } from "../finding.ts";
import type { Attempt } from "./written.ts";

/** Work that takes longer than a query: who wrote it may have meant the user not to wait. */
const slow = ["mail", "push", "model", "payment", "http", "image", "pdf", "storage", "cpu"] as const;

export function awaitFor(finding: Finding, model: Model): Attempt {
  const site = finding.call === null ? null : model.call(finding.call);
  const obstacle = site === null ? "the call is not known" : obstacleAtCall(site, model);
  if (site === null || obstacle !== null) return { obstacle: obstacle ?? "the call is not known" };
  const source = openSource(model.repo, site.file);
  const call = source === null ? null : callNodeAt(source, site.span);
  if (source === null || call === null || call.getStart(source.tree) !== site.span.start || call.end !== site.span.end)
    return { obstacle: "the call could not be found in the text" };
  if (!typescript().isExpressionStatement(call.parent)) return { obstacle: "it is no statement of its own" };
  return endingOf(call, source) === null ? awaited(call, source) : awaitedTogether(call, source);
}

/** What the model tells, without the text. */
export function obstacleAtCall(site: CallSite, model: Model): string | null {
  if (model.fn(site.fn)?.async !== true) return "the function around it is not `async`";
  if (site.inLoop) return "it stands in a loop, which would wait for one after the other";
  const fns = model.targets(site).flatMap((target) => [...closureOf(target, model)]);
  return usesWithin(fns, slow, model).length > 0
    ? "the function does other slow work besides, for which the user need not wait"
    : null;
}

function awaited(call: ts.Node, source: Source): Attempt {
  return { edits: [insert(source, call.getStart(source.tree), "await ")], notes: [] };
}

/** `map` or `forEach`, the method that runs a callback per item; null for every other call. */
function endingOf(call: ts.Node, { tree }: Source): ts.Node | null {
  const ts = typescript();
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return null;
  const [callback] = call.arguments;
  const runs = callback !== undefined && (ts.isArrowFunction(callback) || ts.isFunctionExpression(callback));
  return runs && /^(map|forEach)$/.test(call.expression.name.getText(tree)) ? call.expression.name : null;
}

/** `rows.forEach(async ...)` -> `await Promise.all(rows.map(async ...))`: all at once, as before. */
function awaitedTogether(call: ts.CallExpression | ts.NewExpression, source: Source): Attempt {
  const method = endingOf(call, source);
  const object = typescript().isPropertyAccessExpression(call.expression) ? call.expression.expression : null;
  if (method === null || object === null) return { obstacle: "it is no loop over a list" };
  const name = object.getText(source.tree);
  if (new RegExp(`\\b${/\w*$/.exec(name)?.[0] ?? ""}\\b\\s*(:\\s*|=\\s*new\\s+)(Map|Set)\\b`).test(source.text))
    return { obstacle: `\`${name}\` may be no array` };
  const start = method.getStart(source.tree);
  return {
    edits: [
      insert(source, call.getStart(source.tree), "await Promise.all("),
      replace(source, { start, end: method.end }, "map"),
      insert(source, call.end, ")"),
    ],
    notes: [],
  };
}
