/** How written code reaches Redis: by the app's own client where a module exports it, else by an address from the environment. */
import { mayBeOlder } from "../../analyzers/deployment/node-version.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { majorOf } from "../../analyzers/services/version-range.ts";
import type { Edit, EnvVar } from "../../patches/edit.ts";
import { addEnv } from "../../patches/editors/dotenv.ts";
import { addDependency } from "../../patches/editors/package-json.ts";
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

export function redisAccess(model: Model, service: Service): RedisAccess | { cannot: string } {
  const { dependencies } = service;
  const known = (["ioredis", "redis"] as const).filter((name) => name in dependencies);
  const own = ownClient(model, service, clients);
  const library = own === null ? (known[0] ?? "redis") : own.api.startsWith("ioredis:") ? "ioredis" : "redis";
  const installed = dependencies[library];
  // Version 4 of node-redis ends the process when Redis comes up after a subscription (tried on 4.7).
  if (installed !== undefined && majorOf(installed) < oldestMajor)
    return { cannot: `the app has ${library} ${installed}, which has to be raised to ${oldestMajor} or newer first` };
  if (mayBeOlder(model, service, { major: 18, minor: 0 }))
    return { cannot: "the app may run on a Node older than 18, which no current Redis client supports" };
  if (own !== null) return { library, own, address: "REDIS_URL", edits: [], env: [], services: [] };
  const named = service.env.find(({ name }) => /^REDIS(_TLS|_PRIVATE|_CONNECTION)?_?(URL|URI)$/.test(name))?.name;
  const address = named ?? "REDIS_URL";
  const env = named === undefined ? [addressVariable] : [];
  // redis 6 asks for Node 20.
  const version = mayBeOlder(model, service, { major: 20, minor: 0 }) ? "^5.9.0" : "^6.3.1";
  const needed = known.length > 0 ? [] : addDependency(service, "redis", version);
  return {
    library,
    own,
    address,
    edits: [...needed, ...addEnv(model.repo, service.root, env)],
    env,
    services: known.length > 0 ? [] : ["redis"],
  };
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
