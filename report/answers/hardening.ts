/** `harden`: the plan, where its patches lie, and what the lab says of them. */
import { z } from "zod";
import type { DraftedPlan } from "../../prompts/drafting/draft-plan.ts";
import { shown } from "../../prompts/fence.ts";
import { StepAnswer } from "./plan.ts";
import { Head, RepoFields } from "./tool.ts";
import { LabAnswer } from "./verification.ts";

/** What became of the briefs that a model was asked to write. */
const DraftingAnswer = z.object({
  /** Null when no model is set up; `why` says so then. */
  model: z.string().nullable(),
  why: z.string().nullable(),
  drafts: z.array(
    z.object({
      finding: z.string(),
      rule: z.string(),
      outcome: z.enum(["patch", "refused"]),
      /** The gate that it did not pass, and why; null for a patch. */
      gate: z.string().nullable(),
      why: z.string().nullable(),
      log: z.array(z.string()),
      passed: z.array(z.object({ gate: z.string(), note: z.string().nullable() })),
    }),
  ),
  /** Briefs that could be drafted, too, and were left: they are drafted when asked for by name. */
  left: z.int(),
});
export type DraftingAnswer = z.infer<typeof DraftingAnswer>;

export const HardeningAnswer = Head.extend({
  repo: RepoFields,
  plan: z.string(),
  base: z.string(),
  steps: z.array(StepAnswer),
  /** Null when no draft was asked for. */
  drafting: DraftingAnswer.nullable(),
  /** Folder of the patch files, with the briefs in `briefs/`, absolute; null when there was nothing to write. */
  out: z.string().nullable(),
  /** One file per patch, in the order in which they apply. */
  patchFiles: z.array(z.object({ component: z.string(), patch: z.string(), file: z.string() })),
  /** True when the working tree was changed. */
  applied: z.boolean(),
  /** Null when nothing was proven, because nothing was patched or proof was not asked for. */
  lab: LabAnswer.nullable(),
  seconds: z.number(),
});
export type HardeningAnswer = z.infer<typeof HardeningAnswer>;

export function draftingAnswer(model: string, { drafts, left }: DraftedPlan): DraftingAnswer {
  return {
    model,
    why: null,
    drafts: drafts.map(({ finding: { id, rule }, drafting }) => ({
      finding: id,
      rule,
      outcome: drafting.kind,
      gate: drafting.kind === "refused" ? drafting.gate : null,
      why: drafting.kind === "refused" ? drafting.why : null,
      log: drafting.kind === "refused" ? drafting.log.map(shown) : [],
      passed: drafting.kind === "refused" ? [] : drafting.passed.map(({ gate, note }) => ({ gate, note })),
    })),
    left,
  };
}
