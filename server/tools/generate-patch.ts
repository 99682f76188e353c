/** `generate_patch`: the diffs of a plan, or of some of its components, as one patch that applies as a whole. */
import { z } from "zod";
import { openRepo } from "../../analyzers/repo/disk.ts";
import { planHardening, type Plan } from "../../components/plan.ts";
import { combinePatches } from "../../patches/combine.ts";
import { clip, componentIds, nextActions } from "../shapes.ts";
import { defineTool, Refusal } from "../tool.ts";

/** Leaves room for the rest of the answer; diffs are cut at line ends and read on with `offset`. */
const diffLength = 4500;

export const generatePatch = defineTool({
  name: "generate_patch",
  title: "Generate the patch",
  description:
    "The unified diff of a plan, or of some of its components, as one patch that git apply takes and that apply_patch writes as a whole. Nothing is written. Long diffs come in pieces: call again with offset.",
  input: z.strictObject({
    planId: z.string(),
    components: componentIds.describe("Only these components of the plan, composed anew in plan order."),
    offset: z.int().min(0).default(0).describe("Where to read on in a long diff."),
  }),
  output: z.object({
    patchId: z.string(),
    summary: z.string(),
    components: z.array(z.string()),
    files: z.array(
      z.object({ path: z.string(), change: z.enum(["added", "changed", "removed"]), added: z.int(), removed: z.int() }),
    ),
    diff: z.string(),
    nextOffset: z.int().nullable(),
    review: z.string(),
    env: z.array(z.object({ name: z.string(), note: z.string() })),
    notes: z.array(z.string()),
    nextActions,
  }),
  effect: "reads",
  async handle({ planId, components, offset }, { session }) {
    const planned = session.plans.get(planId);
    const plan = components === undefined ? planned.plan : await narrowed(planned, components);
    const patches = plan.steps.flatMap(({ outcome }) => (outcome.kind === "patch" ? [outcome.patch] : []));
    const patch = combinePatches(patches);
    if (patch === null)
      throw new Refusal(
        "There is nothing to patch in this plan.",
        "plan_hardening says why, step by step, and lists the briefs.",
      );
    const patchId = session.patches.put(`patch_${patch.id}`, { root: planned.root, patch, plan });
    const end = pieceEnd(patch.diff, offset);
    return {
      patchId,
      summary: `${patch.files.length} files, +${total(patch.files, "added")} -${total(patch.files, "removed")}.`,
      components: patches.map(({ component }) => component),
      files: patch.files.slice(0, 20).map(({ path, before, after, added, removed }) => ({
        path: clip(path, 160),
        change: before === null ? ("added" as const) : after === null ? ("removed" as const) : ("changed" as const),
        added,
        removed,
      })),
      diff: patch.diff.slice(offset, end),
      nextOffset: end < patch.diff.length ? end : null,
      review: `${patch.review.level}: ${patch.review.reason}`,
      env: patch.env.slice(0, 10).map(({ name, note }) => ({ name, note: clip(note, 120) })),
      notes: patch.notes.slice(0, 8).map((note) => clip(note, 200)),
      nextActions: [
        ...(end < patch.diff.length
          ? [`generate_patch with the same arguments and offset ${end} for the rest of the diff`]
          : []),
        `apply_patch with patchId "${patchId}" for a dry run`,
        `verify_stack with patchId "${patchId}" to prove it first`,
      ],
    };
  },
});

async function narrowed({ root, plan }: { root: string; plan: Plan }, components: readonly string[]): Promise<Plan> {
  const unknown = components.filter((id) => !plan.steps.some(({ component }) => component === id));
  if (unknown.length > 0) {
    throw new Refusal(
      `The plan has no step for ${unknown.join(", ")}.`,
      `Its steps are: ${plan.steps.map(({ component }) => component).join(", ")}.`,
    );
  }
  return planHardening(openRepo(root), { components });
}

function pieceEnd(diff: string, offset: number): number {
  if (diff.length - offset <= diffLength) return diff.length;
  const lineEnd = diff.lastIndexOf("\n", offset + diffLength);
  return lineEnd > offset ? lineEnd + 1 : offset + diffLength;
}

function total(files: readonly { added: number; removed: number }[], side: "added" | "removed"): number {
  return files.reduce((sum, file) => sum + file[side], 0);
}
