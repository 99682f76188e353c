/** What goes into the lab and what comes out of it. */
import type { Model } from "../analyzers/model.ts";
import type { Experiment, ExperimentVerdict, Run, Scenario } from "./experiment.ts";

/** What the lab is doing, for a progress line. */
interface VerifyProgress {
  /** `prepare`, `boot`, `rehearse`, `experiment`, `close`; the boot side adds `install`, `build`, `migrate`, `database`. */
  stage: string;
  side: "before" | "after" | null;
  message: string;
}

export interface VerifyRequest {
  /** The original tree: what is on disk, read only, and what differs from that (text, or null for a file that is gone). */
  before: { root: string; changes?: ReadonlyMap<string, string | null> };
  /** The patched tree as its difference from the disk. */
  after: { changes: ReadonlyMap<string, string | null> };
  models: { before: Model; after: Model };
  experiments: readonly Experiment[];
  /** What users do. Null: what can be derived from the routes. `readScenarios` gives what the app's own file says. */
  scenarios: readonly Scenario[] | null;
  /** Name of the service to boot; default the one with the most routes. */
  service?: string;
  on?: (progress: VerifyProgress) => void;
  signal?: AbortSignal;
  /** No further round is begun after this many seconds from the start; default 240. */
  budgetSeconds?: number;
}

/** Whether a side came up; if not, in which stage it stopped (see `VerifyProgress`), why, and the last lines it printed. */
export type BootReport = { ok: true } | { ok: false; at: string; reason: string; log: readonly string[] };

export interface Verification {
  id: string;
  /** What each part really was: `Postgres 18.4 (embedded)`. */
  parts: readonly string[];
  booted: { before: BootReport; after: BootReport };
  /** One for each experiment asked for, in that order. */
  verdicts: readonly ExperimentVerdict[];
  runs: readonly Run[];
  /** Scenarios, or routes, that no load could be put on. */
  notDriven: readonly { what: string; why: string }[];
  /** Hosts outside that the app called and the lab answered for. */
  outsideHosts: readonly string[];
  notes: readonly string[];
  /** Seconds per phase; experiments under their ids. */
  timings: Readonly<Record<string, number>>;
}
