/** `plan_hardening`: which patches would be written, in which order, and what stays to be done by hand. */
import { z } from "zod";
import { planHardening } from "../../components/plan.ts";
import { components as registry } from "../../components/registry.ts";
import { clip, componentIds, nextActions, path } from "../shapes.ts";
import { readTarget } from "../target.ts";
import { defineTool, Refusal } from "../tool.ts";

export const planHardeningTool = defineTool({
  name: "plan_hardening",
  title: "Plan the patches",
  description:
    "Orders the components to add and drafts each patch in memory (nothing is written): files, new services and environment variables, review level, and briefs for what must be done by hand. Takes a path, answers with a planId for generate_patch and verify_stack.",
  input: z.strictObject({
    path,
    components: componentIds.describe("Only these components; default all that have findings."),
    findings: z
      .array(z.string())
      .min(1)
      .optional()
      .describe("Only these findings: rules or fingerprints, or ids of the current assessment."),
  }),
  output: z.object({
    planId: z.string(),
    summary: z.string(),
    steps: z.array(
      z.object({
        component: z.string(),
        outcome: z.enum(["patch", "nothing", "conflict"]),
        why: z.string(),
        fixes: z.int(),
        files: z.array(z.string()).describe("path +added -removed"),
        review: z.string().nullable(),
        services: z.array(z.string()),
        env: z.array(z.string()),
      }),
    ),
    briefs: z.array(
      z.object({
        component: z.string(),
        findingId: z.string(),
        at: z.string(),
        why: z.string(),
        constraints: z.array(z.string()),
        acceptance: z.string(),
      }),
    ),
    moreBriefs: z.int(),
    nextActions,
  }),
  effect: "reads",
  async handle({ path: where, components, findings }, { session }) {
    const unknown = (components ?? []).filter((id) => !registry.some((component) => component.id === id));
    if (unknown.length > 0)
      throw new Refusal(
        `There is no component ${unknown.join(", ")}.`,
        `There are: ${registry.map(({ id }) => id).join(", ")}.`,
      );
    const { folder, repo } = await readTarget(where, session.options);
    const plan = await planHardening(repo, {
      ...(components ? { components } : {}),
      ...(findings ? { findings } : {}),
    });
    const planId = session.plans.put(`plan_${plan.id}`, { root: folder, plan });
    const patched = plan.steps.filter(({ outcome }) => outcome.kind === "patch");
    const briefs = plan.steps.flatMap((step) => step.briefs.map((brief) => ({ component: step.component, ...brief })));
    const shown = briefs.slice(0, 5);
    return {
      planId,
      summary: `${patched.length} patches, ${briefs.length} briefs to do by hand.`,
      steps: plan.steps.map((step) => {
        const patch = step.outcome.kind === "patch" ? step.outcome.patch : null;
        return {
          component: step.component,
          outcome: step.outcome.kind,
          why: clip(whyOf(step.outcome, step.reason)),
          fixes: patch?.findings.length ?? 0,
          files: (patch?.files ?? [])
            .slice(0, 12)
            .map((file) => `${clip(file.path, 120)} +${file.added} -${file.removed}`),
          review: patch === null ? null : `${patch.review.level}: ${clip(patch.review.reason, 160)}`,
          services: patch?.services ?? [],
          env: (patch?.env ?? []).map(({ name }) => name),
        };
      }),
      briefs: shown.map(({ component, findingId, where: place, why, constraints, acceptance }) => ({
        component,
        findingId,
        at: `${place.file}:${place.line}`,
        why: clip(why),
        constraints: constraints.slice(0, 5).map((each) => clip(each, 160)),
        acceptance: clip(acceptance, 200),
      })),
      moreBriefs: briefs.length - shown.length,
      nextActions: [
        ...(patched.length > 0
          ? [
              `generate_patch with planId "${planId}" for the diffs`,
              `verify_stack with planId "${planId}" to prove them under load`,
            ]
          : ["Work through the briefs; there is nothing a recipe can safely change."]),
        ...(briefs.length > 0 ? [`get_brief with planId "${planId}" for all that is needed to act on a brief`] : []),
      ],
    };
  },
});

function whyOf(
  outcome:
    | { kind: "patch" }
    | { kind: "nothing"; reason: string }
    | { kind: "conflict"; conflicts: { file: string; reason: string }[] },
  reason: string,
): string {
  switch (outcome.kind) {
    case "patch":
      return reason;
    case "nothing":
      return outcome.reason;
    case "conflict":
      return outcome.conflicts.map((conflict) => `${conflict.file}: ${conflict.reason}`).join("; ");
  }
}
