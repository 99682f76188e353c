/** Every number that a run can carry: its unit, its meaning and how its noise behaves. */

/**
 * How chance moves a measure: `count` like rare events, `share` like a part of the passes, `scale` by a factor, `none` not at
 * all: what is counted is there or not by what the app does.
 */
type Noise = "count" | "share" | "scale" | "none";

export interface MeasureKind {
  name: string;
  unit: string;
  meaning: string;
  noise: Noise;
  /** How a sentence names it; `%` stands for the workload. */
  label: string;
}

/** The name under which all workloads of a run are counted together: `all.lost`. Times are not: they mean different things. */
export const together = "all";

/** Read off every workload, as `<workload>.<name>`. A pass is one way through the scenario's measured steps. */
export const workloadMeasures: readonly MeasureKind[] = [
  { name: "passes", unit: "passes", meaning: "passes begun in the window", noise: "count", label: "% passes" },
  { name: "requests", unit: "requests", meaning: "HTTP requests sent", noise: "count", label: "% requests" },
  {
    name: "ok",
    unit: "passes",
    meaning: "passes whose every answer was an expected one",
    noise: "count",
    label: "good % passes",
  },
  {
    name: "failed",
    unit: "passes",
    meaning: "passes ended by an answer that was not expected",
    noise: "count",
    label: "failed % passes",
  },
  {
    name: "lost",
    unit: "passes",
    meaning: "passes ended by no answer: timeout, reset, refused connection, or a 502, 503 or 504 of the load balancer",
    noise: "count",
    label: "lost % passes",
  },
  {
    name: "timeouts",
    unit: "passes",
    meaning: "lost passes whose client gave up waiting",
    noise: "count",
    label: "% passes without an answer in time",
  },
  {
    name: "resets",
    unit: "passes",
    meaning: "lost passes whose connection was cut or refused",
    noise: "count",
    label: "% passes cut off",
  },
  {
    name: "unavailable",
    unit: "passes",
    meaning: "lost passes answered by the load balancer alone",
    noise: "count",
    label: "% passes answered by the balancer alone",
  },
  {
    name: "refused",
    unit: "passes",
    meaning: "passes answered 429 by a rate limit",
    noise: "count",
    label: "% passes refused with 429",
  },
  {
    name: "undriven",
    unit: "users",
    meaning: "virtual users whose preparing steps failed",
    noise: "count",
    label: "% users who could not get ready",
  },
  {
    name: "okShare",
    unit: "share",
    meaning: "ok passes among all passes",
    noise: "share",
    label: "share of good % passes",
  },
  {
    name: "perSecond",
    unit: "passes/s",
    meaning: "ok passes per second of the window",
    noise: "scale",
    label: "good % passes per second",
  },
  {
    name: "bytesPerPass",
    unit: "bytes",
    meaning: "bytes on the wire of the bodies of a good pass",
    noise: "scale",
    label: "bytes of %",
  },
  ...(["p50", "p95", "p99", "max"] as const).map((name) => ({
    name,
    unit: "ms",
    meaning: `${name === "max" ? "longest" : `${name.slice(1)}th percentile of`} time per pass, from its intended start; a lost pass counts as at least the client's patience`,
    noise: "scale" as const,
    label: name === "max" ? "longest % pass" : `${name} of %`,
  })),
];

/** Read off the whole stack and the world around it, under these very names. */
export const stackMeasures: readonly MeasureKind[] = [
  {
    name: "cpuMillisecondsPerRequest",
    unit: "ms",
    meaning: "user and system CPU time of all app processes, per request",
    noise: "scale",
    label: "CPU time per request",
  },
  {
    name: "queriesPerRequest",
    unit: "queries",
    meaning: "database queries per request",
    noise: "scale",
    label: "queries per request",
  },
  {
    name: "residentMegabytes",
    unit: "MB",
    meaning: "resident memory of all app processes at the end",
    noise: "scale",
    label: "resident memory",
  },
  {
    name: "machine.busy",
    unit: "share",
    meaning: "part of the whole machine's CPU time that was in use while the load ran, by whomever",
    noise: "scale",
    label: "machine busy",
  },
  {
    name: "mail.owed",
    unit: "mails",
    meaning: "mails that the accepted work owes",
    noise: "count",
    label: "mails owed",
  },
  {
    name: "mail.accepted",
    unit: "mails",
    meaning: "mails that the mail server accepted",
    noise: "count",
    label: "mails accepted",
  },
  {
    name: "mail.distinct",
    unit: "mails",
    meaning: "accepted mails without those beyond what was owed",
    noise: "count",
    label: "distinct mails",
  },
  {
    name: "mail.duplicates",
    unit: "mails",
    meaning: "accepted mails beyond what was owed to their user",
    noise: "count",
    label: "mails sent twice",
  },
  {
    name: "mail.missing",
    unit: "mails",
    meaning: "owed mails that never came",
    noise: "count",
    label: "mails missing",
  },
  {
    name: "http.requests",
    unit: "requests",
    meaning: "requests to other hosts",
    noise: "count",
    label: "requests to other hosts",
  },
  {
    name: "outside.repeated",
    unit: "effects",
    meaning: "mails and requests to other hosts that came again, the same, within the time the design gives",
    noise: "none",
    label: "mails and calls made again in the same tick",
  },
  {
    name: "outside.distinct",
    unit: "effects",
    meaning: "mails and requests to other hosts without the repeated ones",
    noise: "none",
    label: "mails and calls",
  },
];

/** The description behind a full measure name; null for a name the lab does not know. */
export function measureKind(measure: string): MeasureKind | null {
  const whole = stackMeasures.find(({ name }) => name === measure);
  if (whole) return whole;
  const dot = measure.lastIndexOf(".");
  if (dot < 1) return null;
  return workloadMeasures.find(({ name }) => name === measure.slice(dot + 1)) ?? null;
}
