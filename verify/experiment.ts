/** The contract between the lab and whoever wants a thing proven: experiments are plain values, the lab knows no component. */
import type { Model } from "../analyzers/model.ts";

/** One HTTP request of a scenario. `{{name}}` in path, headers and body is replaced by a captured or built-in value (`{{unique}}`, `{{n}}`). */
export interface Step {
  name: string;
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** Statuses that count as success; default 200-399. */
  expect?: number[];
  /** The name of an earlier step of the same pass whose answer had another body: something was written in between. */
  differsFrom?: string;
  /**
   * Name -> JSON pointer into the answer's body, `cookie:<name>`, or `text:<pattern>`: the last match of a regular
   * expression in the body. Cookies are kept per user without asking.
   */
  capture?: Record<string, string>;
}

/** What a user does: `before` once per virtual user, then `measured` over and over. */
export interface Scenario {
  name: string;
  /** `checkout`, `login`, `read`, `upload`: what experiments ask for. */
  role: string;
  before: Step[];
  measured: Step[];
}

/** What an experiment may look at when it is fitted to an app. */
export interface Subject {
  before: Model;
  after: Model;
  scenarios: readonly Scenario[];
  /** What fails on the original and works on the patched app; not among `scenarios`. */
  cured?: readonly Scenario[];
}

/** Dials on the outside world and on the stack; the host `*` means every host. */
export type Fault =
  | { kind: "mail"; dial: "hang" | "reject" | "reset" | "slow"; milliseconds?: number }
  | {
      kind: "http";
      host: string;
      dial: "hang" | "error" | "reset" | "slow";
      milliseconds?: number;
      times?: number;
    }
  | { kind: "kill-replica"; signal: "SIGKILL" | "SIGTERM"; afterSeconds: number }
  | { kind: "rolling-restart"; afterSeconds: number }
  | { kind: "kill-worker"; signal: "SIGKILL"; when: "mid-job" }
  /** Stays down until the run is over, and is empty when it comes back. */
  | { kind: "stop-backing"; backing: "redis"; afterSeconds: number };

export interface Topology {
  /** More than one replica stands behind the load balancer. */
  replicas: number;
  /** Start the app's other process types (worker) where it has them. */
  processes: boolean;
  /** Every replica has the app's folder to itself, and a fresh one at each start: what hosts without a lasting disk give. */
  ownDisks?: true;
}

/** Load to put on. `open` sends at a fixed rate whatever comes back; `closed` keeps that many users busy; `once` sends each user's steps one time. */
export type Load =
  | { kind: "open"; perSecond: number; seconds: number }
  | { kind: "closed"; users: number; seconds: number }
  | { kind: "once"; users: number };

export interface Workload {
  scenario: Scenario;
  load: Load;
  /** Name under which the measures of this load appear, when there are several at once. */
  as: string;
  /** Every virtual user calls from an address of its own, unless all of them are one client (an attacker). */
  from?: "own-addresses" | "one-address";
  /** Work that every accepted pass owes to the outside world; how many mails that is, is learned from quiet passes. */
  owes?: "mail";
}

/** What is read off a run: `<workload>.<measure>`, e.g. `checkout.p95`, `checkout.lost`, `mail.duplicates`. Units stand in verify/measures.ts. */
export type Measure = string;

/**
 * When the hypothesis holds. `goal`: a number that must be met on the patched side (and, to say `improved`, was missed before).
 * `better`: a ratio between the sides beyond the smallest effect that counts.
 */
export type Expectation =
  | { kind: "goal"; measure: Measure; is: "at-most" | "at-least"; value: number }
  | { kind: "better"; measure: Measure; direction: "lower" | "higher"; smallestEffect: number }
  | { kind: "not-worse"; measure: Measure; direction: "lower" | "higher"; tolerance: number };

export interface Design {
  topology: Topology;
  workloads: Workload[];
  faults: Fault[];
  expectations: Expectation[];
  /** Seconds the stack is left alone after the load, for queued work to arrive; ends early when all that is owed has come. */
  settleSeconds: number;
  /** What is mailed or called again within this many seconds, the same, counts as repeated: a little more than half a beat. */
  repeatsWithinSeconds?: number;
  /** The fault shows in quiet already: a scenario that fails on the original is put on all the same. */
  failsBefore?: true;
  /** How often each side is run; default 2, 3 when a `better` has to be shown. */
  rounds?: number;
  /** How long a client waits for an answer before the request counts as lost; default 10 seconds. */
  patienceSeconds?: number;
}

export interface Experiment {
  /** `component/what-is-tried`, kebab-case. */
  id: string;
  component: string;
  title: string;
  hypothesis: string;
  /** Rules whose cure it shows; it is left out when none of them is being cured. Absent: whatever the component cures. */
  rules?: readonly string[];
  /** Fits the experiment to the app, or says in one sentence why it cannot be made here. */
  design(subject: Subject): Design | { cannot: string };
}

/** One side under one experiment, one time. */
export interface Run {
  id: string;
  experiment: string;
  side: "before" | "after";
  round: number;
  measures: Record<Measure, number>;
  /** Canonical form of the answers (status and body shape per step), for the same-responses check. */
  responses: Record<string, string>;
  notes: string[];
  /** Why this run proves nothing: the load could not be put on, or the fault never struck. Absent on a sound run. */
  trouble?: string;
}

export type VerdictWord = "improved" | "unchanged" | "regressed" | "broken" | "inconclusive";

export interface ExperimentVerdict {
  experiment: string;
  component: string;
  title: string;
  verdict: VerdictWord | "not-run";
  /** One sentence with the numbers in it. */
  reason: string;
  /** Decisive measure per side with its spread. */
  figures: { measure: Measure; unit: string; before: number[]; after: number[] }[];
  runs: string[];
}
