/** Both sides of the comparison on one topology: booted, rehearsed, compared in their answers. */
import { answerDifferences, type Difference } from "../answers/difference.ts";
import type { Scenario, Topology } from "../experiment.ts";
import type { Addresses } from "../load/addresses.ts";
import type { Booted, Runtime } from "../runtime.ts";
import type { BootReport } from "../verification.ts";
import { openBench, rehearseAll, type Bench } from "./bench.ts";
import type { Rounds } from "./rounds.ts";

export interface Pair {
  before: Bench;
  after: Bench;
  /** Rounds by design: two experiments that ask for the very same are answered by the same runs. */
  tried: Map<string, Rounds>;
}

export interface PairBoot {
  pair: Pair | null;
  reports: { before: BootReport; after: BootReport };
}

/** Boots both sides at once. When one does not come up, the other one is stopped again. */
export async function bootPair(runtime: Runtime, topology: Topology, addresses: Addresses): Promise<PairBoot> {
  const settled = await Promise.allSettled([runtime.boot("before", topology), runtime.boot("after", topology)]);
  const booted = settled.map((one): Booted | null => (one.status === "fulfilled" ? one.value : null));
  const [before, after] = booted;
  if (before?.ok && after?.ok) {
    const pair = {
      before: openBench(before.stack, addresses),
      after: openBench(after.stack, addresses),
      tried: new Map<string, Rounds>(),
    };
    return { pair, reports: { before: { ok: true }, after: { ok: true } } };
  }
  for (const one of booted) if (one?.ok) await one.stack.stop();
  for (const one of settled) if (one.status === "rejected") throw one.reason;
  return { pair: null, reports: { before: reportOf(before), after: reportOf(after) } };
}

function reportOf(booted: Booted | null | undefined): BootReport {
  if (booted?.ok) return { ok: true };
  return booted ?? { ok: false, at: "copy", reason: "The boot was not tried.", log: [] };
}

/** Both sides walk through the scenarios, the patched one also through those that fail on the original: it may have cured them. */
export async function rehearsePair(
  { before, after }: Pair,
  scenarios: readonly Scenario[],
  mailing: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  await rehearseAll(before, scenarios, mailing, null, signal);
  await rehearseAll(after, scenarios, mailing, before, signal);
}

/** How the patched side answers one scenario, or mails for it, otherwise than the original. */
export function pairDifferences({ before, after }: Pair, scenario: string): Difference[] {
  const answers = Object.entries(before.answers.get(scenario) ?? {}).flatMap(([step, was]) => {
    const is = after.answers.get(scenario)?.[step];
    return is ? answerDifferences(step, was, is) : [];
  });
  const [was, is] = [before.habits.get(scenario), after.habits.get(scenario)];
  if (!was || !is || was.perPass === is.perPass) return answers;
  return [
    ...answers,
    { kind: "breaking", text: `${scenario} sent ${was.perPass} mails a pass and now sends ${is.perPass}` },
  ];
}

/** Ends both stacks; what would not end is named. */
export async function stopPair({ before, after }: Pair): Promise<string[]> {
  for (const { crowds } of [before, after]) crowds.close();
  const left = await Promise.all([before.stack.stop(), after.stack.stop()]);
  return left.flat();
}
