/** Work that is let go on purpose: the author says so beside it, or nobody counts on it. */
import { textOf } from "../../analyzers/code/text.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";
import type { Case } from "./cases.ts";

/** The words by which authors say that nobody is to wait. */
const saysSo =
  /fire[- ]?(and|&|n)[- ]?forget|best[- ]effort|\b(don'?t|do not|does not|no need to|without|not)\s+(a?wait|block)|non-?blocking|intentionally (not|un)[- ]?await/i;
const comment = /\/\/.*$|\/\*.*|^\s*\*.*$/;
/** A comment above a call, above the `if` or `try` around it, or behind it. */
const linesAbove = 3;

/** Whether a comment beside the call says that nobody waits for it on purpose. */
export function isMeant({ file, statement }: CallSite, { repo }: Model): boolean {
  const text = repo.read(file) ?? "";
  const end = text.indexOf("\n", statement.start);
  const lines = text
    .slice(0, end === -1 ? text.length : end)
    .split("\n")
    .slice(-linesAbove - 1);
  return lines.some((line) => saysSo.test(comment.exec(line)?.[0] ?? ""));
}

const counters =
  /\b(posthog|mixpanel|amplitude|plausible|umami|google-?analytics|segment\.(io|com)|gtag)\b|\banalytics\b/i;
const counting =
  /^(log|track|capture|report|trace|debug|analytics|metric|identify|page_?view)|last_?(seen|active)|view_?count|heartbeat/i;

/** Where a call's address stands; what it sends comes behind. */
const addressLength = 120;

/** Lines of a log, statistics and marks of presence: they go out over HTTP, and nobody misses one of them. */
export function isCountedOn({ call, works }: Case, model: Model): boolean {
  if (works.some(({ kind }) => kind !== "http")) return true;
  const targets = model.targets(call);
  const isOfCounters = targets.some(
    ({ name, class: owner }) =>
      counting.test(name ?? "") || /tracker|logger|analytics|telemetry|metrics/i.test(owner ?? ""),
  );
  return !isOfCounters && !works.every(({ use }) => counters.test(textOf(model, use.call).slice(0, addressLength)));
}
