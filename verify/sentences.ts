/** Puts measures and faults into words. */
import type { Design, Expectation, Fault, Run } from "./experiment.ts";
import { measureKind, together } from "./measures.ts";
import { middleRatio, valuesOf } from "./statistics/expectation.ts";

const dialWords = {
  hang: "hangs",
  error: "answers with errors",
  reset: "cuts connections",
  slow: "is slow",
  reject: "refuses mails",
};

/** `while mail hangs`; empty for a design without a fault. Dials that only slow things down beside a kill are left out. */
export function faultPhrase(faults: readonly Fault[]): string {
  const hasKill = faults.some(({ kind }) => kind !== "mail" && kind !== "http");
  const told = faults.filter((fault) => !(hasKill && "dial" in fault && fault.dial === "slow"));
  return told.map(oneFault).join(" and ");
}

function oneFault(fault: Fault): string {
  if (fault.kind === "mail") return `while mail ${dialWords[fault.dial]}`;
  if (fault.kind === "http") {
    return `while ${fault.host === "*" ? "every other host" : fault.host} ${dialWords[fault.dial]}`;
  }
  if (fault.kind === "kill-replica") return `while a replica gets ${fault.signal}`;
  if (fault.kind === "stop-backing") return `with ${fault.backing} stopped`;
  return fault.kind === "rolling-restart" ? "during a rolling restart" : "when the process at work is killed";
}

/** `p95 of checkout 10,000 ms (no answer) before, 41 ms after`. */
export function measurePhrase(
  { kind, measure }: Expectation,
  design: Design,
  before: readonly Run[],
  after: readonly Run[],
): string {
  const patience = (design.patienceSeconds ?? defaultPatienceSeconds) * 1000;
  const [first, second] = [valuesOf(measure, before), valuesOf(measure, after)];
  const side = (values: readonly number[]): string => spread(values, measure, patience);
  const middle = kind === "goal" ? null : middleRatio(first, second);
  const times = middle === null ? "" : ` (ratio ${middle.toFixed(2)})`;
  return `${labelOf(measure)} ${side(first)} before, ${side(second)} after${times}`;
}

/** How long a client waits where the design does not say. */
export const defaultPatienceSeconds = 10;

function labelOf(measure: string): string {
  const label = measureKind(measure)?.label ?? measure;
  const workload = measure.slice(0, Math.max(0, measure.lastIndexOf(".")));
  return workload === together ? label.replace(/ ?%/, "").trim() : label.replace("%", workload);
}

/** One value, or the smallest to the largest where rounds differ. */
function spread(values: readonly number[], measure: string, patience: number): string {
  if (values.length === 0) return "not measured";
  const unit = measureKind(measure)?.unit ?? "";
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => amount(value, unit));
  const suffix = unit === "ms" || unit === "MB" ? ` ${unit}` : "";
  const range = least === most ? least : `${least} to ${most}`;
  const isUnanswered = unit === "ms" && measure.includes(".") && Math.min(...values) >= patience;
  return `${range}${suffix}${isUnanswered ? " (no answer)" : ""}`;
}

function amount(value: number, unit: string): string {
  if (unit === "share") return `${(value * 100).toFixed(value > 0.99 && value < 1 ? 2 : 0)} %`;
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 1 : 0 });
}
