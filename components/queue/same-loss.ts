/** Calls that are let go in several places and lose the same thing are one matter. */
import type { Model, Place } from "../../analyzers/model.ts";
import type { Case } from "./cases.ts";

export interface Loss extends Case {
  /** Where else the same is let go. */
  elsewhere: Place[];
}

/** One per function that is let go with the same work behind it, first come first. */
export function lossesOf(cases: readonly Case[], model: Model): Loss[] {
  const losses = new Map<string, Loss>();
  for (const each of cases) {
    const [target, ...others] = model.targets(each.call);
    const works = each.works.map(({ use }) => use.call.id).toSorted();
    const key = target === undefined || others.length > 0 ? each.call.id : `${target.id} ${works.join(" ")}`;
    const first = losses.get(key);
    const { file, line } = each.call;
    losses.set(
      key,
      first === undefined
        ? { ...each, elsewhere: [] }
        : { ...first, ways: [...first.ways, ...each.ways], elsewhere: [...first.elsewhere, { file, line }] },
    );
  }
  return [...losses.values()];
}
