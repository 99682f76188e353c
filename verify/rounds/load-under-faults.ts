/** Runs a design's workloads and process faults at the same time, and counts what the stack spent on them. */
import { cpus } from "node:os";
import type { Design, Workload } from "../experiment.ts";
import { isDial } from "../faults/dials.ts";
import { strike, type Struck } from "../faults/processes.ts";
import type { Crowds } from "../load/crowd.ts";
import { drive, type Driven } from "../load/drive.ts";
import { defaultPatienceSeconds } from "../sentences.ts";
import type { Stack } from "../stack.ts";
import type { WorkloadCrowd } from "./workload-crowd.ts";

export interface Loaded {
  workloads: { as: string; workload: Workload; driven: Driven }[];
  struck: Struck[];
  /** `cpuMillisecondsPerRequest` and `queriesPerRequest`, where they can be known, and `machine.busy`. */
  costs: Record<string, number>;
}

/** Always waits for the load to end, also when a fault cannot be carried out; then rejects with the fault's reason. */
export async function loadUnderFaults(
  stack: Stack,
  crowds: Crowds,
  design: Design,
  gathered: readonly WorkloadCrowd[],
  signal: AbortSignal,
): Promise<Loaded> {
  const faults = design.faults.filter((fault) => !isDial(fault));
  const patience = (design.patienceSeconds ?? defaultPatienceSeconds) * 1000;
  let [sent, isStriking] = [0, faults.length > 0];
  const due = gathered.reduce(
    (sum, { workload, users }) => sum + (workload.load.kind === "once" ? users.length : 0),
    0,
  );
  const line = { ...crowds.line(patience), onSent: () => (sent += 1) };
  const [spent, busy] = [await meter(stack), machineMeter()];
  const striking = Promise.all(faults.map((fault) => strike(stack, fault, { isAllSent: () => sent >= due }, signal)));
  const driving = Promise.all(
    gathered.map(async ({ workload, users }) => {
      const { scenario, load, as } = workload;
      return {
        as,
        workload,
        driven: await drive({ scenario, load, users, line, signal, isHeldOpen: () => isStriking }),
      };
    }),
  );
  const [struck, workloads] = await Promise.allSettled([striking.finally(() => (isStriking = false)), driving]);
  signal.throwIfAborted();
  if (struck.status === "rejected") throw asError(struck.reason);
  if (workloads.status === "rejected") throw asError(workloads.reason);
  const requests = workloads.value.flatMap(({ driven }) => driven.passes).reduce((sum, pass) => sum + pass.requests, 0);
  // Starting a process costs CPU time that is not the requests'.
  const perRequest = faults.length > 0 ? {} : await spent(requests);
  return { workloads: workloads.value, struck: struck.value, costs: { ...perRequest, "machine.busy": busy() } };
}

async function meter(stack: Stack): Promise<(requests: number) => Promise<Record<string, number>>> {
  const [usage, queries] = [await stack.usage(), await stack.queries()];
  return async (requests) => {
    const [usageNow, queriesNow] = [await stack.usage(), await stack.queries()];
    const cpu = usageNow.cpuMilliseconds - usage.cpuMilliseconds;
    if (requests === 0 || cpu < 0) return {};
    return {
      cpuMillisecondsPerRequest: Number((cpu / requests).toFixed(3)),
      ...(queries === null || queriesNow === null
        ? {}
        : { queriesPerRequest: Number(((queriesNow - queries) / requests).toFixed(3)) }),
    };
  };
}

/** Share of all cores' time between two moments that was not idle. */
function machineMeter(): () => number {
  const times = (): { idle: number; all: number } => {
    const cores = cpus().map((core) => core.times);
    const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
    return { idle: sum(cores.map(({ idle }) => idle)), all: sum(cores.flatMap((core) => Object.values(core))) };
  };
  const began = times();
  return () => {
    const now = times();
    return now.all > began.all ? Number((1 - (now.idle - began.idle) / (now.all - began.all)).toFixed(3)) : 0;
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
