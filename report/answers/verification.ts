/** `verify`: what the lab measured and the word it came to, for each experiment. */
import { z } from "zod";
import type { ExperimentVerdict } from "../../verify/experiment.ts";
import type { BootReport, Verification } from "../../verify/verification.ts";
import { Head, head, RepoFields } from "./tool.ts";

export const VerdictAnswer = z.object({
  experiment: z.string(),
  component: z.string(),
  title: z.string(),
  verdict: z.enum(["improved", "unchanged", "regressed", "broken", "inconclusive", "not-run"]),
  reason: z.string(),
  figures: z.array(
    z.object({ measure: z.string(), unit: z.string(), before: z.array(z.number()), after: z.array(z.number()) }),
  ),
  runs: z.array(z.string()),
});
export type VerdictAnswer = z.infer<typeof VerdictAnswer>;

const Booted = z.object({ ok: z.boolean(), reason: z.string().nullable(), log: z.array(z.string()) });

export const LabAnswer = z.object({
  id: z.string(),
  parts: z.array(z.string()),
  booted: z.object({ before: Booted, after: Booted }),
  verdicts: z.array(VerdictAnswer),
  runs: z.array(
    z.object({
      id: z.string(),
      experiment: z.string(),
      side: z.enum(["before", "after"]),
      round: z.int(),
      measures: z.record(z.string(), z.number()),
      notes: z.array(z.string()),
    }),
  ),
  notDriven: z.array(z.object({ what: z.string(), why: z.string() })),
  outsideHosts: z.array(z.string()),
  notes: z.array(z.string()),
  timings: z.record(z.string(), z.number()),
});
export type LabAnswer = z.infer<typeof LabAnswer>;

export const VerificationAnswer = Head.extend({ repo: RepoFields, lab: LabAnswer });
export type VerificationAnswer = z.infer<typeof VerificationAnswer>;

export function verificationAnswer(
  verification: Verification,
  repo: { root: string; commit: string | null },
): VerificationAnswer {
  return { ...head, repo: { root: repo.root, commit: repo.commit }, lab: labAnswer(verification) };
}

export function labAnswer(verification: Verification): LabAnswer {
  const { id, parts, booted, verdicts, runs, notDriven, outsideHosts, notes, timings } = verification;
  return {
    id,
    parts: [...parts],
    booted: { before: bootAnswer(booted.before), after: bootAnswer(booted.after) },
    verdicts: verdicts.map(verdictAnswer),
    runs: runs.map((run) => ({
      id: run.id,
      experiment: run.experiment,
      side: run.side,
      round: run.round,
      measures: finite(run.measures),
      notes: [...run.notes, ...(run.trouble === undefined ? [] : [run.trouble])],
    })),
    notDriven: notDriven.map(({ what, why }) => ({ what, why })),
    outsideHosts: [...outsideHosts],
    notes: [...notes],
    timings: { ...timings },
  };
}

/**
 * What the verdicts come to: `worse` when a patch regressed or broke something, `unproven` when no experiment came to a word,
 * `sound` otherwise (also where there was nothing to try).
 */
export function standingOf({ verdicts }: Pick<LabAnswer, "verdicts">): "sound" | "unproven" | "worse" {
  if (verdicts.some(({ verdict }) => verdict === "regressed" || verdict === "broken")) return "worse";
  const isMute = verdicts.every(({ verdict }) => verdict === "inconclusive" || verdict === "not-run");
  return verdicts.length > 0 && isMute ? "unproven" : "sound";
}

/** JSON has no NaN and no infinity: a measure that was not taken is left out. */
function finite(measures: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(measures).filter(([, value]) => Number.isFinite(value)));
}

function bootAnswer(report: BootReport): z.infer<typeof Booted> {
  return report.ok ? { ok: true, reason: null, log: [] } : { ok: false, reason: report.reason, log: [...report.log] };
}

function verdictAnswer({
  experiment,
  component,
  title,
  verdict,
  reason,
  figures,
  runs,
}: ExperimentVerdict): VerdictAnswer {
  return {
    experiment,
    component,
    title,
    verdict,
    reason,
    figures: figures.map((each) => ({
      measure: each.measure,
      unit: each.unit,
      before: each.before.filter(Number.isFinite),
      after: each.after.filter(Number.isFinite),
    })),
    runs: [...runs],
  };
}
