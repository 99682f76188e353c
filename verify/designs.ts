/** Ready-made experiments: a component says what it claims, the design fits itself to the app's scenarios. */
import type { SinkKind } from "../analyzers/model.ts";
import type { Design, Expectation, Experiment, Load, Scenario, Subject, Topology, Workload } from "./experiment.ts";
import { together } from "./measures.ts";
import { attackOn } from "./scenarios/attack.ts";
import { selectScenario, type Wanted } from "./scenarios/select.ts";

/** What every experiment states about itself; `id` is `component/what-is-tried`. */
export interface Claim {
  id: string;
  component: string;
  title: string;
  hypothesis: string;
}

/** Which scenario carries the load: by `role`, else any whose routes reach what the fault touches. */
export interface Subjects {
  role?: string;
}

/** Two replicas behind the balancer and every worker: what production looks like, and one boot serves all designs. */
export const production: Topology = { replicas: 2, processes: true };

/** A pace at which a small machine with two stacks is far from full, so that what is seen is the fault and not the machine. */
export const pace = { perSecond: 12, seconds: 3 };

/** Time of answers, CPU per request and the share of good answers are no worse than before. */
export function steadyLoad(
  claim: Claim & Subjects & { perSecond?: number; seconds?: number; tolerance?: number },
): Experiment {
  const { role = "read", perSecond = 40, seconds = 4, tolerance = 0.5 } = claim;
  return experiment(claim, { role }, (scenario) => ({
    ...alone(scenario, { kind: "open", perSecond, seconds }),
    expectations: [
      atLeast(`${role}.okShare`, 0.99),
      { kind: "not-worse", measure: `${role}.p95`, direction: "lower", tolerance },
      { kind: "not-worse", measure: "cpuMillisecondsPerRequest", direction: "lower", tolerance },
    ],
  }));
}

/** The same answers in fewer bytes, without a longer wait. */
export function lighterAnswers(claim: Claim & Subjects & { smallestEffect?: number }): Experiment {
  const { role = "read", smallestEffect = 0.3 } = claim;
  return experiment(claim, { role }, (scenario) => ({
    ...alone(scenario, { kind: "open", ...pace }),
    expectations: [
      atLeast(`${role}.okShare`, 0.99),
      { kind: "better", measure: `${role}.bytesPerPass`, direction: "lower", smallestEffect },
      { kind: "not-worse", measure: `${role}.p95`, direction: "lower", tolerance: 0.5 },
    ],
  }));
}

/** The mail server takes connections and says nothing; the scenario must go on as if nothing were. */
export function hungMail(claim: Claim & Subjects & { withinMilliseconds?: number }): Experiment {
  return experiment(claim, { ...pick(claim), reaches: ["mail"] }, (scenario) => ({
    ...alone(scenario, { kind: "open", ...pace }),
    faults: [{ kind: "mail", dial: "hang" }],
    patienceSeconds: 5,
    expectations: [
      atMost(`${scenario.role}.p95`, claim.withinMilliseconds ?? 2000),
      atLeast(`${scenario.role}.okShare`, 0.99),
    ],
  }));
}

/**
 * Hosts outside take connections and say nothing; the answer must come within the time, after which the client leaves.
 *
 * `mustSucceed`: the call is a side matter, so the answer must also be a good one. `host` defaults to every host,
 * `reaches` to calls of HTTP services, models and payment.
 */
export function hungOutside(
  claim: Claim &
    Subjects & { host?: string; reaches?: readonly SinkKind[]; withinMilliseconds?: number; mustSucceed?: boolean },
): Experiment {
  const {
    host = "*",
    reaches = ["http", "model", "payment"],
    withinMilliseconds = 10_000,
    mustSucceed = false,
  } = claim;
  return experiment(claim, { ...pick(claim), reaches }, (scenario) => ({
    ...alone(scenario, { kind: "open", ...pace }),
    faults: [{ kind: "http", host, dial: "hang" }],
    expectations: [mustSucceed ? atLeast(`${scenario.role}.okShare`, 0.99) : atMost(`${scenario.role}.lost`, 0)],
    patienceSeconds: withinMilliseconds / 1000,
    rounds: 1,
  }));
}

/** The mail server refuses every message; a side matter must not fail the scenario. */
export function failingMail(claim: Claim & Subjects): Experiment {
  return experiment(claim, { ...pick(claim), reaches: ["mail"] }, (scenario) => ({
    ...alone(scenario, { kind: "open", ...pace }),
    faults: [{ kind: "mail", dial: "reject" }],
    expectations: [atLeast(`${scenario.role}.okShare`, 0.99)],
  }));
}

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
 * One address sends a burst of attempts and is refused in part; users at other addresses are never refused.
 *
 * Where the attempts carry a password it is a wrong one: limits that spare good logins must bite too.
 * `legit` is the role of the other users, default the attacked one.
 */
export function rateLimitBites(claim: Claim & { attack: string; legit?: string; attempts?: number }): Experiment {
  const { attack, legit = attack, attempts = 60 } = claim;
  return {
    ...stated(claim),
    design(subject) {
      const attacked = selectScenario(subject, { role: attack });
      if ("cannot" in attacked) return attacked;
      const preferred = selectScenario(subject, { role: legit });
      const customer = "cannot" in preferred ? attacked : preferred;
      return {
        ...quiet,
        workloads: [
          { ...workload(attackOn(attacked), { kind: "once", users: attempts }), as: "attack", from: "one-address" },
          { ...workload(customer, { kind: "open", perSecond: 5, seconds: 4 }), as: "legit" },
        ],
        expectations: [atLeast("attack.refused", 1), atMost("legit.refused", 0)],
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

const quiet = { topology: production, faults: [], settleSeconds: 0 } satisfies Partial<Design>;

export function experiment(claim: Claim, wanted: Wanted, fit: (scenario: Scenario) => Design): Experiment {
  return {
    ...stated(claim),
    design(subject) {
      const scenario = selectScenario(subject, wanted);
      return "cannot" in scenario ? scenario : fit(scenario);
    },
  };
}

function stated({ id, component, title, hypothesis }: Claim): Claim {
  return { id, component, title, hypothesis };
}

function pick({ role }: Subjects): Wanted {
  return role === undefined ? {} : { role };
}

export function alone(scenario: Scenario, load: Load): Omit<Design, "expectations"> {
  return { ...quiet, workloads: [workload(scenario, load)] };
}

function workload(scenario: Scenario, load: Load): Workload {
  return { scenario, load, as: scenario.role };
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

export function atMost(measure: string, value: number): Expectation {
  return { kind: "goal", measure, is: "at-most", value };
}

export function atLeast(measure: string, value: number): Expectation {
  return { kind: "goal", measure, is: "at-least", value };
}
