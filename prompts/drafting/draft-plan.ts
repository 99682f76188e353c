/** Drafts for the briefs of a plan, one after the other, each on the tree that the ones before it leave. */
import { createHash } from "node:crypto";
import { analyze } from "../../analyzers/index.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Finding } from "../../components/finding.ts";
import { judge } from "../../components/findings.ts";
import type { Plan, PlanStep } from "../../components/plan.ts";
import { isScript } from "../../patches/editors/source.ts";
import { type Task, tasksOf } from "../task.ts";
import { draftPatch, type Drafting, type DraftRequest } from "./draft.ts";
import { openTrialOf, type TrialOptions } from "./trial.ts";

/** Each costs some minutes of the lab; `--finding` chooses which. */
const most = 3;

export interface PlanDraft {
  finding: Finding;
  drafting: Drafting;
}

export interface DraftedPlan {
  /** The plan with a step behind it for every draft that passed. */
  plan: Plan;
  drafts: readonly PlanDraft[];
  /** Briefs that could be drafted and were not asked for. */
  left: number;
}

export interface DraftOptions extends Pick<DraftRequest, "model" | "say" | "signal"> {
  trial: TrialOptions;
}

/** Rejects only when aborted, and when no lab can be opened at all. */
export async function draftPlan(repo: Repo, plan: Plan, options: DraftOptions): Promise<DraftedPlan> {
  const wanted = plan.steps
    .flatMap((step) => step.briefs.map((brief) => ({ step, brief })))
    .filter(({ brief }) => isScript(brief.where.file))
    .sort((a, b) => rank(a.brief.findingId) - rank(b.brief.findingId));
  const drafts: PlanDraft[] = [];
  let drafted = plan;
  for (const { step, brief } of wanted.slice(0, most)) {
    const task = await taskOn(drafted.after, step, brief.findingId);
    if (task === null) continue;
    const { finding } = task;
    const base = drafted;
    const drafting = await draftPatch({
      task,
      repo: base.after,
      model: options.model,
      openTrial: (attempt) => openTrialOf(repo, base, withDraft(base, task, attempt), options.trial),
      say: (what) => options.say(`${finding.id} ${finding.rule}: ${what}`),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    drafts.push({ finding, drafting });
    if (drafting.kind === "patch") drafted = withDraft(base, task, drafting);
  }
  return { plan: drafted, drafts, left: Math.max(0, wanted.length - most) };
}

/** `F12` -> 12: findings are numbered by rank. */
function rank(id: string): number {
  return Number(id.slice(1));
}

/** The task where it stands on the tree of now; null when the patches before it have taken the finding away. */
async function taskOn(tree: Repo, step: PlanStep, id: string): Promise<Task | null> {
  const { findings, hidden } = judge(await analyze(tree, { cacheFolder: null }), undefined, { baseline: false });
  const was = step.findings.find((finding) => finding.id === id);
  const now = [...findings, ...hidden].find(({ fingerprint }) => fingerprint === was?.fingerprint);
  const brief = step.briefs.find(({ findingId }) => findingId === id);
  if (was === undefined || now === undefined || brief === undefined) return null;
  const where = { file: now.file, line: now.line };
  const moved = { ...step, findings: [{ ...now, id }], briefs: [{ ...brief, where }] };
  return tasksOf(moved, tree)[0] ?? null;
}

/** The finding and its brief move from the step of their component to one of their own. */
function withDraft(
  plan: Plan,
  { component, finding, brief }: Task,
  { patch, after }: Pick<Extract<Drafting, { kind: "patch" }>, "patch" | "after">,
): Plan {
  const steps = plan.steps.map((step) => {
    const findings = step.findings.filter((each) => each.fingerprint !== finding.fingerprint);
    return findings.length === step.findings.length
      ? step
      : { ...step, findings, briefs: step.briefs.filter(({ findingId }) => findingId !== brief.findingId) };
  });
  const step: PlanStep = {
    component,
    title: patch.title,
    reason: "Last: what no recipe writes, drafted by a model on the tree that the recipes leave.",
    findings: [finding],
    outcome: { kind: "patch", patch },
    briefs: [],
  };
  const id = createHash("sha256").update(`${plan.id}\n${patch.id}`).digest("hex").slice(0, 12);
  const all = [...steps, step];
  return { ...plan, id, steps: all, briefs: all.flatMap((each) => each.briefs), after };
}
