/** Experiments in which the world outside fails: mail and other services hang or refuse. */
import type { SinkKind } from "../../analyzers/model.ts";
import type { Experiment } from "../experiment.ts";
import { reachesSink, selectScenario } from "../scenarios/select.ts";
import {
  type Claim,
  type Subjects,
  pace,
  experiment,
  pick,
  alone,
  atMost,
  atLeast,
  quiet,
  stated,
  workload,
} from "./parts.ts";

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

/**
 * Hosts outside cut every connection and the mail server refuses every message, while other users ask for something that
 * needs neither: their answers must come, whatever becomes of the first ones.
 */
export function failingOutside(claim: Claim): Experiment {
  const reaches: readonly SinkKind[] = ["http", "model", "payment", "mail"];
  return {
    ...stated(claim),
    design(subject) {
      const failing = selectScenario(subject, { reaches });
      if ("cannot" in failing) return failing;
      const others = subject.scenarios.find(
        (scenario) => scenario !== failing && !reachesSink(subject.before, scenario, reaches),
      );
      if (others === undefined)
        return {
          cannot: "No scenario asks for something that needs nobody outside; describe one in shoreup.config.json.",
        };
      return {
        ...quiet,
        workloads: [
          { ...workload(failing, { kind: "open", ...pace }), as: "failing" },
          { ...workload(others, { kind: "open", ...pace }), as: "others" },
        ],
        faults: [
          { kind: "http", host: "*", dial: "reset" },
          { kind: "mail", dial: "reject" },
        ],
        expectations: [atLeast("others.okShare", 0.99)],
      };
    },
  };
}
