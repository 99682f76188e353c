/** The app's own Redis client, where a new module can import it. */
import type { Model, Service } from "../../analyzers/model.ts";
import { type Instance, instancesOf } from "../../analyzers/state/instances.ts";
import type { Export } from "../../patches/editors/import-of.ts";

export type SharedRedis = Export & Pick<Instance, "api">;

const apis = ["ioredis:", "ioredis:Redis", "redis:createClient", "@redis/client:createClient"];

export function sharedRedis(model: Model, service: Service): SharedRedis | null {
  return exportedInstance(model, service, apis);
}

/** A client of Upstash that speaks HTTP. */
export function sharedUpstash(model: Model, service: Service): SharedRedis | null {
  return exportedInstance(model, service, ["@upstash/redis:Redis", "@upstash/redis:Redis.fromEnv"]);
}

function exportedInstance(model: Model, service: Service, patterns: readonly string[]): SharedRedis | null {
  const [client] = instancesOf(model, patterns).flatMap(({ api, file, exported, local }) =>
    exported !== null && model.service(file)?.root === service.root
      ? [{ api, file, exported, local: local ?? "redis" }]
      : [],
  );
  return client ?? null;
}

/** What is said about where the counts stand. */
export function storeNote(redis: SharedRedis | null, { backing }: Service): string {
  if (redis !== null)
    return "All replicas count together in the app's Redis; while it is down, requests pass without a limit.";
  const unused = backing.some(({ kind }) => kind === "redis")
    ? " The app's Redis was not used because no module exports its client."
    : "";
  return `The counts stand in each process, so with two replicas a client may do twice as much; a shared Redis makes them one.${unused}`;
}
