/** What a reader of the patch has to know: where ticks are claimed, and what a claim does not do. */
import type { Claim } from "./claims.ts";
import type { Turns } from "./turns.ts";

export function notesFor(claims: readonly Claim[], turns: readonly Turns[]): string[] {
  const dialects = new Set(claims.map((claim) => (claim.kind === "wrap" ? claim.store.dialect : claim.dialect)));
  const stores = [...dialects].map((dialect) => {
    if (dialect === "ioredis" || dialect === "node-redis")
      return "Ticks are claimed by keys in the app's Redis, which go by themselves after a day.";
    if (dialect === "mongoose")
      return "Ticks are claimed in the collection `scheduled_ticks` of the app's MongoDB: one document per job, which makes itself.";
    return "Ticks are claimed in the table `scheduler.ticks` of the app's Postgres: one row per job. The first claim makes schema and table, for which the app's user needs the right to create; migration tools do not look into that schema. A row is claimed rather than an advisory lock held, because a lock is tied to one connection of the pool for as long as the job runs, and is free again for a copy whose clock is a little late.";
  });
  const apart = turns.length === 0 ? [] : ["A turn is left out only while the last one is under way in the same copy."];
  if (claims.length === 0) return apart;
  return [
    ...stores,
    ...apart,
    "Expressions, time zones and options of the schedules stay as they are. While the store is down a tick is left out and logged, and the next one tries again: for a job that comes once a day that is the next day.",
    "A claim keeps a tick from being done twice; a copy that dies in the middle of a run leaves the rest to the next tick.",
  ];
}
