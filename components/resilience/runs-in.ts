/** Whether making one call makes another one run, through the app's own functions. */
import type { CallSite, Model } from "../../analyzers/model.ts";

export function runsIn(site: CallSite, inner: CallSite, model: Model): boolean {
  const starts = new Set(model.targets(site).map(({ id }) => id));
  if (starts.size === 0) return false;
  const seen = new Set<string>();
  const waiting = [inner.fn];
  for (let fn = waiting.pop(); fn !== undefined; fn = waiting.pop()) {
    if (starts.has(fn)) return true;
    if (seen.has(fn)) continue;
    seen.add(fn);
    waiting.push(...model.callers(fn).map((caller) => caller.fn));
  }
  return false;
}
