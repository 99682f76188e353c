/** Tries one experiment on a pair of stacks and enters its verdict. */
import type { Design, ExperimentVerdict } from "../experiment.ts";
import { settle, timed } from "../ledger.ts";
import type { Session } from "../session.ts";
import { verdictOf } from "../verdict.ts";
import { pairDifferences, type Pair } from "./pair.ts";
import { mailingScenarios, waitOf, type Planned } from "./plan.ts";
import { runRounds, type Rounds } from "./rounds.ts";

/** Enters a verdict in every case but one: when the time is out the experiment is left for the ledger to close. */
export async function tryExperiment(session: Session, pair: Pair, planned: Planned): Promise<void> {
  const { ledger } = session;
  const { experiment, design } = planned;
  if (session.isOutOfTime()) return;
  const wait = waitOf(design);
  if (session.isOutOfTime(wait))
    return settle(ledger, experiment, "not-run", `It waits ${wait} s, longer than what is left of the time budget.`);
  const obstacle = obstacleTo(pair, design);
  if (obstacle) return settle(ledger, experiment, obstacle.verdict, obstacle.reason);
  const differences = scenarioNames(design).flatMap((name) => pairDifferences(pair, name));
  for (const { kind, text } of differences) {
    if (kind === "added") ledger.notes.add(`The patched app adds to its answers: ${text}.`);
  }
  const key = JSON.stringify(design);
  const known = pair.tried.get(key);
  const runs = known ?? (await timed(ledger, experiment.id, () => run(session, pair, planned)));
  if (!known) ledger.runs.push(...runs.before, ...runs.after);
  pair.tried.set(key, runs);
  const breaking = differences.filter(({ kind }) => kind === "breaking").map(({ text }) => text);
  ledger.verdicts.set(experiment.id, verdictOf({ experiment, design, ...runs, differences: breaking }));
}

/** What the rehearsal has shown already: no load is needed to know that this experiment proves nothing here. */
function obstacleTo(pair: Pair, design: Design): Pick<ExperimentVerdict, "verdict" | "reason"> | null {
  for (const name of scenarioNames(design)) {
    const [failed, failsNow] = [pair.before.failing.get(name), pair.after.failing.get(name)];
    if (failed && design.failsBefore !== true)
      return { verdict: "inconclusive", reason: `${name} does not work on the original app: ${failed}.` };
    if (failsNow)
      return { verdict: "broken", reason: `${name} works on the original and fails on the patched app: ${failsNow}.` };
  }
  const mailless = [...mailingScenarios([{ design }])].find((name) => pair.before.habits.get(name)?.perPass === 0);
  return mailless === undefined
    ? null
    : { verdict: "not-run", reason: `In quiet a pass of ${mailless} sends no mail.` };
}

function scenarioNames({ workloads }: Design): string[] {
  return [...new Set(workloads.map(({ scenario }) => scenario.name))];
}

function run({ signal, isOutOfTime, say }: Session, pair: Pair, { experiment, design }: Planned): Promise<Rounds> {
  return runRounds(pair.before, pair.after, {
    experiment: experiment.id,
    design,
    signal,
    isOutOfTime,
    on: (round, of) => say("experiment", `${experiment.title}, round ${round} of ${of}`),
  });
}
