/** Experiments on several copies of an app and its workers: one dies, all restart, each has a disk and a clock of its own. */
import type { SinkKind } from "../../analyzers/model.ts";
import type { Experiment, Scenario, Subject } from "../experiment.ts";
import { together } from "../measures.ts";
import { selectScenario } from "../scenarios/select.ts";
import {
  type Claim,
  type Subjects,
  production,
  quiet,
  experiment,
  stated,
  pick,
  alone,
  workload,
  atMost,
  atLeast,
} from "./parts.ts";

/** One of two replicas dies without warning under load: few passes are lost and the service goes on. */
export function killReplica(claim: Claim & Subjects & { okShare?: number }): Experiment {
  const { role = "read", okShare = 0.95 } = claim;
  return experiment(claim, { role }, (scenario) => ({
    ...alone(scenario, { kind: "open", perSecond: 20, seconds: 6 }),
    faults: [{ kind: "kill-replica", signal: "SIGKILL", afterSeconds: 2 }],
    expectations: [atLeast(`${role}.okShare`, okShare)],
    rounds: 1,
  }));
}

/**
 * Users log in once and go on, their requests answered by the replicas in turn: whoever is logged in at one is known to the
 * other. With `restarted` every replica is started anew meanwhile, which no login may feel.
 */
export function sessionAcrossReplicas(claim: Claim & { restarted?: boolean }): Experiment {
  const { restarted = false } = claim;
  return {
    ...stated(claim),
    design({ scenarios, cured = [] }) {
      const signedIn = [...cured, ...scenarios].filter(byCookie);
      const scenario = signedIn.find(({ role }) => role === "account") ?? signedIn[0];
      if (scenario === undefined)
        return {
          cannot: "No scenario logs in by a cookie and goes on from there; describe one in shoreup.config.json.",
        };
      return {
        ...alone(scenario, { kind: "closed", users: 4, seconds: restarted ? 8 : 3 }),
        faults: restarted ? [{ kind: "rolling-restart", afterSeconds: 1 }] : [],
        // A restart may lose what the old process had in hand; a lost login is never found again.
        expectations: [atLeast(`${scenario.role}.okShare`, restarted ? 0.9 : 0.99)],
        failsBefore: true,
        rounds: 1,
      };
    },
  };
}

/** Logged in before, and no token says so: only a cookie can. */
function byCookie({ before, measured }: Scenario): boolean {
  const hasToken = measured.some(({ headers = {} }) =>
    Object.keys(headers).some((name) => /^authorization$/i.test(name)),
  );
  return before.length > 0 && !hasToken;
}

/**
 * Every replica is told to stop and started again, one after the other, under load: no pass is lost.
 *
 * Outside hosts and mail answer with an everyday delay, so that there is work in flight when the signal comes.
 */
export function rollingRestart(claim: Claim & Subjects & { reads?: string }): Experiment {
  const { reads = "read" } = claim;
  return {
    ...stated(claim),
    design(subject) {
      const writing = claim.role === undefined ? busiest(subject) : selectScenario(subject, { role: claim.role });
      if ("cannot" in writing) return writing;
      const reading = subject.scenarios.find(({ role, name }) => role === reads && name !== writing.name);
      const workloads = [
        workload(writing, { kind: "open", perSecond: 10, seconds: 4 }),
        ...(reading ? [workload(reading, { kind: "open", perSecond: 6, seconds: 4 })] : []),
      ];
      return {
        ...quiet,
        workloads,
        faults: [
          { kind: "http", host: "*", dial: "slow", milliseconds: 500 },
          { kind: "mail", dial: "slow", milliseconds: 100 },
          { kind: "rolling-restart", afterSeconds: 1 },
        ],
        expectations: [atMost(`${together}.lost`, 0)],
      };
    },
  };
}

/**
 * Before each of the four answers that a mail needs, until the kill turns the mail server back to normal: the kill, which
 * comes with the first sender's name and the last request, finds no mail accepted.
 */
const heldMilliseconds = 2000;

/**
 * The process that sends the mail is killed while a mail conversation is open, and started again.
 *
 * Each of the `users` passes owes its mail: none may be missing and none may come twice. No mail is accepted before the
 * kill, so what a process loses by it does not hang on the moment.
 */
export function workerKilledMidJob(claim: Claim & Subjects & { users?: number; settleSeconds?: number }): Experiment {
  const { users = 20, settleSeconds = 30 } = claim;
  return experiment(claim, { ...pick(claim), reaches: ["mail"] }, (scenario) => ({
    ...quiet,
    workloads: [{ ...workload(scenario, { kind: "once", users }), owes: "mail" }],
    faults: [
      { kind: "mail", dial: "slow", milliseconds: heldMilliseconds },
      { kind: "kill-worker", signal: "SIGKILL", when: "mid-job" },
    ],
    expectations: [atMost("mail.missing", 0), atMost("mail.duplicates", 0)],
    settleSeconds,
    rounds: 1,
  }));
}

/** Up to here a second round costs less than a minute. */
const shortBeat = 15;

/** A tick is sure to come within so many beats of a schedule. */
const beatsToWait = 1.5;
/** Longer than the copies of one tick are apart, shorter than two ticks. */
const partOfBeat = 0.6;

/**
 * Two replicas are left alone for a tick or more of a schedule: what it mails or calls comes once per tick.
 *
 * `beat` names the seconds between two ticks, or says why the schedules here cannot be driven.
 */
export function oncePerTick(
  claim: Claim & { beat: (subject: Subject) => { seconds: number } | { cannot: string } },
): Experiment {
  return {
    ...stated(claim),
    design(subject) {
      const beat = claim.beat(subject);
      if ("cannot" in beat) return beat;
      return {
        ...quiet,
        workloads: [],
        expectations: [atMost("outside.repeated", 0)],
        repeatsWithinSeconds: beat.seconds * partOfBeat,
        settleSeconds: Math.ceil(beat.seconds * beatsToWait),
        rounds: beat.seconds > shortBeat ? 1 : 2,
      };
    },
  };
}

/**
 * What users sent to one replica is fetched from any of them, while each gets a fresh disk and starts again.
 *
 * `sending` makes the scenario: it sends in the preparing steps and fetches in the measured ones.
 */
export function keptBeyondDisk(
  claim: Claim & { sending: (subject: Subject) => Scenario | { cannot: string } },
): Experiment {
  return {
    ...stated(claim),
    design(subject) {
      const scenario = claim.sending(subject);
      if ("cannot" in scenario) return scenario;
      return {
        ...alone(scenario, { kind: "open", perSecond: 10, seconds: 5 }),
        topology: { ...production, ownDisks: true },
        faults: [{ kind: "rolling-restart", afterSeconds: 1 }],
        expectations: [atMost(`${scenario.role}.failed`, 0), atLeast(`${scenario.role}.ok`, 1)],
        rounds: 1,
      };
    },
  };
}

/** What a route waits for longest and least likes to repeat comes first. */
const outside = ["payment", "model", "http", "mail"] as const satisfies readonly SinkKind[];

/**
 * The scenario most likely to lose something: load balancers repeat lost reads, so one that writes, best where it leaves the
 * process; else one that leaves it, else any.
 */
function busiest(subject: Subject): Scenario | { cannot: string } {
  const writing = subject.scenarios.filter(({ measured }) =>
    measured.some(({ method }) => !["GET", "HEAD"].includes(method.toUpperCase())),
  );
  for (const kind of outside) {
    const leaving = selectScenario({ ...subject, scenarios: writing }, { reaches: [kind] });
    if (!("cannot" in leaving)) return leaving;
  }
  const [first] = writing;
  if (first !== undefined) return first;
  const leaving = selectScenario(subject, { reaches: outside });
  return "cannot" in leaving ? selectScenario(subject, {}) : leaving;
}
