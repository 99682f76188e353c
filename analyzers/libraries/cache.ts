/** Redis and caches within the process. */
import { client, facts, type ClientFact, type LibraryFact } from "./fact.ts";

const COMMANDS =
  "get set setex setEx setnx setNX mget mGet mset mSet del unlink exists expire ttl incr incrby incrBy decr decrby keys scan " +
  "hget hGet hset hSet hgetall hGetAll hdel hDel lpush lPush rpush rPush lrange lRange lpop lPop sadd sAdd srem sRem smembers sMembers " +
  "sismember sIsMember zadd zAdd zrange zRange zrem zRem publish eval evalsha json.get json.set";

export const cache: readonly LibraryFact[] = [
  ...[
    "ioredis:()",
    "ioredis:Redis()",
    "ioredis:Cluster()",
    "redis:createClient()",
    "@upstash/redis:Redis()",
    "@upstash/redis:Redis.fromEnv()",
  ].flatMap((made) => facts("cache", made, COMMANDS)),
  ...["ioredis:()", "ioredis:Redis()", "redis:createClient()"].flatMap((made) =>
    facts("cache", `${made}.**`, "exec execAsPipeline"),
  ),
  ...facts("cache", "node-cache:()", "get set del mget mset take has"),
  ...[
    "lru-cache:()",
    "lru-cache:LRUCache()",
    "keyv:()",
    "memory-cache:",
    "cache-manager:**",
    "memjs:Client.create()",
  ].flatMap((made) => facts("cache", made, "get set delete del put wrap")),
  { api: "apicache:middleware", kind: "cache" },
  ...facts(
    "cache",
    "nitropack/runtime:",
    "defineCachedEventHandler cachedEventHandler defineCachedFunction cachedFunction defineCachedHandler",
  ),
  ...facts(
    "cache",
    "nitropack/runtime:useStorage()",
    "getItem setItem getItemRaw setItemRaw removeItem hasItem getKeys clear",
  ),
];

export const cacheClients: readonly ClientFact[] = [
  client("ioredis:()", {
    timeoutOption: "commandTimeout",
    defaultTimeoutMs: null,
    retries: { option: "maxRetriesPerRequest", default: 20 },
    source: "ioredis documentation: commandTimeout unset, connectTimeout 10 s, maxRetriesPerRequest 20",
  }),
];
