/** Which queries' rows go back to the user, as a list. */
import { answeredSources } from "../../analyzers/flow/answers.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Query } from "../../analyzers/queries/index.ts";
import { outcomeOf } from "../../analyzers/queries/outcome.ts";

const known = new WeakMap<Model, ReadonlySet<Query>>();

/** Queries of which all rows are in an answer, whole or in parts. */
export function answeredLists(model: Model): ReadonlySet<Query> {
  const found = known.get(model) ?? collected(model);
  known.set(model, found);
  return found;
}

function collected(model: Model): Set<Query> {
  const lists = new Set<Query>();
  for (const source of answeredSources(model)) {
    if (source.computed) continue;
    const outcome = outcomeOf(model, source);
    if (outcome !== null && (outcome.what === "rows" || outcome.what === "item")) lists.add(outcome.query);
  }
  return lists;
}
