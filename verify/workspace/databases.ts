/** Which backing services a working copy wants, beyond what the model saw in its code. */
import type { Service } from "../../analyzers/model.ts";
import type { PackageJson } from "./package-json.ts";
import { dependsOn } from "./package-json.ts";

const postgresClients = ["pg", "postgres", "pg-promise", "pg-boss", "slonik", "pg-native", "connect-pg-simple"];
const redisClients = ["redis", "ioredis", "bullmq", "bull", "connect-redis", "rate-limit-redis"];

const bucketClients = ["@aws-sdk/client-s3", "aws-sdk", "minio", "multer-s3"];

export interface Wanted {
  postgres: boolean;
  redis: boolean;
  bucket: boolean;
  /** Kinds that the lab cannot start, in words. */
  missing: string[];
}

const missingNames = { mongodb: "MongoDB", mysql: "MySQL" } as const;

/** What the service asks for, by the model's evidence and by its packages. */
export function wantedBy(service: Service, manifest: PackageJson, prismaProvider: string | null): Wanted {
  const kinds = new Set(service.backing.map((one) => one.kind));
  const uses = (clients: readonly string[]): boolean => clients.some((name) => dependsOn(manifest, name));
  const missing = (["mongodb", "mysql"] as const).filter((kind) => kinds.has(kind)).map((kind) => missingNames[kind]);
  return {
    postgres: kinds.has("postgres") || uses(postgresClients) || prismaProvider === "postgresql",
    redis: kinds.has("redis") || uses(redisClients),
    bucket: kinds.has("s3") || uses(bucketClients),
    missing,
  };
}
