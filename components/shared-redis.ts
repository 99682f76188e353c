/** The Redis client that an app has already, for the code that recipes add to it. */
import type { Model, Service } from "../analyzers/model.ts";
import { instancesOf, type Instance } from "../analyzers/state/instances.ts";
import type { Export } from "../patches/editors/import-of.ts";
import { openSource } from "../patches/editors/source.ts";
import { isUnderCondition } from "../patches/editors/under-condition.ts";

export interface SharedRedis extends Export {
  /** Api of the call that makes it: `ioredis:Redis`. */
  api: string;
  /** It is made under a condition: without a setting there may be none. */
  mayBeMissing: boolean;
}

/** A Redis client that the new module can import. */
export function sharedRedis(model: Model, service: Service): SharedRedis | null {
  const clients = instancesOf(model, ["ioredis:", "ioredis:Redis", "redis:createClient", "@redis/client:createClient"]);
  const [client] = clients.flatMap((made) => {
    const { api, file, exported, local } = made;
    return exported !== null && model.service(file)?.root === service.root
      ? [{ api, file, exported, local: local ?? "redis", mayBeMissing: mayBeMissing(model, made) }]
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
