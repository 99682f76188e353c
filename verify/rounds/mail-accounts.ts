/** Waits for mails at the right moments and reads the accounts of a run. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Design, Run } from "../experiment.ts";
import type { MailHabit } from "../answers/rehearsal.ts";
import { countMails, type MailCount } from "../load/mails.ts";
import type { Bench } from "./bench.ts";
import type { Loaded } from "./load-under-faults.ts";
import type { WorkloadCrowd } from "./workload-crowd.ts";

/** Welcome mails of users who just signed up may come through a queue; they are waited for this long, in milliseconds. */
const restPatience = 15_000;
/** Mails sent twice come late: this long, in milliseconds, is waited after the last owed one. */
const lateness = 2500;

/** What the original app mails in quiet, by scenario name: both sides owe this much. */
export type Habits = ReadonlyMap<string, MailHabit>;

/** Mails of the preparing steps that have not come yet, by the user's unique value. */
export type Outstanding = ReadonlyMap<string, number>;

/** Waits for the mails of the preparing steps, lest they be counted to the load; says which had not come in time. */
export async function untilMailsRest(
  { stack }: Bench,
  habits: Habits,
  crowds: readonly WorkloadCrowd[],
  signal: AbortSignal,
): Promise<Outstanding> {
  const due = crowds
    .filter(({ workload }) => workload.owes === "mail")
    .flatMap(({ workload, users }) => {
      const each = habits.get(workload.scenario.name)?.preparing ?? 0;
      return users.map(({ unique }) => ({ unique, each }));
    })
    .filter(({ each }) => each > 0);
  const given = performance.now() + restPatience;
  for (;;) {
    const outstanding = new Map<string, number>();
    const texts = stack.outside.mails().map(({ to, subject }) => `${to.join(" ")} ${subject}`.toLowerCase());
    for (const { unique, each } of due) {
      const missing = each - texts.filter((text) => text.includes(unique)).length;
      if (missing > 0) outstanding.set(unique, missing);
    }
    if (outstanding.size === 0 || performance.now() >= given) return outstanding;
    await sleep(100, undefined, { signal });
  }
}

/** Leaves the stack alone for the design's settling time, or less when every owed mail has come. */
export async function settleMails(
  bench: Bench,
  habits: Habits,
  design: Design,
  loaded: Loaded,
  outstanding: Outstanding,
  signal: AbortSignal,
): Promise<void> {
  const given = performance.now() + design.settleSeconds * 1000;
  const isOwing = design.workloads.some(({ owes }) => owes === "mail");
  while (performance.now() < given) {
    await sleep(100, undefined, { signal });
    if (isOwing && accounts(bench, habits, loaded, outstanding).every(({ missing }) => missing === 0)) {
      await sleep(Math.min(lateness, Math.max(0, given - performance.now())), undefined, { signal });
      return;
    }
  }
}

/** The `mail.*` measures; without a workload that owes mails only what was accepted. */
export function mailMeasures(
  bench: Bench,
  habits: Habits,
  design: Design,
  loaded: Loaded,
  outstanding: Outstanding,
): Run["measures"] {
  const isOwing = design.workloads.some(({ owes }) => owes === "mail");
  if (!isOwing) return { "mail.accepted": bench.stack.outside.mails().length };
  const counts = accounts(bench, habits, loaded, outstanding);
  const sum = (of: (count: MailCount) => number): number => counts.reduce((all, count) => all + of(count), 0);
  return {
    "mail.owed": sum(({ owed }) => owed),
    "mail.accepted": sum(({ accepted }) => accepted),
    "mail.distinct": sum(({ distinct }) => distinct),
    "mail.duplicates": sum(({ duplicates }) => duplicates),
    "mail.missing": sum(({ missing }) => missing),
  };
}

function accounts(
  { stack, crowds }: Bench,
  habits: Habits,
  { workloads }: Loaded,
  outstanding: Outstanding,
): MailCount[] {
  return workloads
    .filter(({ workload }) => workload.owes === "mail")
    .map(({ workload, driven }) => {
      const perPass = habits.get(workload.scenario.name)?.perPass ?? 0;
      return countMails(stack.outside.mails(), driven.passes, perPass, crowds.isOfOurs, outstanding);
    });
}
