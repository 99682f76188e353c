/** What the lab gives to one stack, in the shape the environment's rules want. */
import type { BucketServer } from "../databases/bucket.ts";
import type { PostgresServer } from "../databases/postgres.ts";
import type { RedisServer } from "../databases/redis.ts";
import type { Given } from "./environment-rules.ts";

/** A name of the outside: the preload sends it to the sink, as it would the real one. */
const mailHost = "smtp.lab.example";

export interface Giving {
  postgres: PostgresServer | null;
  database: string | null;
  redis: RedisServer | null;
  bucket: BucketServer | null;
  url: string;
}

/** Addresses and names for one stack. */
export function givenFor(lab: { id: string }, giving: Giving): Given {
  const { postgres, database, redis, bucket, url } = giving;
  const isGiven = postgres !== null && database !== null;
  return {
    database: isGiven
      ? {
          url: postgres.urlOf(database),
          host: postgres.host,
          port: postgres.port,
          user: postgres.user,
          password: postgres.password,
          name: database,
        }
      : null,
    redis: redis === null ? null : { url: redis.url, port: redis.port },
    bucket: bucket === null ? null : { url: bucket.url },
    mail: { host: mailHost, port: 587, url: `smtp://lab:lab@${mailHost}:587` },
    url,
    seed: lab.id,
  };
}
