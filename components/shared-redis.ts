/** The Redis client that an app has already, for the code that recipes add to it. */
import type { Model, Service } from "../analyzers/model.ts";
import { instancesOf, type Instance } from "../analyzers/state/instances.ts";
import type { Export } from "../patches/editors/import-of.ts";
import { openSource } from "../patches/editors/source.ts";
import { isUnderCondition } from "../patches/editors/under-condition.ts";

/** `api` is that of the call that makes it: `ioredis:Redis`. */
export interface SharedRedis extends Export, Pick<Instance, "api" | "construction"> {
  /** It is made under a condition: without a setting there may be none. */
  mayBeMissing: boolean;
}

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
  const [client] = instancesOf(model, apis).flatMap((made) => {
    const { api, file, exported, local, construction } = made;
    return exported !== null && model.service(file)?.root === service.root
      ? [{ api, file, exported, local: local ?? "redis", construction, mayBeMissing: mayBeMissing(model, made) }]
      : [];
  });
  return client ?? null;
}

function mayBeMissing({ repo }: Model, { file, construction }: Instance): boolean {
  const source = openSource(repo, file);
  return source === null || isUnderCondition(source, construction.span);
}

/** Whether it is away, so that nothing is queued for later. */
export function redisIsAway({ api, local, mayBeMissing: isMaybe }: SharedRedis): string {
  const asked = isMaybe ? `${local}?` : local;
  return api.startsWith("ioredis:") ? `${asked}.status !== "ready"` : `!${asked}.isReady`;
}

/** Sends a raw command: `command` is a list of words. */
export function redisCommand({ api, local }: SharedRedis): string {
  return api.startsWith("ioredis:")
    ? `${local}.call(String(command[0]), ...command.slice(1))`
    : `${local}.sendCommand(command)`;
}
