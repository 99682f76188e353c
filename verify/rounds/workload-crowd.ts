/** The users that a design's workloads need. */
import type { Design, Workload } from "../experiment.ts";
import { crowdSize, type Crowd } from "../load/crowd.ts";
import type { Bench } from "./bench.ts";

export interface WorkloadCrowd extends Crowd {
  workload: Workload;
  wanted: number;
}

/** One workload after the other: getting ready is not part of the load. */
export async function gatherCrowds(bench: Bench, design: Design): Promise<WorkloadCrowd[]> {
  const gathered: WorkloadCrowd[] = [];
  for (const workload of design.workloads) {
    const { scenario, from = "own-addresses", owes } = workload;
    const wanted = crowdSize(workload);
    const crowd = await bench.crowds.gather(scenario, wanted, { from, isFresh: owes !== undefined });
    gathered.push({ ...crowd, workload, wanted });
  }
  return gathered;
}

/** A load by less than half of its users is another load: the reason in words, null when there are enough. */
export function shortage(crowds: readonly WorkloadCrowd[]): string | null {
  const short = crowds.find(({ users, wanted }) => users.length * 2 < wanted);
  if (!short) return null;
  const { users, wanted, workload, undriven } = short;
  return `only ${users.length} of ${wanted} users of ${workload.as} could get ready: ${undriven.reasons.join("; ")}`;
}
