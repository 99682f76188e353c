/** One side under one experiment, one time. */
import type { Design, Run } from "../experiment.ts";
import { isDial, turnDial } from "../faults/dials.ts";
import { restore } from "../faults/processes.ts";
import { passMeasures, passTroubles, togetherMeasures } from "../load/summary.ts";
import { defaultPatienceSeconds } from "../sentences.ts";
import { noteHosts, type Bench } from "./bench.ts";
import { loadUnderFaults, type Loaded } from "./load-under-faults.ts";
import { mailMeasures, settleMails, untilMailsRest, type Habits, type Outstanding } from "./mail-accounts.ts";
import { nothingSeen, repeatMeasures } from "./repeats.ts";
import { untilOpen } from "./until-open.ts";
import { gatherCrowds, shortage, type WorkloadCrowd } from "./workload-crowd.ts";

export interface RunRequest {
  experiment: string;
  design: Design;
  round: number;
  habits: Habits;
  signal: AbortSignal;
}

/**
 * Users get ready in quiet, dials are turned, load and faults run together, queued work settles, all is put back.
 * Never rejects but for an abort: what went wrong is the run's `trouble`.
 */
export async function runOnce(bench: Bench, request: RunRequest): Promise<Run> {
  const { design, experiment, round, habits, signal } = request;
  const { side, outside } = bench.stack;
  const run: Run = {
    id: `${experiment}/${side}/${round}`,
    experiment,
    side,
    round,
    measures: {},
    responses: {},
    notes: [],
  };
  try {
    run.notes.push(...(await restore(bench.stack)));
    await untilOpen(bench.stack.url, signal);
    const crowds = await gatherCrowds(bench, design);
    const short = shortage(crowds);
    if (short !== null) return { ...run, trouble: short };
    const outstanding = await untilMailsRest(bench, habits, crowds, signal);
    outside.reset();
    for (const fault of design.faults) if (isDial(fault)) turnDial(outside, fault);
    const loaded = await loadUnderFaults(bench.stack, bench.crowds, design, crowds, signal);
    await settleMails(bench, habits, design, loaded, outstanding, signal);
    return { ...run, ...(await reading(bench, request, crowds, { ...loaded, outstanding }, run.notes)) };
  } catch (error) {
    if (signal.aborted) throw error;
    const [trouble = "the run failed"] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { ...run, trouble };
  } finally {
    noteHosts(bench);
    outside.reset();
    if (design.faults.some((fault) => !isDial(fault))) bench.crowds.doubt();
  }
}

async function reading(
  bench: Bench,
  { design, habits }: RunRequest,
  crowds: readonly WorkloadCrowd[],
  loaded: Loaded & { outstanding: Outstanding },
  notes: readonly string[],
): Promise<Pick<Run, "measures" | "notes" | "responses" | "trouble">> {
  const patience = (design.patienceSeconds ?? defaultPatienceSeconds) * 1000;
  const { stack } = bench;
  const measures: Run["measures"] = {
    ...mailMeasures(bench, habits, design, loaded, loaded.outstanding),
    "http.requests": stack.outside.requests().length,
    ...repeatMeasures(stack.outside, design.repeatsWithinSeconds),
    residentMegabytes: Math.round((await stack.usage()).residentBytes / 1_000_000),
    ...loaded.costs,
    ...togetherMeasures(loaded.workloads.map(({ driven }) => driven)),
  };
  const said = [...notes];
  for (const { as, driven } of loaded.workloads) {
    const crowd = crowds.find(({ workload }) => workload.as === as);
    Object.assign(measures, passMeasures(as, driven, crowd?.undriven.count ?? 0, patience));
    said.push(...passTroubles(as, driven));
  }
  for (const { workload, undriven } of crowds) {
    if (undriven.count > 0)
      said.push(`${workload.as}: ${undriven.count} users could not get ready: ${undriven.reasons.join("; ")}`);
  }
  const dead = stack.replicas().filter(({ alive }) => !alive);
  if (dead.length > 0) said.push(`${dead.length} of ${stack.replicas().length} replicas were down at the end`);
  said.push(...loaded.struck.flatMap((one) => (one.struck ? [one.note] : [])));
  const missed = loaded.struck.find((one) => !one.struck);
  const trouble = missed && !missed.struck ? missed.reason : nothingSeen(measures);
  return { measures, notes: said, responses: responsesOf(bench, design), ...(trouble === null ? {} : { trouble }) };
}

function responsesOf(bench: Bench, design: Design): Run["responses"] {
  const answers = design.workloads.flatMap(({ scenario }) => Object.entries(bench.answers.get(scenario.name) ?? {}));
  return Object.fromEntries(answers.map(([step, answer]) => [step, JSON.stringify(answer)]));
}
