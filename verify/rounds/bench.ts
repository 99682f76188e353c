/** One booted side with everything that is known of it: its users, its habits, its answers. */
import type { CanonicalAnswer } from "../answers/canonical.ts";
import { rehearse, type MailHabit } from "../answers/rehearsal.ts";
import type { Scenario } from "../experiment.ts";
import type { Addresses } from "../load/addresses.ts";
import { openCrowds, type Crowds } from "../load/crowd.ts";
import type { Stack } from "../stack.ts";

export interface Bench {
  stack: Stack;
  crowds: Crowds;
  /** What working scenarios mail, by name, where it was counted. */
  habits: Map<string, MailHabit>;
  /** What working scenarios are answered, by name. */
  answers: Map<string, Record<string, CanonicalAnswer>>;
  /** By scenario name: why it does not work on this side. */
  failing: Map<string, string>;
  /** Hosts outside that were called so far; the records of the outside world are emptied between runs. */
  hosts: Set<string>;
}

export function openBench(stack: Stack, addresses: Addresses): Bench {
  const mark = `u${Date.now().toString(36)}${stack.side === "before" ? "b" : "a"}`;
  return {
    stack,
    crowds: openCrowds(stack.url, mark, addresses),
    habits: new Map(),
    answers: new Map(),
    failing: new Map(),
    hosts: new Set(),
  };
}

export function noteHosts({ stack, hosts }: Bench): void {
  for (const { host } of stack.outside.requests()) hosts.add(host);
}

const rehearsalPatience = 10_000;

/**
 * Rehearses scenarios that were not rehearsed yet. Mails are counted, which takes time, for the scenarios in `mailing`;
 * `model` is the side whose mail habits are to be waited for.
 */
export async function rehearseAll(
  bench: Bench,
  scenarios: readonly Scenario[],
  mailing: ReadonlySet<string>,
  model: Bench | null,
  signal: AbortSignal,
): Promise<void> {
  const { stack, crowds } = bench;
  const { enlist, isOfOurs } = crowds;
  const stage = { line: crowds.line(rehearsalPatience), outside: stack.outside, enlist, isOfOurs, signal };
  for (const scenario of scenarios) {
    const { name } = scenario;
    if (bench.answers.has(name) || bench.failing.has(name)) continue;
    const mailPatience = mailing.has(name) ? rehearsalPatience : 0;
    const rehearsal = await rehearse(scenario, { ...stage, mailPatience }, model?.habits.get(name) ?? null);
    if (rehearsal.kind === "fails") {
      bench.failing.set(name, rehearsal.reason);
      continue;
    }
    if (rehearsal.mails) bench.habits.set(name, rehearsal.mails);
    bench.answers.set(name, rehearsal.answers);
  }
  noteHosts(bench);
}
