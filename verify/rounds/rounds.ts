/** The rounds of one experiment on two stacks that stand side by side. */
import type { Design, Run } from "../experiment.ts";
import { wantsMoreRounds } from "../verdict.ts";
import type { Bench } from "./bench.ts";
import { runOnce } from "./run.ts";

export interface Rounds {
  before: Run[];
  after: Run[];
}

export interface RoundsRequest {
  experiment: string;
  design: Design;
  signal: AbortSignal;
  /** True when the budget allows no further round; the round under way is always ended. */
  isOutOfTime: () => boolean;
  on: (round: number, of: number) => void;
}

/** Rounds that are added at most, one at a time, while what is seen could still be chance. */
const mostAdded = 4;

/**
 * Aims that are plain numbers are tried on both sides at the same moment, under the very same machine; where times or
 * costs are compared as ratios each side has the machine for itself, in turns A B B A, so that a drift hits both alike.
 */
export async function runRounds(before: Bench, after: Bench, request: RoundsRequest): Promise<Rounds> {
  const { design, experiment, signal } = request;
  const of = roundsOf(design);
  const runs: Rounds = { before: [], after: [] };
  for (let round = 1; round <= of + mostAdded; round += 1) {
    if (round > of && !wantsMoreRounds({ design, ...runs })) break;
    if (round > 1 && request.isOutOfTime()) break;
    signal.throwIfAborted();
    request.on(round, Math.max(round, of));
    const run = (bench: Bench): Promise<Run> =>
      runOnce(bench, { experiment, design, round, habits: before.habits, signal });
    if (isTogether(design)) {
      const [first, second] = await Promise.all([run(before), run(after)]);
      runs.before.push(first);
      runs.after.push(second);
    } else if (round % 2 === 1) {
      runs.before.push(await run(before));
      runs.after.push(await run(after));
    } else {
      runs.after.push(await run(after));
      runs.before.push(await run(before));
    }
    // A side that cannot be measured once will not be measured by trying again.
    if ([...runs.before, ...runs.after].some(({ trouble }) => trouble !== undefined)) break;
  }
  return runs;
}

/** Three rounds are the fewest whose spread says something of a ratio. */
function roundsOf({ rounds, expectations }: Design): number {
  return rounds ?? (expectations.some(({ kind }) => kind === "better") ? 3 : 2);
}

function isTogether({ expectations }: Design): boolean {
  return expectations.every(({ kind }) => kind === "goal");
}
