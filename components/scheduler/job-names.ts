/** Names of jobs, under which their ticks are claimed: one per schedule in the whole app, and readable in the store. */
import { posix } from "node:path";
import { callsOf } from "../../analyzers/code/calls-in.ts";
import type { Model } from "../../analyzers/model.ts";
import { queriesOf } from "../../analyzers/queries/index.ts";
import type { Schedule } from "./schedules.ts";

/** Names for schedules in this order; those that the app gives to ticks already are taken. */
export function jobNames(schedules: readonly Schedule[], model: Model): string[] {
  const taken = new Set(takenNames(model));
  return schedules.map((schedule) => {
    const wanted = nameOf(schedule, model);
    let name = wanted;
    for (let number = 2; taken.has(name); number += 1) name = `${wanted}-${number}`;
    taken.add(name);
    return name;
  });
}

/** The texts that are given to functions of these names anywhere: `oncePerTick("send-reminders", ...)`. */
function takenNames({ repo }: Model): string[] {
  return repo.files
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
    .flatMap((file) => {
      const text = repo.read(file) ?? "";
      if (!/oncePerTick|claimTick/.test(text)) return [];
      return [...text.matchAll(/(?:oncePerTick|claimTick)\([^"'`()]*["'`]([\w-]+)["'`]/g)].map(
        (match) => match[1] ?? "",
      );
    });
}

/** Words that say no more than that something is run by the clock. */
const empty =
  /^(run|handle|tick|job|cron|task|callback|start|check|execute|process|handle-?cron|then|catch|log|server|index|app|main|routes|jobs|tasks|schedules?|schedulers?)$/i;

function nameOf({ fns, call }: Schedule, model: Model): string {
  const own = fns.flatMap((id) => model.fn(id)?.name ?? []);
  const called = fns
    .flatMap((id) => callsOf(id, model))
    .flatMap((inner) => model.targets(inner).flatMap(({ name }) => name ?? []));
  const outer = model.fn(call.fn)?.name ?? "";
  const file = posix.basename(call.file).replace(/\..*$/, "");
  const tables = queriesOf(model).flatMap(({ call: query, table }) => (fns.includes(query.fn) && table ? [table] : []));
  const found = [...own, ...called, outer, file, ...tables].map(kebab).find((name) => name !== "" && !empty.test(name));
  return found ?? kebab(file);
}

function kebab(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1-$2")
    .replace(/[^A-Za-z\d]+/g, "-")
    .replace(/^-|-$/g, "")
    .toLowerCase();
}
