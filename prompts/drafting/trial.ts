/** The lab for one draft: the tree without it against the tree with it. */
import { analyze } from "../../analyzers/index.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Plan } from "../../components/plan.ts";
import { changesOf, experimentsOf } from "../../components/proof.ts";
import { everydayUse } from "../../verify/designs/index.ts";
import { openTrial, type Trial } from "../../verify/index.ts";
import type { VerifyRequest } from "../../verify/verification.ts";

/** What the caller decides of a lab request. */
export type TrialOptions = Pick<VerifyRequest, "scenarios" | "service" | "budgetSeconds" | "on" | "signal">;

/** What every draft has to leave as it is, whatever its component has an experiment for. */
const everyday = everydayUse({
  id: "draft/everyday-use",
  component: "draft",
  title: "Everyday use",
  hypothesis: "Every scenario is answered as before.",
});

/** `repo` is what lies on the disk; `draft` is the last step of `after`. */
export async function openTrialOf(repo: Repo, before: Plan, after: Plan, options: TrialOptions): Promise<Trial> {
  return openTrial({
    ...options,
    before: { root: repo.root, changes: changesOf(before) },
    after: { changes: changesOf(after) },
    models: {
      before: await analyze(before.after, { cacheFolder: null }),
      after: await analyze(after.after, { cacheFolder: null }),
    },
    experiments: [everyday, ...experimentsOf({ steps: after.steps.slice(-1) })],
  });
}
