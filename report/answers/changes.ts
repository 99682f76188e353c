/** `apply` and `undo`: what was written into the working tree and how to take it back. */
import { z } from "zod";
import { PatchAnswer } from "./plan.ts";
import { Head, RepoFields } from "./tool.ts";

export const ApplyAnswer = Head.extend({
  repo: RepoFields,
  applied: z.boolean(),
  patches: z.array(PatchAnswer),
  /** Files written or removed, relative to the root. */
  files: z.array(z.string()),
  /** True when `--dry-run` kept everything as it was. */
  dryRun: z.boolean(),
  /** Half-done changes of an interrupted run that were rolled back first. */
  repaired: z.array(z.string()),
});
export type ApplyAnswer = z.infer<typeof ApplyAnswer>;

export const UndoAnswer = Head.extend({
  repo: z.object({ root: z.string() }),
  /** Patches taken back, newest first. */
  undone: z.array(z.object({ patch: z.string(), component: z.string(), files: z.array(z.string()) })),
  /** Patches that are still applied. */
  left: z.array(z.object({ patch: z.string(), component: z.string() })),
});
export type UndoAnswer = z.infer<typeof UndoAnswer>;
