/** What the lab needs to prove a plan: both trees, both models, and the experiments of the components it patches. */
import { analyze } from "../analyzers/index.ts";
import type { Repo } from "../analyzers/repo/repo.ts";
import type { Patch } from "../patches/edit.ts";
import type { Experiment } from "../verify/experiment.ts";
import type { VerifyRequest } from "../verify/verification.ts";
import type { Component } from "./component.ts";
import type { Plan } from "./plan.ts";
import { components as registered } from "./registry.ts";

/** The part of a lab request that the plan decides; scenarios, progress and limits are the caller's. */
export type Proof = Pick<VerifyRequest, "before" | "after" | "models" | "experiments">;

/** The patches of a plan, in the order in which they apply. */
export function patchesOf(plan: Pick<Plan, "steps">): Patch[] {
  return plan.steps.flatMap(({ outcome }) => (outcome.kind === "patch" ? [outcome.patch] : []));
}

/** The experiments of every component that the plan patches, as far as they show the cure of something it cures. */
export function experimentsOf(plan: Pick<Plan, "steps">, components: readonly Component[] = registered): Experiment[] {
  const cured = plan.steps.flatMap(({ outcome, findings, component }) => {
    if (outcome.kind !== "patch") return [];
    const { findings: ids } = outcome.patch;
    return [{ component, rules: findings.filter(({ id }) => ids.includes(id)).map(({ rule }) => rule) }];
  });
  return components.flatMap(({ id, experiments }) => {
    const own = cured.filter(({ component }) => component === id);
    if (own.length === 0) return [];
    const rules = own.flatMap(({ rules: each }) => each);
    return experiments.filter((experiment) => experiment.rules?.some((rule) => rules.includes(rule)) ?? true);
  });
}

/** Analyses both trees; `cacheFolder` as for `analyze`. */
export async function proofOf(
  repo: Repo,
  plan: Plan,
  options: { experiments?: readonly Experiment[]; cacheFolder?: string | null } = {},
): Promise<Proof> {
  const analysis = options.cacheFolder === undefined ? {} : { cacheFolder: options.cacheFolder };
  return {
    before: { root: repo.root },
    after: { changes: changesOf(plan) },
    models: { before: await analyze(repo, analysis), after: await analyze(plan.after, analysis) },
    experiments: options.experiments ?? experimentsOf(plan),
  };
}

/** Every file the patches touch, as the last of them leaves it. */
export function changesOf(plan: Pick<Plan, "steps">): Map<string, string | null> {
  return new Map(patchesOf(plan).flatMap(({ files }) => files.map(({ path, after }) => [path, after])));
}
