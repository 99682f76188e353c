/** The queries and the other calls of a stretch of source. */
import type { CallSite, Model } from "../../../analyzers/model.ts";
import type { Query } from "../../../analyzers/queries/index.ts";
import { queriesIn } from "../../../analyzers/queries/siblings.ts";
import type { Range } from "../../../patches/editors/source.ts";

export function callsWithin(file: string, { start, end }: Range, model: Model): CallSite[] {
  return (model.summary(file)?.calls ?? []).flatMap((call, index) => {
    const isIn = start <= call.span.start && call.span.end <= end;
    return isIn ? (model.call(`${file}#${index}`) ?? []) : [];
  });
}

export function queriesWithin(calls: readonly CallSite[], model: Model): Query[] {
  const ids = new Set(calls.map(({ id }) => id));
  const fns = new Set(calls.map(({ fn }) => fn));
  return [...fns].flatMap((fn) => queriesIn(fn, model)).filter(({ call }) => ids.has(call.id));
}
