/** Counts what left the app again, the same, soon after it had left: two copies that do the same tick. */
import type { Run } from "../experiment.ts";
import type { Outside } from "../stack.ts";

/** One thing that left the app: what it was, and when, in milliseconds. */
interface Effect {
  what: string;
  at: number;
}

/** `outside.repeated` and `outside.distinct`; nothing where the design does not ask. */
export function repeatMeasures(outside: Outside, withinSeconds: number | undefined): Run["measures"] {
  if (withinSeconds === undefined) return {};
  const mails = outside.mails().map(({ to, subject, receivedAt }) => ({
    what: `mail ${to.join(" ")} ${subject}`,
    at: receivedAt,
  }));
  const requests = outside.requests().map(({ host, method, path, digest, at }) => ({
    what: `${method} ${host}${path} ${digest}`,
    at,
  }));
  const effects: Effect[] = [...mails, ...requests].toSorted((a, b) => a.at - b.at);
  const last = new Map<string, number>();
  let repeated = 0;
  for (const { what, at } of effects) {
    const before = last.get(what);
    if (before !== undefined && at - before < withinSeconds * 1000) repeated += 1;
    else last.set(what, at);
  }
  return { "outside.repeated": repeated, "outside.distinct": effects.length - repeated };
}

/** Why a run says nothing of repeats: nothing left the app at all. */
export function nothingSeen(measures: Run["measures"]): string | null {
  return measures["outside.distinct"] === 0
    ? "nothing was mailed and no other host was called in the time, so the schedule had nothing to do"
    : null;
}
