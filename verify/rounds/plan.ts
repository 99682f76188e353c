/** Which experiments fit, on which topology, in which order. */
import type { Design, Experiment, Subject, Topology } from "../experiment.ts";

export interface Planned {
  experiment: Experiment;
  design: Design;
}

export interface Plan {
  planned: Planned[];
  /** Experiments that cannot be made here, with the reason in one sentence. */
  cannot: { experiment: Experiment; reason: string }[];
}

export function planExperiments(experiments: readonly Experiment[], subject: Subject): Plan {
  const plan: Plan = { planned: [], cannot: [] };
  for (const experiment of experiments) {
    const design = experiment.design(subject);
    if ("cannot" in design) plan.cannot.push({ experiment, reason: design.cannot });
    else plan.planned.push({ experiment, design });
  }
  return plan;
}

/** One group is one boot of both sides; the largest comes first. */
export function groupByTopology(planned: readonly Planned[]): { topology: Topology; planned: Planned[] }[] {
  const topologies = new Map(planned.map(({ design }) => [topologyKey(design.topology), design.topology]));
  return [...topologies]
    .map(([key, topology]) => ({
      topology,
      planned: inOrder(planned.filter(({ design }) => topologyKey(design.topology) === key)),
    }))
    .sort((a, b) => b.planned.length - a.planned.length);
}

export function topologyKey({ replicas, processes, ownDisks }: Topology): string {
  return `${replicas}${processes ? "+processes" : ""}${ownDisks === true ? "+disks" : ""}`;
}

/** Gentle ones first: a fault leaves cold processes and a backlog of retries behind. Long waits last: they may not fit. */
function inOrder(planned: readonly Planned[]): Planned[] {
  return planned.toSorted((a, b) => waitOf(a.design) - waitOf(b.design) || wreckage(a.design) - wreckage(b.design));
}

/** Seconds for which a design only looks on; 0 where a load says how long it takes. */
export function waitOf({ workloads, settleSeconds }: Design): number {
  return workloads.length === 0 ? settleSeconds : 0;
}

function wreckage({ faults }: Design): number {
  return Math.max(0, ...faults.map(({ kind }) => (kind === "mail" || kind === "http" ? 2 : 1)));
}

/** Names of the scenarios that owe mails in any of the designs. */
export function mailingScenarios(planned: readonly Pick<Planned, "design">[]): Set<string> {
  const owing = planned.flatMap(({ design }) => design.workloads.filter(({ owes }) => owes === "mail"));
  return new Set(owing.map(({ scenario }) => scenario.name));
}
