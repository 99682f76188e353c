/** How a run that is not over keeps the next one from starting: the library's own option where it has one, else a flag of the app's own. */
import type { Model } from "../../analyzers/model.ts";
import { majorOf } from "../../analyzers/services/version-range.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt, setOptions } from "../../patches/editors/calls.ts";
import { openSource, type Range } from "../../patches/editors/source.ts";
import { callbackOf } from "./callback.ts";
import type { Schedule } from "./schedules.ts";

export type Turns =
  | { kind: "option"; schedule: Schedule; edits: Edit[] }
  | { kind: "flag"; schedule: Schedule; job: Range };

interface Option {
  name: string;
  /** First major of the package that has it. */
  since: number;
  /** Where the options stand when the call has none yet. */
  index: number;
}

const options: Readonly<Record<string, Option>> = {
  "node-cron:schedule": { name: "noOverlap", since: 4, index: 2 },
  "node-cron:createTask": { name: "noOverlap", since: 4, index: 2 },
  "croner:Cron": { name: "protect", since: 5, index: 2 },
  "croner:": { name: "protect", since: 5, index: 2 },
  "@nestjs/schedule:Cron": { name: "waitForCompletion", since: 5, index: 1 },
};

export function turnsFor(schedule: Schedule, model: Model): Turns | { obstacle: string } {
  const { call, use, service } = schedule;
  const source = openSource(model.repo, call.file);
  if (source === null) return { obstacle: "its file cannot be changed safely" };
  const option = Object.hasOwn(options, use.api) ? options[use.api] : undefined;
  const version = service.dependencies[use.package];
  if (option !== undefined && version !== undefined && majorOf(version) >= option.since) {
    const there = call.args.findIndex(({ kind }) => kind === "object");
    const place = callAt(source, call.span);
    const index = there < 0 ? Math.min(option.index, place?.args.length ?? 0) : there;
    const edits = setOptions(source, call.span, index, { [option.name]: "true" });
    return edits === null
      ? { obstacle: `the options of \`${use.api}\` do not stand in the call` }
      : { kind: "option", schedule, edits };
  }
  if (use.package === "@nestjs/schedule") return { obstacle: "this version of @nestjs/schedule has no option for it" };
  const job = callbackOf(source, schedule, model);
  return "obstacle" in job ? job : { kind: "flag", schedule, job };
}
