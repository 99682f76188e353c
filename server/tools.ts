/** Every tool there is, in the order in which an agent would use them. */
import type { Tool } from "./tool.ts";
import { applyPatchTool } from "./tools/apply-patch.ts";
import { assessRepo } from "./tools/assess-repo.ts";
import { cancelRun } from "./tools/cancel-run.ts";
import { generatePatch } from "./tools/generate-patch.ts";
import { getBrief } from "./tools/get-brief.ts";
import { getRun } from "./tools/get-run.ts";
import { planHardeningTool } from "./tools/plan-hardening.ts";
import { verifyStack } from "./tools/verify-stack.ts";

/** The schemas of one tool are of no concern to the list: arguments are parsed by `input` before `handle` sees them. */
export type AnyTool = Omit<Tool, "handle"> & {
  handle(args: never, call: Parameters<Tool["handle"]>[1]): Promise<Record<string, unknown>>;
};

export const tools: readonly AnyTool[] = [
  assessRepo,
  planHardeningTool,
  generatePatch,
  getBrief,
  applyPatchTool,
  verifyStack,
  getRun,
  cancelRun,
];
