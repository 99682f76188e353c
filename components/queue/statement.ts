/** A call that stands alone: nobody uses what it returns, so somebody else may make it. */
import { indexIn } from "../../analyzers/ids.ts";
import type { CallSite, Model } from "../../analyzers/model.ts";
import { chainOn, isWithin } from "./continuation.ts";

/** What surrounds the call in its statement, and what takes its place. */
export interface Standing {
  /** From `await`, `void` or the call itself up to the call. */
  before: { start: number; end: number };
  /** The `.catch(...)` chain behind the call; empty when there is none. */
  after: { start: number; end: number };
}

/** Whether the call is a statement of its own: `await f()`, `void f()`, `f()`, `f().catch(log)`. */
export function standsAlone(call: CallSite, model: Model): boolean {
  return standingOf(call, model) !== null && !hasLiveContinuation(call, model);
}

export function standingOf({ file, span, statement }: CallSite, model: Model): Standing | null {
  const text = model.repo.read(file);
  if (text === null) return null;
  const lead = text.slice(statement.start, span.start);
  const tail = text.slice(span.end, statement.end).replace(/;\s*$/, "");
  if (!/^(await|void)?\s*$/.test(lead)) return null;
  if (!/^\s*$/.test(tail) && !/^\s*\.(catch|then|finally)\(/.test(tail)) return null;
  return {
    before: { start: statement.start, end: span.start },
    after: { start: span.end, end: span.end + tail.trimEnd().length },
  };
}

/** Callbacks may log; anything else they do would be lost with them. */
function hasLiveContinuation(site: CallSite, model: Model): boolean {
  const summary = model.summary(site.file);
  const index = indexIn(site.id);
  const call = summary?.calls[index];
  if (summary === null || call === undefined) return true;
  const callbacks = [call, ...chainOn(summary, index)].flatMap(({ args }) =>
    args.flatMap((arg) => (arg.kind === "fn" ? [arg.fn] : [])),
  );
  const inside = (fn: number): boolean => callbacks.some((outer) => isWithin(summary, fn, outer));
  const logs = new Set(
    model.uses.filter(({ kind, call: { file } }) => kind === "log" && file === site.file).map((use) => use.call.id),
  );
  return (
    summary.writes.some(({ fn }) => inside(fn)) ||
    summary.calls.some(
      ({ fn, callee }, number) => inside(fn) && !logs.has(`${site.file}#${number}`) && !isLogging(callee),
    )
  );
}

function isLogging(callee: { kind: string; property?: string; object?: { kind: string; name?: string } }): boolean {
  return callee.kind === "member" && /^(log|error|warn|info|debug)$/.test(callee.property ?? "");
}
