/** The databases, caches, buckets and mail servers a service talks to, each with its strongest evidence. */
import type { Place, Service } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import type { Summary, Value } from "../summary.ts";
import type { ComposeService } from "./container-files.ts";
import { inFolder, isIn } from "./manifest.ts";
import type { Summaries } from "./located-value.ts";

type Backing = Service["backing"][number];
type Kind = Backing["kind"];

const PACKAGES: Record<string, Kind> = {
  pg: "postgres",
  "pg-promise": "postgres",
  "pg-pool": "postgres",
  "pg-boss": "postgres",
  postgres: "postgres",
  slonik: "postgres",
  "@neondatabase/serverless": "postgres",
  "@vercel/postgres": "postgres",
  "connect-pg-simple": "postgres",
  mysql: "mysql",
  mysql2: "mysql",
  mongoose: "mongodb",
  mongodb: "mongodb",
  "better-sqlite3": "sqlite",
  sqlite3: "sqlite",
  sqlite: "sqlite",
  "node:sqlite": "sqlite",
  ioredis: "redis",
  redis: "redis",
  "@redis/client": "redis",
  bullmq: "redis",
  bull: "redis",
  "connect-redis": "redis",
  "@upstash/redis": "redis",
  "@aws-sdk/client-s3": "s3",
  minio: "s3",
  "multer-s3": "s3",
  nodemailer: "smtp",
};
const DIALECTS: Record<string, Kind> = {
  postgres: "postgres",
  postgresql: "postgres",
  cockroachdb: "postgres",
  pg: "postgres",
  mysql: "mysql",
  mysql2: "mysql",
  mariadb: "mysql",
  mongodb: "mongodb",
  mongo: "mongodb",
  sqlite: "sqlite",
  sqlite3: "sqlite",
  "better-sqlite3": "sqlite",
};
const IMAGES: readonly (readonly [RegExp, Kind])[] = [
  [/(^|\/)(postgres|postgis|timescaledb|pgvector)([:/-]|$)/, "postgres"],
  [/(^|\/)(mysql|mariadb|percona)([:/-]|$)/, "mysql"],
  [/(^|\/)mongo([:-]|$)/, "mongodb"],
  [/(^|\/)(redis|valkey|keydb|dragonfly)([:/-]|$)/, "redis"],
  [/(^|\/)(minio|seaweedfs|rustfs|garage)([:/-]|$)/, "s3"],
  [/(^|\/)(mailhog|mailpit|maildev|mailcatcher|smtp4dev)([:/-]|$)/, "smtp"],
];
const URLS: readonly (readonly [RegExp, Kind])[] = [
  [/^["']?postgres(ql)?:\/\//, "postgres"],
  [/^["']?mysql:\/\//, "mysql"],
  [/^["']?mongodb(\+srv)?:\/\//, "mongodb"],
  [/^["']?rediss?:\/\//, "redis"],
  [/^["']?smtps?:\/\//, "smtp"],
];

/** Knows the order of trust: imported packages, schema and client options, compose files, example settings that the code reads. */
export function findBacking(parts: {
  repo: Repo;
  root: string;
  files: readonly string[];
  imported: ReadonlyMap<string, Place>;
  summaries: Summaries;
  compose: readonly ComposeService[];
  env: Service["env"];
}): Backing[] {
  const all = [
    ...fromImports(parts.imported),
    ...fromPrisma(parts.repo, parts.root),
    ...fromOptions(parts.files, parts.summaries, parts.imported),
    ...fromCompose(parts.compose),
    ...fromExamples(parts.repo, parts.root, new Set(parts.env.map((each) => each.name))),
  ];
  return all.filter((each, index) => all.findIndex((other) => other.kind === each.kind) === index);
}

function backing(kind: Kind, place: Place, note: string): Backing {
  return { kind, evidence: { file: place.file, line: place.line, note } };
}

function fromImports(imported: ReadonlyMap<string, Place>): Backing[] {
  return Object.entries(PACKAGES).flatMap(([name, kind]) => {
    const place = imported.get(name);
    return place === undefined ? [] : [backing(kind, place, `imports ${name}`)];
  });
}

function fromPrisma(repo: Repo, root: string): Backing[] {
  const schemas = repo.files.filter((file) => file.endsWith(".prisma") && isIn(root, file));
  return schemas.flatMap((file) => {
    const text = repo.read(file) ?? "";
    const source = /datasource\s+\w+\s*\{[^}]*?provider\s*=\s*"(\w+)"/.exec(text);
    const kind = DIALECTS[source?.[1] ?? ""];
    if (source === null || kind === undefined) return [];
    const line = text.slice(0, source.index + source[0].length).split("\n").length;
    return [backing(kind, { file, line }, `Prisma provider ${source[1]}`)];
  });
}

/** `dialect`, `client`, `type` of Drizzle, Sequelize, Knex, TypeORM and MikroORM, in code that imports them. */
function fromOptions(files: readonly string[], summaries: Summaries, imported: ReadonlyMap<string, Place>): Backing[] {
  const orms = [
    "drizzle-kit",
    "drizzle-orm",
    "sequelize",
    "knex",
    "typeorm",
    "@nestjs/typeorm",
    "@mikro-orm/core",
    "kysely",
    "@keyv/redis",
  ];
  if (!orms.some((name) => imported.has(name))) return [];
  return files.flatMap((file) => {
    const summary = summaries.get(file);
    return summary === undefined
      ? []
      : dialects(summary).map((each) => backing(each.kind, { file, line: each.line }, `${each.key} is ${each.value}`));
  });
}

function dialects(summary: Summary): { kind: Kind; key: string; value: string; line: number }[] {
  return summary.calls.flatMap((call) =>
    call.args.flatMap(optionEntries).flatMap(({ key, value }) => {
      if (!["dialect", "client", "type"].includes(key) || value.kind !== "literal" || typeof value.value !== "string")
        return [];
      const kind = Object.hasOwn(DIALECTS, value.value) ? DIALECTS[value.value] : undefined;
      return kind === undefined ? [] : [{ kind, key, value: value.value, line: call.span.line }];
    }),
  );
}

function optionEntries(value: Value): { key: string; value: Value }[] {
  return value.kind === "object" ? value.entries : [];
}

function fromCompose(compose: readonly ComposeService[]): Backing[] {
  return compose.flatMap(({ image, name, file, line }) => {
    const kind = IMAGES.find(([pattern]) => image !== null && pattern.test(image))?.[1];
    return kind === undefined ? [] : [backing(kind, { file, line }, `compose service ${name} runs ${image}`)];
  });
}

/** A URL in an example settings file counts when the code reads that name. */
function fromExamples(repo: Repo, root: string, read: ReadonlySet<string>): Backing[] {
  return [".env.example", ".env.sample", ".env.template", "env.example"].flatMap((name) => {
    const file = inFolder(root, name);
    const lines = (file === null ? null : repo.read(file))?.split(/\r?\n/) ?? [];
    return lines.flatMap((line, index) => {
      const [, key, value] = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=\s*(.*)$/.exec(line) ?? [];
      const kind = URLS.find(([pattern]) => value !== undefined && pattern.test(value))?.[1];
      if (file === null || key === undefined || kind === undefined || !read.has(key)) return [];
      return [backing(kind, { file, line: index + 1 }, `${key} in ${name}`)];
    });
  });
}
