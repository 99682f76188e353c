/** Passes in, measures out. */
import { together } from "../measures.ts";
import { percentile } from "../statistics/summary.ts";
import type { Driven, Pass } from "./drive.ts";

/** The measures of one workload, named `<as>.<measure>` as `verify/measures.ts` lists them. */
export function passMeasures(
  as: string,
  { passes, windowSeconds }: Driven,
  undriven: number,
  patienceMilliseconds: number,
): Record<string, number> {
  const count = (counts: (pass: Pass) => boolean): number => passes.filter(counts).length;
  const lostBy = (...why: string[]): number => count(({ end }) => end.kind === "lost" && why.includes(end.why));
  const ok = count(({ end }) => end.kind === "ok");
  const times = passes.map((pass) => waited(pass, patienceMilliseconds));
  const measures: Record<string, number> = {
    passes: passes.length,
    requests: passes.reduce((sum, { requests }) => sum + requests, 0),
    ok,
    failed: count(({ end }) => end.kind === "failed"),
    lost: count(({ end }) => end.kind === "lost"),
    timeouts: lostBy("timeout"),
    resets: lostBy("reset", "refused"),
    unavailable: lostBy("unavailable"),
    refused: count(isRefused),
    undriven,
    perSecond: windowSeconds > 0 ? ok / windowSeconds : 0,
  };
  if (passes.length > 0) {
    measures["okShare"] = ok / passes.length;
    if (ok > 0) measures["bytesPerPass"] = bytesOf(passes) / ok;
    for (const [name, percent] of [
      ["p50", 50],
      ["p95", 95],
      ["p99", 99],
      ["max", 100],
    ] as const) {
      measures[name] = percentile(times, percent) ?? 0;
    }
  }
  return Object.fromEntries(Object.entries(measures).map(([name, value]) => [`${as}.${name}`, rounded(value)]));
}

/** Counts and shares over all workloads of a run, named `all.<measure>`. */
export function togetherMeasures(driven: readonly Driven[]): Record<string, number> {
  const passes = driven.flatMap((one) => one.passes);
  const windowSeconds = Math.max(0, ...driven.map((one) => one.windowSeconds));
  const measures = Object.entries(passMeasures(together, { passes, windowSeconds }, 0, 0));
  return Object.fromEntries(measures.filter(([name]) => !/\.(p\d+|max|undriven|bytesPerPass)$/.test(name)));
}

/** What went wrong in how many passes, the most frequent first, for the run's notes. */
export function passTroubles(as: string, { passes }: Driven): string[] {
  const counts = new Map<string, number>();
  for (const { end } of passes) {
    if (end.kind !== "ok") counts.set(end.reason, (counts.get(end.reason) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.slice(0, 4).map(([reason, times]) => `${as}: ${times} of ${passes.length} passes: ${reason}`);
}

function bytesOf(passes: readonly Pass[]): number {
  return passes.reduce((sum, { end, bytes }) => (end.kind === "ok" ? sum + bytes : sum), 0);
}

/** A user who never got an answer waited at least as long as a client waits. */
function waited({ end, milliseconds }: Pass, patienceMilliseconds: number): number {
  return end.kind === "lost" ? Math.max(milliseconds, patienceMilliseconds) : milliseconds;
}

/** 429, whether or not the scenario expects it: a limit that bites is to be seen. */
function isRefused({ end }: Pass): boolean {
  if (end.kind === "ok") return end.answer.status === 429;
  return end.status === 429;
}

function rounded(value: number): number {
  return Number(value.toFixed(value < 10 ? 4 : 1));
}
