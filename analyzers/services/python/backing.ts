/** The databases, caches, buckets and mail servers that a Python service talks to, by what it imports and sets. */
import type { Place, Service } from "../../model.ts";
import type { Summaries } from "../located-value.ts";
import type { Repo } from "../../repo/repo.ts";
import { findBacking } from "../backing.ts";
import type { ComposeService } from "../container-files.ts";

type Backing = Service["backing"][number];

const imports: Readonly<Record<string, Backing["kind"]>> = {
  psycopg: "postgres",
  psycopg2: "postgres",
  asyncpg: "postgres",
  pymysql: "mysql",
  MySQLdb: "mysql",
  aiomysql: "mysql",
  pymongo: "mongodb",
  motor: "mongodb",
  mongoengine: "mongodb",
  beanie: "mongodb",
  sqlite3: "sqlite",
  aiosqlite: "sqlite",
  redis: "redis",
  aioredis: "redis",
  rq: "redis",
  arq: "redis",
  boto3: "s3",
  aioboto3: "s3",
  smtplib: "smtp",
  aiosmtplib: "smtp",
  flask_mail: "smtp",
  fastapi_mail: "smtp",
};
/** Drivers that an ORM loads by its address, seen among the dependencies alone. */
const installs: Readonly<Record<string, Backing["kind"]>> = {
  "psycopg2-binary": "postgres",
  psycopg2: "postgres",
  psycopg: "postgres",
  asyncpg: "postgres",
  pymysql: "mysql",
  mysqlclient: "mysql",
  "django-redis": "redis",
};
const addresses: readonly (readonly [RegExp, Backing["kind"]])[] = [
  [/^(postgres(ql)?)(\+\w+)?:\/\/|^django\.db\.backends\.postgresql|^postgresql\+\w+$/, "postgres"],
  [/^mysql(\+\w+)?:\/\/|^django\.db\.backends\.mysql/, "mysql"],
  [/^sqlite(\+\w+)?:\/\/|^django\.db\.backends\.sqlite3/, "sqlite"],
  [/^mongodb(\+srv)?:\/\//, "mongodb"],
  [/^rediss?:\/\//, "redis"],
];

export function pythonBacking(parts: {
  repo: Repo;
  root: string;
  file: string;
  files: readonly string[];
  imported: ReadonlyMap<string, Place>;
  dependencies: Service["dependencies"];
  summaries: Summaries;
  compose: readonly ComposeService[];
  env: Service["env"];
}): Backing[] {
  const { imported, dependencies, files, summaries } = parts;
  const ofImports = Object.entries(imports).flatMap(([name, kind]) => {
    const place = imported.get(name);
    return place === undefined ? [] : [{ kind, evidence: { ...place, note: `imports ${name}` } }];
  });
  const ofInstalls = Object.entries(installs).flatMap(([name, kind]) =>
    name in dependencies ? [{ kind, evidence: { file: parts.file, line: 1, note: `installs ${name}` } }] : [],
  );
  const ofAddresses = files.flatMap((file) =>
    summaries.get(file)?.calls.length === undefined ? [] : inText(parts.repo, file),
  );
  const all = [
    ...ofImports,
    ...ofInstalls,
    ...ofAddresses,
    ...findBacking({ ...parts, files: [], imported: new Map() }),
  ];
  return all.filter((each, index) => all.findIndex((other) => other.kind === each.kind) === index);
}

/** Addresses written out in the code, as defaults of settings mostly are. */
function inText(repo: Repo, file: string): Backing[] {
  const lines = (repo.read(file) ?? "").split("\n");
  return lines.flatMap((line, index) => {
    const text = /["']((?:postgres|mysql|sqlite|mongodb|redis|django\.db\.backends)[\w+.]*(?::\/\/)?[^"'\s]*)["']/.exec(
      line,
    )?.[1];
    const kind = text === undefined ? undefined : addresses.find(([pattern]) => pattern.test(text))?.[1];
    return kind === undefined
      ? []
      : [{ kind, evidence: { file, line: index + 1, note: "its address or engine is in the code" } }];
  });
}
