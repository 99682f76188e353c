/** The Redis client an app already has, for the code that recipes add to it. */
import { instancesOf, type Instance } from "../analyzers/state/instances.ts";
import type { Model, Service } from "../analyzers/model.ts";
import type { Export } from "../patches/editors/import-of.ts";

export type SharedRedis = Export & Pick<Instance, "api" | "construction">;

/** A Redis client that a new module can import. */
export function sharedRedis(model: Model, service: Service): SharedRedis | null {
  return exportedClient(model, service, [
    "ioredis:",
    "ioredis:Redis",
    "redis:createClient",
    "@redis/client:createClient",
  ]);
}

/** A client of Upstash that speaks HTTP. */
export function sharedUpstash(model: Model, service: Service): SharedRedis | null {
  return exportedClient(model, service, ["@upstash/redis:Redis", "@upstash/redis:Redis.fromEnv"]);
}

function exportedClient(model: Model, service: Service, apis: readonly string[]): SharedRedis | null {
  const [client] = instancesOf(model, apis).flatMap(({ api, file, exported, local, construction }) =>
    exported !== null && model.service(file)?.root === service.root
      ? [{ api, file, exported, local: local ?? "redis", construction }]
      : [],
  );
  return client ?? null;
}
