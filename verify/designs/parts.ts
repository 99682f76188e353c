/** What ready-made experiments are put together from. */
import type { Design, Expectation, Experiment, Load, Scenario, Topology, Workload } from "../experiment.ts";
import { selectScenario, type Wanted } from "../scenarios/select.ts";

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

export const quiet = { topology: production, faults: [], settleSeconds: 0 } satisfies Partial<Design>;

export function experiment(claim: Claim, wanted: Wanted, fit: (scenario: Scenario) => Design): Experiment {
  return {
    ...stated(claim),
    design(subject) {
      const scenario = selectScenario(subject, wanted);
      return "cannot" in scenario ? scenario : fit(scenario);
    },
  };
}

export function stated({ id, component, title, hypothesis }: Claim): Claim {
  return { id, component, title, hypothesis };
}

export function pick({ role }: Subjects): Wanted {
  return role === undefined ? {} : { role };
}

export function alone(scenario: Scenario, load: Load): Omit<Design, "expectations"> {
  return { ...quiet, workloads: [workload(scenario, load)] };
}

export function workload(scenario: Scenario, load: Load): Workload {
  return { scenario, load, as: scenario.role };
}

export function atMost(measure: string, value: number): Expectation {
  return { kind: "goal", measure, is: "at-most", value };
}

export function atLeast(measure: string, value: number): Expectation {
  return { kind: "goal", measure, is: "at-least", value };
}
