/** Experiments under load alone: nothing breaks, and answers are no worse, lighter, or refused to whoever asks too much. */
import type { Experiment } from "../experiment.ts";
import { attackOn } from "../scenarios/attack.ts";
import { selectScenario } from "../scenarios/select.ts";
import {
  type Claim,
  type Subjects,
  pace,
  quiet,
  experiment,
  stated,
  alone,
  workload,
  atMost,
  atLeast,
} from "./parts.ts";

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

/** All scenarios together: what a round needs to be evidence, and no more. */
const gentle = { perSecond: 4, seconds: 6 };

/** Every scenario at a gentle pace: what was answered well still is, and the answers are the same. */
export function everydayUse(claim: Claim): Experiment {
  return {
    ...stated(claim),
    design({ scenarios }) {
      if (scenarios.length === 0) return { cannot: "No scenario can be driven; describe one in shoreup.config.json." };
      const names = scenarios.map((scenario, index) => ({ scenario, as: `${scenario.role}${index + 1}` }));
      return {
        ...quiet,
        workloads: names.map(({ scenario, as }) => ({ ...workload(scenario, { kind: "open", ...gentle }), as })),
        expectations: names.map(({ as }) => atLeast(`${as}.okShare`, 0.99)),
      };
    },
  };
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
