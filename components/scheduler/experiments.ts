/** What shows that copies of the app do a tick once: two of them, left alone until a schedule has come due. */
import { oncePerTick } from "../../verify/designs/index.ts";
import type { Experiment, Subject } from "../../verify/experiment.ts";
import { claimFor } from "./claims.ts";
import { deedsOf } from "./deeds.ts";
import { schedulesOf } from "./schedules.ts";
import { guardOf } from "./guards.ts";
import { unguardedGroups } from "./unguarded.ts";

/** A round lasts one and a half ticks: what comes due less often than every minute is not waited for. */
const longestSeconds = 60;

/** What the lab sees of a job: mails and calls. Rows it does not read. */
const seen = /^(sends mail|sends notifications|moves money|asks a model|calls another service)/;

export const experiments: readonly Experiment[] = [
  {
    ...oncePerTick({
      id: "scheduler/two-copies-one-tick",
      component: "scheduler",
      title: "Two copies run through a tick",
      hypothesis:
        "What a schedule mails or calls happens once per tick, although two copies of the app have the schedule.",
      beat,
    }),
    rules: ["scheduler/unguarded-cron"],
  },
];

/** The quickest of the schedules that are claimed on the patched side, among those whose work the lab can see. */
function beat({ before, after }: Subject): { seconds: number } | { cannot: string } {
  const claimed = new Set(
    schedulesOf(after)
      .filter((schedule) => guardOf(schedule, after) === "tick")
      .map(({ call }) => call.file),
  );
  const mended = unguardedGroups(before)
    .flatMap(({ schedules }) => schedules)
    .filter((schedule) => claimed.has(schedule.call.file) && "kind" in claimFor(schedule, before));
  const visible = mended.filter((schedule) => deedsOf(schedule, before).some(({ does }) => seen.test(does)));
  if (mended.length === 0) return { cannot: "No schedule is claimed by the patch." };
  if (visible.length === 0)
    return { cannot: "What the schedules do shows in the database alone, whose rows the lab does not read." };
  const [quickest] = visible.flatMap(({ seconds }) => seconds ?? []).toSorted((a, b) => a - b);
  if (quickest === undefined || quickest > longestSeconds)
    return {
      cannot: `The schedules come due ${quickest === undefined ? "at times that could not be read" : `every ${Math.round(quickest / 60)} minutes or less often`}. The lab does not wait for that and does not turn the clock, so no tick was driven.`,
    };
  return { seconds: quickest };
}
