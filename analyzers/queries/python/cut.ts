/** Lists that Python cuts after they were asked for: slices and pages, which stand in no call of the query. */
import { textOf } from "../../code/text.ts";
import type { CallSite, Model } from "../../model.ts";
import type { Limit } from "../query.ts";

const slice = /[\w)\]]\[\s*:\s*(\d+)\s*\]/;
const cutting = /[\w)\]]\[[^\][\n]*:[^\][\n]*\]|paginat|page_size|per_page|islice/i;

/**
 * A slice or a page anywhere in the function, or in one that calls it, may be one of this list: `rows[:10]`,
 * `Paginator(rows, 20)`. What a class or a module holds is cut by whoever takes it.
 */
export function cutLater(model: Model, call: CallSite): Limit {
  const fns = [call, ...model.callers(call.fn)].flatMap(({ fn }) => model.fn(fn) ?? []);
  if (fns[0]?.isModule !== false) return { kind: "unknown" };
  const texts = fns.flatMap((fn) => (fn.isModule ? [] : textOf(model, fn).replaceAll(/#[^\n]*/g, "")));
  if (!texts.some((text) => cutting.test(text))) return { kind: "none" };
  const [, written] = slice.exec(texts[0] ?? "") ?? [];
  return written === undefined ? { kind: "unknown" } : { kind: "literal", value: Number(written) };
}
