/** How written code reaches Redis: by the app's own client where a module exports it, else by an address from the environment. */
import { mayBeOlder } from "../analyzers/deployment/node-version.ts";
import type { Model, Service } from "../analyzers/model.ts";
import { majorOf } from "../analyzers/services/version-range.ts";
import type { Edit, EnvVar } from "../patches/edit.ts";
import { addEnv } from "../patches/editors/dotenv.ts";
import { addDependency } from "../patches/editors/package-json.ts";
import { type OwnClient, ownClient } from "./own-client.ts";

export interface RedisAccess {
  library: "redis" | "ioredis";
  own: OwnClient | null;
  /** Name of the variable that holds the address. */
  address: string;
  edits: Edit[];
  env: EnvVar[];
  services: string[];
}

const clients = ["ioredis:", "ioredis:Redis", "redis:createClient", "@redis/client:createClient"];

/** Both libraries speak to an app in today's way from here on. */
const oldestMajor = 5;

/** The app's own client, else one to be made. */
export function redisAccess(model: Model, service: Service): RedisAccess | { cannot: string } {
  const own = ownClient(model, service, clients);
  if (own === null) return redisByAddress(model, service);
  const library = own.api.startsWith("ioredis:") ? "ioredis" : "redis";
  const cannot = obstacleTo(library, model, service);
  return cannot === null ? { library, own, address: "REDIS_URL", edits: [], env: [], services: [] } : { cannot };
}

/** A client to be made by what the app has installed, for connections that nothing else may use. */
export function redisByAddress(model: Model, service: Service): RedisAccess | { cannot: string } {
  const known = (["ioredis", "redis"] as const).find((name) => name in service.dependencies);
  const library = known ?? "redis";
  const cannot = obstacleTo(library, model, service);
  if (cannot !== null) return { cannot };
  const named = service.env.find(({ name }) => /^REDIS(_TLS|_PRIVATE|_CONNECTION)?_?(URL|URI)$/.test(name))?.name;
  const env = named === undefined ? [addressVariable] : [];
  // redis 6 asks for Node 20.
  const version = mayBeOlder(model, service, { major: 20, minor: 0 }) ? "^5.9.0" : "^6.3.1";
  const needed = known === undefined ? addDependency(service, "redis", version) : [];
  return {
    library,
    own: null,
    address: named ?? addressVariable.name,
    edits: [...needed, ...addEnv(model.repo, service.root, env)],
    env,
    services: known === undefined ? ["redis"] : [],
  };
}

function obstacleTo(library: RedisAccess["library"], model: Model, service: Service): string | null {
  const installed = service.dependencies[library];
  // Version 4 of node-redis ends the process when Redis comes up after a subscription (tried on 4.7).
  if (installed !== undefined && majorOf(installed) < oldestMajor)
    return `the app has ${library} ${installed}, which has to be raised to ${oldestMajor} or newer first`;
  return mayBeOlder(model, service, { major: 18, minor: 0 })
    ? "the app may run on a Node older than 18, which no current Redis client supports"
    : null;
}

const addressVariable: EnvVar = {
  name: "REDIS_URL",
  example: "redis://127.0.0.1:6379",
  note: "What all processes of the app share; needed as soon as two of them run",
};

/** The client's code and its conditions, as the templates ask for them. */
export function clientValues({ library, own, address }: RedisAccess): Record<string, string | boolean> {
  return {
    own: own !== null,
    node: library === "redis",
    makesNode: own === null && library === "redis",
    makesIo: own === null && library === "ioredis",
    ADDRESS: address,
  };
}
