/** Boots the original and the patched app side by side, tries every experiment on both, and says what came of it. */
import type { Experiment, Scenario, Subject, Topology } from "./experiment.ts";
import { closeLedger, settle, timed, type Ledger } from "./ledger.ts";
import { bootPair, rehearsePair, stopPair, type Pair } from "./rounds/pair.ts";
import { groupByTopology, mailingScenarios, planExperiments, topologyKey, type Planned } from "./rounds/plan.ts";
import { tryExperiment } from "./rounds/try.ts";
import { openProcessRuntime, type Runtime } from "./runtime.ts";
import { deriveScenarios } from "./scenarios/derive.ts";
import { openSession, type Session } from "./session.ts";
import type { Verification, VerifyRequest } from "./verification.ts";

/** What is booted when no experiment fits so far: scenarios prove themselves on it. */
const usual: Topology = { replicas: 2, processes: true };

/** Rejects when aborted and when the lab itself cannot be opened (`LabError`); everything else is in the answer. */
export async function verify(request: VerifyRequest): Promise<Verification> {
  return verifyOn(await openProcessRuntime(request), request);
}

/** The same on any runtime. Closes it, however it ends. */
export async function verifyOn(runtime: Runtime, request: VerifyRequest): Promise<Verification> {
  const session = openSession(runtime, request);
  const { ledger } = session;
  try {
    await tryAll(session);
  } finally {
    const left = await timed(ledger, "close", () => runtime.close());
    for (const note of [...runtime.notes(), ...left]) ledger.notes.add(note);
  }
  return closeLedger(ledger, request.experiments);
}

/** Scenarios prove themselves on the first pair; then each topology that the experiments ask for has its turn. */
async function tryAll(session: Session): Promise<void> {
  const { request } = session;
  const candidates = candidateScenarios(session);
  const hoped = planExperiments(request.experiments, subjectOf(request, candidates)).planned;
  const topology = groupByTopology(hoped)[0]?.topology ?? usual;
  const isHere = ({ design }: Planned): boolean => topologyKey(design.topology) === topologyKey(topology);
  const planned = await onPair(session, topology, request.experiments, async (pair) => {
    await rehearse(session, pair, candidates, hoped);
    const fitting = fitted(session, drivableScenarios(session, pair, candidates), curedScenarios(pair, candidates));
    for (const { planned: group } of groupByTopology(fitting.filter(isHere))) await tryGroup(session, pair, group);
    return fitting;
  });
  const elsewhere = (planned ?? []).filter((one) => !isHere(one));
  for (const group of groupByTopology(elsewhere)) {
    const experiments = group.planned.map(({ experiment }) => experiment);
    const scenarios = group.planned.flatMap(({ design }) => design.workloads.map(({ scenario }) => scenario));
    await onPair(session, group.topology, experiments, async (pair) => {
      await rehearse(session, pair, scenarios, group.planned);
      await tryGroup(session, pair, group.planned);
    });
  }
}

/** Boots a pair for the work and stops it afterwards; null when it did not come up, which settles the experiments. */
async function onPair<T>(
  { runtime, ledger, addresses, say }: Session,
  topology: Topology,
  experiments: readonly Experiment[],
  work: (pair: Pair) => Promise<T>,
): Promise<T | null> {
  say("boot", `both sides, ${topology.replicas} replica${topology.replicas === 1 ? "" : "s"} each`);
  const { pair, reports } = await timed(ledger, "boot", () => bootPair(runtime, topology, addresses));
  ledger.booted = reports;
  if (!pair) {
    for (const experiment of experiments) settleUnbooted(ledger, experiment);
    return null;
  }
  try {
    return await work(pair);
  } finally {
    for (const { stack, hosts } of [pair.before, pair.after]) {
      for (const part of stack.parts) ledger.parts[stack.side].add(part);
      for (const host of hosts) ledger.outsideHosts.add(host);
    }
    for (const left of await timed(ledger, "close", () => stopPair(pair))) ledger.notes.add(left);
  }
}

function settleUnbooted(ledger: Ledger, experiment: Experiment): void {
  const { before, after } = ledger.booted;
  if (before.ok && after.ok) return;
  if (!before.ok && (after.ok || stageOf(after.at) >= stageOf(before.at))) {
    return settle(ledger, experiment, "inconclusive", `The original app does not boot: ${before.reason}`);
  }
  if (after.ok) return;
  const log = after.log.slice(-3).join(" | ");
  const said = log === "" ? "" : ` Its last lines: ${log}`;
  const further = before.ok ? "" : ` The original gets further, and stops later: ${before.reason}`;
  settle(ledger, experiment, "broken", `The patched app does not boot: ${after.reason}${said}${further}`);
}

/** How far a side got: one that does not build where the other does is worse, whatever else fails later. */
function stageOf(stage: string): number {
  return ["copy", "install", "build", "database", "migrate", "seed", "boot"].indexOf(stage);
}

async function tryGroup(session: Session, pair: Pair, planned: readonly Planned[]): Promise<void> {
  for (const one of planned) await tryExperiment(session, pair, one);
}

function candidateScenarios({ request, ledger }: Session): readonly Scenario[] {
  if (request.scenarios !== null) return request.scenarios;
  const { scenarios, notDriven } = deriveScenarios(request.models.before);
  for (const { what, why } of notDriven) ledger.notDriven.set(what, why);
  return scenarios;
}

async function rehearse(
  { ledger, signal, say }: Session,
  pair: Pair,
  scenarios: readonly Scenario[],
  planned: readonly Planned[],
): Promise<void> {
  say("rehearse", `${scenarios.length} scenarios on both sides`);
  await timed(ledger, "rehearse", () => rehearsePair(pair, scenarios, mailingScenarios(planned), signal));
}

/** The scenarios that work on the original; the others are named with what they were answered. */
function drivableScenarios({ ledger }: Session, pair: Pair, candidates: readonly Scenario[]): Scenario[] {
  for (const [name, reason] of pair.before.failing) ledger.notDriven.set(name, reason);
  return candidates.filter(({ name }) => pair.before.answers.has(name));
}

/** Those that fail on the original and work on the patched app. */
function curedScenarios(pair: Pair, candidates: readonly Scenario[]): Scenario[] {
  return candidates.filter(({ name }) => pair.before.failing.has(name) && pair.after.answers.has(name));
}

function fitted(
  { request, ledger }: Session,
  drivable: readonly Scenario[],
  cured: readonly Scenario[] = [],
): Planned[] {
  const subject = { ...subjectOf(request, drivable), cured };
  const { planned, cannot } = planExperiments(request.experiments, subject);
  for (const { experiment, reason } of cannot) settle(ledger, experiment, "not-run", reason);
  return planned;
}

function subjectOf({ models }: VerifyRequest, scenarios: readonly Scenario[]): Subject {
  return { ...models, scenarios };
}
