/** What is said about where the counts stand. */
import type { Service } from "../../analyzers/model.ts";
import type { SharedRedis } from "../shared-redis.ts";

export function storeNote(redis: SharedRedis | null, { backing }: Service): string {
  if (redis !== null)
    return "All replicas count together in the app's Redis; while it is down, requests pass without a limit.";
  const unused = backing.some(({ kind }) => kind === "redis")
    ? " The app's Redis was not used because no module exports its client."
    : "";
  return `The counts stand in each process, so with two replicas a client may do twice as much; a shared Redis makes them one.${unused}`;
}
