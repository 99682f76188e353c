/** `harden`: the plan, where its patches lie, and what the lab says of them. */
import { z } from "zod";
import { StepAnswer } from "./plan.ts";
import { Head, RepoFields } from "./tool.ts";
import { LabAnswer } from "./verification.ts";

export const HardeningAnswer = Head.extend({
  repo: RepoFields,
  plan: z.string(),
  base: z.string(),
  steps: z.array(StepAnswer),
  /** Folder of the patch files, absolute; null when there was nothing to write. */
  out: z.string().nullable(),
  /** One file per patch, in the order in which they apply. */
  patchFiles: z.array(z.object({ component: z.string(), file: z.string() })),
  /** True when the working tree was changed. */
  applied: z.boolean(),
  /** Null when nothing was proven, because nothing was patched or proof was not asked for. */
  lab: LabAnswer.nullable(),
  seconds: z.number(),
});
export type HardeningAnswer = z.infer<typeof HardeningAnswer>;
