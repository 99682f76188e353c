/** What can be told of writes that belong together without reading their text again: so much is asked while an app is judged. */
import type { Model } from "../../../analyzers/model.ts";
import type { Finding } from "../../finding.ts";
import { canFollow } from "../sequence.ts";
import { holderOf, writtenSteps, type Step } from "../written-steps.ts";
import { obstacleOfLibrary } from "./clients.ts";

export interface Pieces {
  /** The writes from the finding's on that the function makes itself. */
  inside: Step[];
  /** Those behind it that are made by functions it calls. */
  foreign: Step[];
  /** Those before it, and in other branches. */
  outside: Step[];
}

export function piecesOf(finding: Finding, model: Model): Pieces | null {
  const site = finding.call === null ? null : model.call(finding.call);
  const steps = site === null ? undefined : writtenSteps(model).get(holderOf(site, model));
  if (site === null || steps === undefined) return null;
  const isIn = (step: Step): boolean => step.site.id === site.id || canFollow(site, step.site, model);
  const behind = steps.filter(isIn);
  return { ...byMaker(behind), outside: steps.filter((step) => !isIn(step)) };
}

export function byMaker(steps: readonly Step[]): Pick<Pieces, "inside" | "foreign"> {
  const isOwn = ({ site, query }: Step): boolean => site.id === query.call.id;
  return { inside: steps.filter(isOwn), foreign: steps.filter((step) => !isOwn(step)) };
}

/** A write in the called function itself, which can be given the transaction; deeper down it would have to be handed on. */
export function isNear({ site, query }: Step, model: Model): boolean {
  const [target, other] = model.targets(site);
  return target !== undefined && other === undefined && holderOf(query.call, model) === target.id;
}

/** What stands in the way of one transaction, as far as the model tells. */
export function obstacleAtSight({ inside, foreign }: Pick<Pieces, "inside" | "foreign">, model: Model): string | null {
  const steps = [...inside, ...foreign.filter((step) => isNear(step, model))];
  if (new Set(steps.map(({ site }) => site.id)).size < 2)
    return "one of them is made by another function further down, which would have to be given the transaction";
  return obstacleOfLibrary(
    steps.map(({ query }) => query),
    model,
  );
}
