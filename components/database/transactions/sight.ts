/** What can be told of writes that belong together without reading their text again: so much is asked while an app is judged. */
import type { Model } from "../../../analyzers/model.ts";
import type { Finding } from "../../finding.ts";
import { canFollow } from "../sequence.ts";
import { holderOf, writtenSteps, type Step } from "../written-steps.ts";
import { obstacleOfLibrary } from "./libraries.ts";

/** The writes from the finding's on, and those that would stay outside. */
export function piecesOf(finding: Finding, model: Model): { inside: Step[]; outside: Step[] } | null {
  const site = finding.call === null ? null : model.call(finding.call);
  const steps = site === null ? undefined : writtenSteps(model).get(holderOf(site, model));
  if (site === null || steps === undefined) return null;
  const isIn = (step: Step): boolean => step.site.id === site.id || canFollow(site, step.site, model);
  return { inside: steps.filter(isIn), outside: steps.filter((step) => !isIn(step)) };
}

/** What stands in the way of one transaction, as far as the model tells. */
export function obstacleAtSight(inside: readonly Step[], model: Model): string | null {
  const [first] = inside;
  if (first === undefined) return "the writes could not be told apart";
  if (inside.some(({ site, query }) => site.id !== query.call.id))
    return "one of them is made by another function, which would have to be given the transaction's client";
  return obstacleOfLibrary(inside.map(({ query }) => query), model);
}
