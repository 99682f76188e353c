/** What is asked of the engineer or agent where no recipe can do it. */
import { deploysOf } from "../../analyzers/deployment/hosting.ts";
import type { Model } from "../../analyzers/model.ts";
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";
import { cronRoute } from "./cron-route.ts";
import { releaseStep } from "./release-step.ts";

type Words = Pick<Brief, "constraints" | "acceptance">;

const unguarded: Words = {
  constraints: [
    "Each tick is claimed in a store that all copies share, before the job begins: a row or key of job and tick time that only one can make (`insert ... on conflict do nothing`, `SET key value NX PX`, a document with that `_id`). Not a lock that is free again when a quick job ends: a copy whose clock is a little late would do the tick once more.",
    "Or one process alone registers the schedules: a command and a process type of its own, with one instance.",
    "Schedules that are made per row (a mail to one customer at one time) carry the row's id in the claim, or become delayed jobs of a queue.",
    "Expressions, time zones and what the jobs do stay as they are. While the store is down the tick is left out and said in the log.",
  ],
  acceptance:
    "Two copies run through one tick, and what the job does outside (mails, calls, new rows) is there once. With one copy everything is done as before.",
};

const asCronJob =
  "On Kubernetes the process alone may be a CronJob with the app's image, a command that does the job once and ends, `concurrencyPolicy: Forbid` and a `startingDeadlineSeconds`; the schedule is then taken out of the web process in the same change, or both do it.";

const overlapping: Words = {
  constraints: [
    "A turn is left out while the last run is under way: `noOverlap` of node-cron 4, `protect` of croner, `waitForCompletion` of @nestjs/schedule 5, else a flag that is set before the work and taken back in `finally`.",
    "A run that hangs must not end the schedule for good: calls to others have timeouts.",
  ],
  acceptance: "With a run that takes three times as long as the time between turns, one run is under way at any time.",
};

export function briefFor(finding: Finding, obstacle: string | null, model: Model): Brief {
  const because = obstacle === null ? "" : ` It is not patched because ${obstacle}.`;
  return {
    findingId: finding.id,
    where: { file: finding.file, line: finding.line },
    why: `${finding.message}${because}`,
    ...wordsFor(finding, model),
  };
}

function wordsFor(finding: Finding, model: Model): Words {
  const service = model.service(finding.file);
  const targets = service === null ? [] : deploysOf(model, service).map(({ target }) => target);
  switch (finding.rule) {
    case "scheduler/timer-in-serverless":
      return cronRoute(finding, targets, model);
    case "scheduler/migrate-or-seed-on-boot":
      return releaseStep(targets);
    case "scheduler/overlapping-cron":
      return overlapping;
    default:
      return targets.includes("kubernetes")
        ? { ...unguarded, constraints: [...unguarded.constraints, asCronJob] }
        : unguarded;
  }
}
