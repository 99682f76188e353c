/** Collects what a verification finds on its way. */
import { randomUUID } from "node:crypto";
import type { Experiment, ExperimentVerdict, Run } from "./experiment.ts";
import type { Side } from "./runtime.ts";
import type { BootReport, Verification } from "./verification.ts";

export interface Ledger {
  parts: Record<Side, Set<string>>;
  booted: { before: BootReport; after: BootReport };
  verdicts: Map<string, ExperimentVerdict>;
  runs: Run[];
  notDriven: Map<string, string>;
  outsideHosts: Set<string>;
  notes: Set<string>;
  timings: Record<string, number>;
}

const untried: BootReport = { ok: false, at: "copy", reason: "The boot was not tried.", log: [] };

export function openLedger(): Ledger {
  return {
    parts: { before: new Set(), after: new Set() },
    booted: { before: untried, after: untried },
    verdicts: new Map(),
    runs: [],
    notDriven: new Map(),
    outsideHosts: new Set(),
    notes: new Set(),
    timings: {},
  };
}

/** Runs a phase and adds its seconds to the timings. */
export async function timed<T>(ledger: Ledger, phase: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    const seconds = (performance.now() - began) / 1000;
    ledger.timings[phase] = Number(((ledger.timings[phase] ?? 0) + seconds).toFixed(2));
  }
}

/** A verdict that was reached without runs. */
export function settle(
  ledger: Ledger,
  experiment: Experiment,
  verdict: ExperimentVerdict["verdict"],
  reason: string,
): void {
  const { id, component, title } = experiment;
  ledger.verdicts.set(id, { experiment: id, component, title, verdict, reason, figures: [], runs: [] });
}

/** Closes the account: a verdict for every experiment asked for, in that order. */
export function closeLedger(ledger: Ledger, experiments: readonly Experiment[]): Verification {
  for (const experiment of experiments) {
    if (!ledger.verdicts.has(experiment.id))
      settle(ledger, experiment, "not-run", "The time budget ended before its turn.");
  }
  const { parts, booted, verdicts, runs, notDriven, outsideHosts, notes, timings } = ledger;
  return {
    id: `run_${randomUUID().slice(0, 8)}`,
    parts: partsOf(parts),
    booted,
    verdicts: experiments.flatMap(({ id }) => verdicts.get(id) ?? []),
    runs,
    notDriven: [...notDriven].map(([what, why]) => ({ what, why })),
    outsideHosts: [...outsideHosts].sort(),
    notes: [...notes],
    timings,
  };
}

/** What both sides have in common once, the rest with its side. */
function partsOf({ before, after }: Ledger["parts"]): string[] {
  const own = (side: Side, parts: Set<string>, other: Set<string>): string[] =>
    [...parts].filter((part) => !other.has(part)).map((part) => `${side}: ${part}`);
  return [
    ...[...before].filter((part) => after.has(part)),
    ...own("before", before, after),
    ...own("after", after, before),
  ];
}
