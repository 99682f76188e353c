/** Gives the findings of a plan the ids that `assess` shows: a plan's steps judge one component at a time and count anew. */
import type { Judgement } from "../components/findings.ts";
import type { Plan, PlanStep } from "../components/plan.ts";

/** The same plan; findings that only later trees have get ids behind those of the assessment. */
export function withAssessmentIds(plan: Plan, { findings, hidden, suppressed }: Judgement): Plan {
  const known = [...findings, ...hidden, ...suppressed.map(({ finding }) => finding)];
  const ids = new Map(known.map(({ fingerprint, id }) => [fingerprint, id]));
  for (const { fingerprint } of plan.steps.flatMap((step) => step.findings)) {
    if (!ids.has(fingerprint)) ids.set(fingerprint, `F${ids.size + 1}`);
  }
  const steps = plan.steps.map((step) => renamed(step, ids));
  return { ...plan, steps, briefs: steps.flatMap((step) => step.briefs) };
}

function renamed(step: PlanStep, ids: ReadonlyMap<string, string>): PlanStep {
  const idOf = new Map(step.findings.map(({ id, fingerprint }) => [id, ids.get(fingerprint) ?? id]));
  const rename = (id: string): string => idOf.get(id) ?? id;
  const briefs = step.briefs.map((brief) => ({ ...brief, findingId: rename(brief.findingId) }));
  const { outcome } = step;
  return {
    ...step,
    findings: step.findings.map((finding) => ({ ...finding, id: rename(finding.id) })).sort(byId),
    briefs,
    outcome:
      outcome.kind === "patch"
        ? { kind: "patch", patch: { ...outcome.patch, findings: outcome.patch.findings.map(rename).sort(byNumber) } }
        : outcome,
  };
}

function byId(a: { id: string }, b: { id: string }): number {
  return byNumber(a.id, b.id);
}

/** `F9` before `F10`. */
function byNumber(a: string, b: string): number {
  return Number(a.slice(1)) - Number(b.slice(1));
}
