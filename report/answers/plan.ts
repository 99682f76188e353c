/** `plan` and `patch`: the ordered steps that would shore the app up, with or without their diffs. */
import { z } from "zod";
import type { Plan, PlanStep } from "../../components/plan.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Patch } from "../../patches/edit.ts";
import { shown } from "../../prompts/fence.ts";
import { type Task, tasksOf } from "../../prompts/task.ts";
import { FindingAnswer, findingAnswer } from "./assessment.ts";
import { Head, head, Place, RepoFields } from "./tool.ts";

const BriefAnswer = z.object({
  findingId: z.string(),
  where: z.object({ file: z.string(), line: z.int() }),
  why: z.string(),
  constraints: z.array(z.string()),
  acceptance: z.string(),
  rule: z.string(),
  fingerprint: z.string(),
  routes: z.array(z.string()),
  path: z.array(Place.extend({ label: z.string() })),
  /** The lines it is about; secrets in them are named instead of shown. */
  excerpts: z.array(Place.extend({ text: z.string() })),
  /** Files that may be changed, and folders in which new ones may be made. */
  files: z.array(z.string()),
  newIn: z.array(z.string()),
  /** Commands that tell whether it is done. */
  checks: z.array(z.object({ command: z.string(), expects: z.string() })),
});

export const PatchAnswer = z.object({
  id: z.string(),
  component: z.string(),
  title: z.string(),
  findings: z.array(z.string()),
  files: z.array(
    z.object({ path: z.string(), change: z.enum(["added", "changed", "removed"]), added: z.int(), removed: z.int() }),
  ),
  review: z.object({ level: z.enum(["glance", "read", "full"]), reason: z.string() }),
  services: z.array(z.string()),
  env: z.array(z.object({ name: z.string(), example: z.string(), note: z.string() })),
  notes: z.array(z.string()),
  /** The model that wrote it; left out where a recipe did. */
  draftedBy: z.string().optional(),
  /** The unified diff; left out where it would only repeat a file. */
  diff: z.string().optional(),
});
export type PatchAnswer = z.infer<typeof PatchAnswer>;

const ConflictAnswer = z.object({ file: z.string(), reason: z.string() });

export const StepAnswer = z.object({
  component: z.string(),
  title: z.string(),
  reason: z.string(),
  outcome: z.enum(["patch", "nothing", "conflict"]),
  /** Why there is no patch; null when there is one. */
  why: z.string().nullable(),
  findings: z.array(FindingAnswer),
  patch: PatchAnswer.nullable(),
  conflicts: z.array(ConflictAnswer),
  briefs: z.array(BriefAnswer),
});
export type StepAnswer = z.infer<typeof StepAnswer>;

export const PlanAnswer = Head.extend({
  repo: RepoFields,
  plan: z.string(),
  /** Hash of the tree that the plan was made for. */
  base: z.string(),
  steps: z.array(StepAnswer),
});
export type PlanAnswer = z.infer<typeof PlanAnswer>;

/** The plan as an answer; `diffs` adds each patch's unified diff. */
export function planAnswer(plan: Plan, repo: Repo, diffs: boolean): PlanAnswer {
  const steps = plan.steps.map((step) => stepAnswer(step, repo, diffs));
  return { ...head, repo: { root: repo.root, commit: repo.commit }, plan: plan.id, base: plan.base, steps };
}

function stepAnswer(step: PlanStep, repo: Repo, diffs: boolean): StepAnswer {
  const { component, title, reason, outcome } = step;
  const conflicts =
    outcome.kind === "conflict" ? outcome.conflicts.map(({ file, reason: why }) => ({ file, reason: why })) : [];
  return {
    component,
    title,
    reason,
    outcome: outcome.kind,
    why:
      outcome.kind === "nothing"
        ? outcome.reason
        : conflicts[0] === undefined
          ? null
          : `${conflicts[0].file}: ${conflicts[0].reason}`,
    findings: step.findings.map(findingAnswer),
    patch: outcome.kind === "patch" ? patchAnswer(outcome.patch, diffs) : null,
    conflicts,
    briefs: tasksOf(step, repo).map(briefAnswer),
  };
}

export function patchAnswer(patch: Patch, diffs: boolean): PatchAnswer {
  const { id, component, title, review } = patch;
  return {
    id,
    component,
    title,
    findings: [...patch.findings],
    files: patch.files.map(({ path, before, after, added, removed }) => ({
      path,
      change: before === null ? "added" : after === null ? "removed" : "changed",
      added,
      removed,
    })),
    review: { level: review.level, reason: review.reason },
    services: [...patch.services],
    env: patch.env.map(({ name, example, note }) => ({ name, example, note })),
    notes: [...patch.notes],
    ...(patch.draftedBy === undefined ? {} : { draftedBy: patch.draftedBy }),
    ...(diffs ? { diff: patch.diff } : {}),
  };
}

function briefAnswer({ finding, brief, excerpts, touchable, checks }: Task): z.infer<typeof BriefAnswer> {
  const { findingId, where, why, constraints, acceptance } = brief;
  return {
    findingId,
    where: { file: where.file, line: where.line },
    why,
    constraints: [...constraints],
    acceptance,
    rule: finding.rule,
    fingerprint: finding.fingerprint,
    routes: [...finding.routes],
    path: finding.path.map(({ file, line, label }) => ({ file, line, label })),
    excerpts: excerpts.map(({ file, line, text }) => ({ file, line, text: shown(text) })),
    files: [...touchable.files],
    newIn: [...touchable.newIn],
    checks: checks.map(({ command, expects }) => ({ command, expects })),
  };
}
