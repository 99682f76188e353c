/** How each tick of a schedule can be claimed by one copy: its job wrapped, or a first line in its method; or what is in the way. */
import type { Model, Service } from "../../analyzers/model.ts";
import { openSource, type Range } from "../../patches/editors/source.ts";
import { loadedBy } from "../loaded-by.ts";
import { callbackOf } from "./callback.ts";
import { storeOf, type Store } from "./claim-store.ts";
import { copyWork } from "./copy-work.ts";
import { methodClaim, type MethodClaim } from "./method-claim.ts";
import { oftenRegistered } from "./registered-once.ts";
import type { Schedule } from "./schedules.ts";
import { tickSeconds } from "./tick-seconds.ts";

export interface WrapClaim {
  kind: "wrap";
  schedule: Schedule;
  seconds: number;
  job: Range;
  store: Store;
}

export type Claim = WrapClaim | MethodClaim;

const decided = new WeakMap<Model, Map<Schedule, Claim | { obstacle: string }>>();

export function claimFor(schedule: Schedule, model: Model): Claim | { obstacle: string } {
  const known = decided.get(model) ?? new Map<Schedule, Claim | { obstacle: string }>();
  decided.set(model, known);
  const claim = known.get(schedule) ?? decide(schedule, model);
  known.set(schedule, claim);
  return claim;
}

function decide(schedule: Schedule, model: Model): Claim | { obstacle: string } {
  const seconds = tickSeconds(schedule);
  if (typeof seconds !== "number") return seconds;
  const often = oftenRegistered(schedule, model);
  if (often !== null) return { obstacle: often };
  const own = copyWork(schedule, model);
  if (own !== null) return { obstacle: own };
  if (schedule.use.package === "@nestjs/schedule") return methodClaim(schedule, seconds, model);
  if (isNest(schedule.service))
    return { obstacle: "the schedule is not one of Nest's own, so no store is given to the code around it" };
  const source = openSource(model.repo, schedule.call.file);
  if (source === null) return { obstacle: "its file cannot be changed safely" };
  const job = callbackOf(source, schedule, model);
  if ("obstacle" in job) return job;
  const store = storeOf(model, schedule.service);
  if ("obstacle" in store) return store;
  if (store.client !== null && loadedBy(store.client.file, model).has(schedule.call.file))
    return { obstacle: `${store.client.file} loads the schedules itself, so they cannot load its client` };
  return { kind: "wrap", schedule, seconds, job, store };
}

function isNest({ frameworks }: Service): boolean {
  return frameworks.some(({ name }) => name === "nestjs");
}
