/** The services that an app uses as containers, and what the app is told of them. */
import type { Service } from "../../analyzers/model.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Json } from "../../patches/edit.ts";
import { portOf } from "./image.ts";

type Backing = Service["backing"][number]["kind"];

export interface Container {
  name: string;
  definition: { [key: string]: Json };
  volume: string | null;
  /** Its tables come by migrations. */
  isMigrated?: true;
  /** What the app reads -> what it is told. */
  env: readonly (readonly [RegExp, string])[];
  /** What its client library reads without the app's code. */
  library?: Record<string, string>;
  /** What it has to read to be told of a container at all, where the hosted service needs no address. */
  needs?: RegExp;
}

const healthy = { interval: "5s", timeout: "3s", retries: 10 };

/** Services that a container can stand for. SQLite is a file; mail is hosted elsewhere and comes by the environment. */
const containers: Partial<Record<Backing, Container>> = {
  postgres: {
    name: "postgres",
    definition: {
      image: "postgres:17-alpine",
      restart: "unless-stopped",
      environment: { POSTGRES_USER: "app", POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:-app}", POSTGRES_DB: "app" },
      volumes: ["postgres:/var/lib/postgresql/data"],
      healthcheck: { test: ["CMD", "pg_isready", "-U", "app", "-d", "app"], ...healthy },
    },
    volume: "postgres",
    isMigrated: true,
    env: [
      [
        /^((DATABASE|POSTGRES|POSTGRESQL|PG|DB)_(URL|URI)|DATABASE_CONNECTION(_STRING)?)$/,
        "postgres://app:${POSTGRES_PASSWORD:-app}@postgres:5432/app",
      ],
      [/^(PGHOST|(DB|DATABASE|POSTGRES|PG)_HOST)$/, "postgres"],
      [/^(PGPORT|(DB|DATABASE|POSTGRES|PG)_PORT)$/, "5432"],
      [/^(PGUSER|(DB|DATABASE|POSTGRES|PG)_USER(NAME)?)$/, "app"],
      [/^(PGPASSWORD|(DB|DATABASE|POSTGRES|PG)_(PASS|PASSWORD))$/, "${POSTGRES_PASSWORD:-app}"],
      [/^(PGDATABASE|(DB|DATABASE|POSTGRES|PG)_(NAME|DATABASE|DB))$/, "app"],
    ],
  },
  mysql: {
    name: "mysql",
    definition: {
      image: "mysql:8.4",
      restart: "unless-stopped",
      environment: {
        MYSQL_RANDOM_ROOT_PASSWORD: "yes",
        MYSQL_USER: "app",
        MYSQL_PASSWORD: "${MYSQL_PASSWORD:-app}",
        MYSQL_DATABASE: "app",
      },
      volumes: ["mysql:/var/lib/mysql"],
      healthcheck: { test: ["CMD", "mysqladmin", "ping", "-h", "127.0.0.1"], ...healthy },
    },
    volume: "mysql",
    isMigrated: true,
    env: [
      [/^((DATABASE|MYSQL|DB)_(URL|URI))$/, "mysql://app:${MYSQL_PASSWORD:-app}@mysql:3306/app"],
      [/^(DB|DATABASE|MYSQL)_HOST$/, "mysql"],
      [/^(DB|DATABASE|MYSQL)_USER(NAME)?$/, "app"],
      [/^(DB|DATABASE|MYSQL)_(PASS|PASSWORD)$/, "${MYSQL_PASSWORD:-app}"],
      [/^(DB|DATABASE|MYSQL)_(NAME|DATABASE)$/, "app"],
    ],
  },
  mongodb: {
    name: "mongo",
    definition: {
      image: "mongo:8",
      restart: "unless-stopped",
      volumes: ["mongo:/data/db"],
      healthcheck: { test: ["CMD", "mongosh", "--quiet", "--eval", "db.adminCommand('ping')"], ...healthy },
    },
    volume: "mongo",
    env: [[/^(MONGO|MONGODB|DATABASE|DB)_?(URL|URI|CONNECTION(_STRING)?)$/, "mongodb://mongo:27017/app"]],
  },
  redis: {
    name: "redis",
    definition: {
      image: "redis:7-alpine",
      restart: "unless-stopped",
      // Queues must not lose jobs to eviction or a restart.
      command: ["redis-server", "--appendonly", "yes", "--maxmemory-policy", "noeviction"],
      volumes: ["redis:/data"],
      healthcheck: { test: ["CMD", "redis-cli", "ping"], ...healthy },
    },
    volume: "redis",
    env: [
      [/^REDIS_?(URL|URI)$/, "redis://redis:6379"],
      [/^REDIS_?HOST$/, "redis"],
      [/^REDIS_?PORT$/, "6379"],
    ],
  },
  s3: {
    name: "s3",
    definition: {
      // `weed mini`, the image's own command: one node, with the bucket and the keys from these settings.
      image: "chrislusf/seaweedfs:4.47",
      restart: "unless-stopped",
      environment: {
        AWS_ACCESS_KEY_ID: "app",
        AWS_SECRET_ACCESS_KEY: "${S3_SECRET_KEY:-app-secret}",
        S3_BUCKET: "app",
      },
      volumes: ["s3:/data"],
      healthcheck: { test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8333/healthz"], ...healthy },
    },
    volume: "s3",
    env: [
      [/^S3_ENDPOINT(_URL)?$/, "http://s3:8333"],
      [/^S3_BUCKET(_NAME)?$/, "app"],
      [/^S3_REGION$/, "us-east-1"],
      [/^S3_ACCESS_KEY(_ID)?$/, "app"],
      [/^S3_SECRET(_ACCESS)?_KEY$/, "${S3_SECRET_KEY:-app-secret}"],
    ],
    library: { AWS_ACCESS_KEY_ID: "app", AWS_SECRET_ACCESS_KEY: "${S3_SECRET_KEY:-app-secret}" },
    needs: /^S3_ENDPOINT(_URL)?$/,
  },
};

/** What else the user has to fill in: names the code reads that no container answers and that have no default. */
export function openSettings(service: Service, repo: Repo): string[] {
  const told = new Set(Object.keys(environmentOf(service, repo, usedContainers(service, repo))));
  const withDefault = new Set(service.env.filter((each) => each.default !== null).map(({ name }) => name));
  return [...namesRead(service, repo)]
    .filter((name) => !told.has(name) && !withDefault.has(name) && name !== "NODE_ENV")
    .sort();
}

/** Databases that are reached over their vendor's own protocol are hosted, and no container stands for them. */
const hostedDrivers = /@neondatabase\/serverless|@vercel\/postgres|@planetscale\/database|@upstash\//;

/** Those that the app can be told to use, by a name that it reads. */
export function usedContainers(service: Service, repo: Repo): Container[] {
  const names = [...namesRead(service, repo)];
  return service.backing
    .filter(({ evidence }) => !hostedDrivers.test(evidence.note))
    .flatMap(({ kind }) => containers[kind] ?? [])
    .filter(({ env, needs }) =>
      names.some((name) => (needs === undefined ? env.some(([pattern]) => pattern.test(name)) : needs.test(name))),
    );
}

/** A database that the app uses at an address nobody can set from outside: its place in the code's evidence, null when there is none. */
export function fixedService(service: Service, repo: Repo): { kind: string; file: string; line: number } | null {
  const used = usedContainers(service, repo);
  const found = service.backing.find(({ kind, evidence }) => {
    const container = containers[kind];
    if (container === undefined || container.needs !== undefined) return false;
    return !used.includes(container) && !hostedDrivers.test(evidence.note);
  });
  return found === undefined ? null : { kind: found.kind, file: found.evidence.file, line: found.evidence.line };
}

/** Names that the code reads, and those that Prisma's schema reads for it. */
function namesRead(service: Service, repo: Repo): Set<string> {
  const folder = service.root === "." ? "" : `${service.root}/`;
  const schemas = repo.files.filter((file) => file.startsWith(folder) && file.endsWith(".prisma"));
  const inSchemas = schemas.flatMap((file) =>
    [...(repo.read(file) ?? "").matchAll(/\benv\(\s*"(\w+)"\s*\)/g)].flatMap((match) => match[1] ?? []),
  );
  return new Set([...service.env.map(({ name }) => name), ...inSchemas]);
}

export function environmentOf(service: Service, repo: Repo, used: readonly Container[]): Record<string, string> {
  const names = namesRead(service, repo);
  const portName = service.port.env ?? null;
  const port = portName === null ? [] : [[portName, String(portOf(service))] as const];
  const rules = used.flatMap(({ env }) => env);
  const told = [...names].flatMap((name) => {
    const rule = rules.find(([pattern]) => pattern.test(name));
    return rule === undefined ? [] : [[name, rule[1]] as const];
  });
  const read = used.flatMap(({ library = {} }) => Object.entries(library));
  return Object.fromEntries([...port, ...told, ...read]);
}
