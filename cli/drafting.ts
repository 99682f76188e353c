/** The part of `harden` that has a model write what no recipe does: off without a key, and nothing that a gate has not passed. */
import type { Repo } from "../analyzers/repo/repo.ts";
import type { Plan } from "../components/plan.ts";
import type { DraftingAnswer } from "../report/answers/hardening.ts";
import { untilInterrupted } from "./interrupt.ts";
import { labOptions, type ProofOptions } from "./proving.ts";
import type { Door } from "./verb.ts";

/** The plan with the drafts that passed, and what became of each. Without a model the plan is as it was, and the answer says why. */
export async function drafted(
  door: Door,
  repo: Repo,
  plan: Plan,
  options: ProofOptions,
): Promise<{ plan: Plan; drafting: DraftingAnswer }> {
  const { modelSettings } = await import("../prompts/client/settings.ts");
  const settings = modelSettings(process.env);
  if (settings.kind === "off")
    return { plan, drafting: { model: null, why: `${settings.why} ${settings.next}`, drafts: [], left: 0 } };
  const [{ openModel }, { draftPlan }, { draftingAnswer }] = await Promise.all([
    import("../prompts/client/model.ts"),
    import("../prompts/drafting/draft-plan.ts"),
    import("../report/answers/hardening.ts"),
  ]);
  const trial = await labOptions(door, repo, options, "draft");
  const outcome = await untilInterrupted(door, (signal) =>
    draftPlan(repo, plan, {
      model: openModel(settings),
      trial: { ...trial, signal },
      say: (step) => door.progress.stage("draft", step),
      signal,
    }),
  );
  return { plan: outcome.plan, drafting: draftingAnswer(settings.model, outcome) };
}
