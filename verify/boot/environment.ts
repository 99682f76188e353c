/** Fits the environment of an app to the lab: each name the code reads gets a value of ours, its own example, or is left to its default. */
import type { Service } from "../../analyzers/model.ts";
import { backingRules, plainRules, type Given } from "./environment-rules.ts";

export interface EnvironmentInput {
  service: Service;
  /** Names and values of `.env.example` and its kin. */
  examples: ReadonlyMap<string, string>;
  given: Given;
}

export interface Environment {
  values: Record<string, string>;
  /** Names the code reads that got no value and have no default. */
  unset: string[];
}

/** `KEY=value` lines as dotenv reads them: comments, quotes and `export` stripped. Malformed lines are skipped. */
export function parseDotenv(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match) continue;
    const [, name = "", raw = ""] = match;
    const quoted = /^(["'`])(.*?)\1/.exec(raw)?.[2];
    found.set(name, quoted ?? raw.replace(/(?:^|\s+)#.*$/, ""));
  }
  return found;
}

interface Hints {
  example: string | undefined;
  /** The default in the code. */
  fallback: string | number | null | undefined;
}

/** An example that names a backing service by its address stands for ours, or for nothing when we have none. */
function byScheme(example: string, given: Given): string | null | undefined {
  if (/^postgres(?:ql)?:\/\//.test(example)) return given.database?.url ?? null;
  if (/^rediss?:\/\//.test(example)) return given.redis?.url ?? null;
  if (/^smtps?:\/\//.test(example)) return given.mail.url;
  if (/^(?:mysql|mariadb|mongodb(?:\+srv)?|amqps?|kafka|nats):\/\//.test(example)) return null;
  if (/^https?:\/\/(?:localhost|127\.0\.0\.1)(?::\d+)?$/.test(example)) return given.url;
  return undefined;
}

const isNumberOrSwitch = (value: string | number | null | undefined): boolean =>
  typeof value === "number" ||
  (typeof value === "string" && /^(?:-?\d+(?:\.\d+)?|true|false|yes|no|on|off)$/i.test(value));

/** The value of one name: undefined when nobody knows one. */
function valueOf(name: string, hints: Hints, given: Given): string | undefined {
  const { example } = hints;
  const isPlain = isNumberOrSwitch(example) || isNumberOrSwitch(hints.fallback);
  const candidates = isPlain ? backingRules : [...backingRules, ...plainRules];
  const rule = candidates.find((one) => one.pattern.test(name));
  const ours = rule?.value(given, name);
  if (typeof ours === "string") return ours;
  if (ours === null) return undefined;
  const schemed = example === undefined ? undefined : byScheme(example, given);
  if (schemed !== undefined) return schemed ?? undefined;
  return example === undefined || example === "" || /^<.*>$/.test(example) ? undefined : example;
}

/** What every Postgres client reads without being told (libpq's names). */
function postgresValues(given: Given): Record<string, string> {
  const { database } = given;
  if (database === null) return {};
  return {
    DATABASE_URL: database.url,
    PGHOST: database.host,
    PGPORT: String(database.port),
    PGUSER: database.user,
    PGPASSWORD: database.password,
    PGDATABASE: database.name,
  };
}

/** What Amazon's client reads without being told: its endpoint and keys, which the stand-in does not look at. */
function bucketValues({ bucket, seed }: Given): Record<string, string> {
  if (bucket === null) return {};
  return {
    AWS_ENDPOINT_URL_S3: bucket.url,
    AWS_ACCESS_KEY_ID: "lab",
    AWS_SECRET_ACCESS_KEY: seed,
    AWS_REGION: "us-east-1",
  };
}

/** The environment for one stack. The same input gives the same values. */
export function environmentFor(input: EnvironmentInput): Environment {
  const { service, examples, given } = input;
  const values: Record<string, string> = { ...postgresValues(given), ...bucketValues(given) };
  const read = new Map(service.env.map((one) => [one.name, one.default]));
  const unset: string[] = [];
  for (const name of new Set([...read.keys(), ...examples.keys()])) {
    if (["PORT", "NODE_ENV", "NODE_OPTIONS"].includes(name)) continue;
    const value = valueOf(name, { example: examples.get(name), fallback: read.get(name) }, given);
    if (value !== undefined) values[name] = value;
    else if (read.get(name) === null && !(name in values) && !examples.has(name)) unset.push(name);
  }
  return { values: { ...values, NODE_ENV: "production" }, unset: unset.sort() };
}
