/** Scheduler: what is due by the clock happens once, at its time, whatever runs beside it. */
import type { Model } from "../../analyzers/model.ts";
import { defineComponent, type Verdict } from "../component.ts";
import { detect } from "./detect.ts";
import { experiments } from "./experiments.ts";
import { presence } from "./presence.ts";
import { recipe } from "./recipe.ts";
import { schedulesOf, unstartedOf } from "./schedules.ts";

export const scheduler = defineComponent({
  id: "scheduler",
  title: "Scheduler",
  folder: import.meta.dirname,
  rules: [
    {
      id: "scheduler/unguarded-cron",
      title: "A schedule runs once per copy of the app",
      severity: "warning",
      advice: "Let one process alone run schedules, or take a lock before each run.",
    },
    {
      id: "scheduler/overlapping-cron",
      title: "A schedule can run into its own next turn",
      severity: "warning",
      advice: "Skip a turn while the last one is under way.",
    },
    {
      id: "scheduler/timer-in-serverless",
      title: "A timer waits in code that does not keep running",
      severity: "warning",
      advice: "Let the host's own scheduler call a route that checks a secret.",
    },
    {
      id: "scheduler/migrate-or-seed-on-boot",
      title: "Every start of the app changes the database",
      severity: "warning",
      advice: "Migrate and seed in a release step of their own, once per deploy.",
    },
  ],
  notesAreAsides: true,
  services: [],
  presence,
  detect,
  whenQuiet,
  recipe,
  experiments,
});

const server = /^(route|worker-job|schedule|socket)$/;

function whenQuiet(model: Model): Verdict {
  if (!model.entries.some(({ kind }) => server.test(kind)))
    return { verdict: "not_applicable", reason: "Nothing here runs for longer than one command.", tripWire: null };
  const timers = schedulesOf(model).length;
  const [unstarted] = unstartedOf(model);
  if (timers === 0 && unstarted !== undefined) {
    const place = `${unstarted.api}, ${unstarted.call.file}:${unstarted.call.line}`;
    const reason = `A schedule is there (${place}), but what runs it could not be seen.`;
    return { verdict: "unknown", reason, tripWire: null };
  }
  return {
    verdict: "not_yet",
    reason:
      timers === 0
        ? "Nothing here is due by the clock."
        : "What the timers here do may happen once per copy: they tidy up what their own process holds, or do nothing twice that hurts.",
    tripWire:
      "The first job by the clock that mails, charges or writes, or the second copy of the app while one exists: see the number of instances at your host.",
  };
}
