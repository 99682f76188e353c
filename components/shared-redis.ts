/** The Redis client an app already has, for the code that recipes add to it. */
import { instancesOf, type Instance } from "../analyzers/state/instances.ts";
import type { Model, Service } from "../analyzers/model.ts";
import type { Export } from "../patches/editors/import-of.ts";

export type SharedRedis = Export & Pick<Instance, "api" | "construction">;

/** A Redis client that a new module can import. */
export function sharedRedis(model: Model, service: Service): SharedRedis | null {
  const clients = instancesOf(model, ["ioredis:", "ioredis:Redis", "redis:createClient", "@redis/client:createClient"]);
  const [client] = clients.flatMap(({ api, file, exported, local, construction }) =>
    exported !== null && model.service(file)?.root === service.root
      ? [{ api, file, exported, local: local ?? "redis", construction }]
      : [],
  );
  return client ?? null;
}
