/** `apply_patch`: writes a patch into the working tree, all of it or nothing; a dry run unless told otherwise. */
import { z } from "zod";
import { openRepo } from "../../analyzers/repo/disk.ts";
import { applyPatch } from "../../patches/apply/apply.ts";
import { clip, nextActions } from "../shapes.ts";
import { defineTool, Refusal } from "../tool.ts";

export const applyPatchTool = defineTool({
  name: "apply_patch",
  title: "Apply the patch",
  description:
    "Writes a patch from generate_patch into the repo: all of it or, when any file has changed since, nothing. dryRun (the default) only says what would happen. Undo with `shoreup undo` in the repo.",
  input: z.strictObject({
    patchId: z.string(),
    dryRun: z.boolean().default(true).describe("false writes the files."),
  }),
  output: z.object({
    summary: z.string(),
    applied: z.boolean(),
    files: z.array(z.string()),
    rejected: z.array(z.object({ file: z.string(), reason: z.string() })),
    nextActions,
  }),
  effect: "writes",
  async handle({ patchId, dryRun }, { session }) {
    const { root, patch } = session.patches.get(patchId);
    const files = patch.files.slice(0, 50).map(({ path }) => clip(path, 160));
    if (dryRun) {
      const repo = openRepo(root);
      const rejected = patch.files
        .filter(({ path, before }) => repo.read(path) !== before)
        .map(({ path }) => ({ file: clip(path, 160), reason: "it is not what the patch was made for" }));
      const clean = rejected.length === 0;
      return {
        summary: clean
          ? `${patch.files.length} files would be written. Nothing was.`
          : `${rejected.length} files have changed since; nothing would be written.`,
        applied: false,
        files,
        rejected: rejected.slice(0, 20),
        nextActions: [
          clean
            ? `apply_patch with patchId "${patchId}" and dryRun false to write them`
            : "plan_hardening again: the tree has changed",
        ],
      };
    }
    const outcome = await applyPatch(root, patch);
    if (outcome.kind === "failed")
      throw new Refusal(outcome.reason, "The tree is as it was. Mend the cause and call apply_patch again.");
    if (outcome.kind === "conflict") {
      return {
        summary: "Nothing was written: the tree is not what the patch was made for.",
        applied: false,
        files,
        rejected: outcome.conflicts.slice(0, 20).map(({ file, reason }) => ({ file: clip(file, 160), reason })),
        nextActions: ["plan_hardening again: the tree has changed"],
      };
    }
    const manifest = patch.files.some(({ path }) => path.endsWith("package.json"));
    return {
      summary: `${patch.files.length} files written.`,
      applied: true,
      files,
      rejected: [],
      nextActions: [
        ...(manifest
          ? [
              "Run the package manager's install in the repo: package.json has new dependencies, and the lockfile must follow.",
            ]
          : []),
        "Run the app's own tests.",
        "To take it back: shoreup undo, in the repo.",
      ],
    };
  },
});
