/** How the app reaches its database, as options that the generated store can repeat. */
import type { Known, Model, Service, Use } from "../../analyzers/model.ts";
import { prismaAddress } from "../../analyzers/services/prisma-address.ts";
import { callAt } from "../../patches/editors/calls.ts";
import { openSource } from "../../patches/editors/source.ts";
import type { Source } from "../../patches/editors/source.ts";
import { typescript, walk } from "../../patches/editors/typescript.ts";
import type { ts } from "../../patches/editors/typescript.ts";

const postgresNames =
  /^(DATABASE|POSTGRES|POSTGRESQL|PG|DB|NEON|SUPABASE_DB)_?(DATABASE|CONNECTION)?_?(URL|URI|STRING)$/;
const redisNames = /^(REDIS|KV|VALKEY|UPSTASH_REDIS)(_TLS|_PRIVATE|_CONNECTION)?_?(URL|URI|STRING)$/;

/** Whether {@link postgresOptions} finds a connection; opens sources only where no environment name tells the address. */
export function knowsPostgres(model: Model, service: Service): boolean {
  return addressName(model, service) !== null || postgresOptions(model, service) !== null;
}

/** Properties for a pg connection, `connectionString: process.env.DATABASE_URL`; null when they cannot be known. */
export function postgresOptions(model: Model, service: Service): string | null {
  const made = constructions(model, service, ["pg", "pg-pool", "postgres", "@neondatabase/serverless", "pg-promise"]);
  for (const use of made) {
    const options = optionsOf(model, use);
    if (options !== null) return options;
  }
  const name = addressName(model, service);
  return name === null ? null : `connectionString: process.env.${name}`;
}

function addressName(model: Model, service: Service): string | null {
  return prismaAddress(model.repo, ".") ?? namedEnv(service, postgresNames);
}

/** The address of Redis as an expression; null when it cannot be known. */
export function redisAddress(model: Model, service: Service): string | null {
  for (const { call } of constructions(model, service, ["ioredis", "redis"])) {
    const [first] = call.args;
    const url = first?.kind === "object" ? first.entries["url"] : first;
    if (url?.kind === "env") return envOr(url.name, url.default, "redis://127.0.0.1:6379");
    if (url?.kind === "literal" && typeof url.value === "string") return JSON.stringify(url.value);
    const parts = first?.kind === "object" && !first.open ? hostAndPort(first.entries) : null;
    if (parts !== null) return parts;
  }
  const name = namedEnv(service, redisNames);
  return name === null ? null : envOr(name, null, "redis://127.0.0.1:6379");
}

/** The address of MongoDB as an expression, from the call by which the app connects; null when it is no setting. */
export function mongoAddress(model: Model, service: Service): string | null {
  const connects = [
    "mongoose:connect",
    "mongoose:createConnection",
    "mongodb:MongoClient",
    "mongodb:MongoClient.connect",
  ]
    .flatMap((api) => model.usesOf(api))
    .filter(({ call: { file } }) => model.service(file) === service && isShipped(model, file));
  const addresses = connects.map(({ call: { args } }) => (args[0]?.kind === "env" ? envValue(args[0]) : null));
  const [first, ...others] = [...new Set(addresses)];
  return first === undefined || others.length > 0 ? null : first;
}

function constructions(model: Model, service: Service, packages: readonly string[]): Use[] {
  const makers = /:(default\.)?(\(\)|(Pool|Client|Redis|createClient|neon)(\(\))?|)$/;
  return model.uses.filter(
    ({ package: name, api, call }) =>
      packages.includes(name) &&
      makers.test(api) &&
      model.service(call.file) === service &&
      isShipped(model, call.file),
  );
}

function isShipped(model: Model, file: string): boolean {
  return ["server", "worker"].includes(model.context(file));
}

function envOr(name: string, fallback: string | number | null, otherwise: string): string {
  return `process.env.${name} ?? ${JSON.stringify(String(fallback ?? otherwise))}`;
}

function namedEnv(service: Service, pattern: RegExp): string | null {
  return service.env.find(({ name }) => pattern.test(name))?.name ?? null;
}

function hostAndPort(entries: Readonly<Record<string, Known>>): string | null {
  if (Object.keys(entries).some((key) => !/^(host|port|maxRetriesPerRequest|lazyConnect|retryStrategy)$/.test(key)))
    return null;
  const host = plain(entries["host"], "127.0.0.1");
  const port = plain(entries["port"], "6379");
  return host === null || port === null ? null : `\`redis://${host}:${port}\``;
}

/** A value as a part of a template literal. */
function plain(value: Known | undefined, otherwise: string): string | null {
  if (value === undefined) return otherwise;
  if (value.kind === "literal") return String(value.value);
  return value.kind === "env" ? `\${${envOr(value.name, value.default, otherwise)}}` : null;
}

/** What the app passes to its own pool, when it stands for itself: nothing but literals and the environment. */
function optionsOf(model: Model, use: Use): string | null {
  const [known] = use.call.args;
  if (known === undefined) return 'application_name: "jobs"';
  const source = openSource(model.repo, use.call.file);
  const range = source === null ? undefined : callAt(source, use.call.span)?.args[0];
  const written = source === null || range === undefined ? null : writtenOptions(source, range.start, range.end);
  if (written !== null) return written;
  const url = known.kind === "object" ? known.entries["connectionString"] : known;
  return url?.kind === "env" ? `connectionString: ${envValue(url)}` : null;
}

function envValue({ name, default: fallback }: Extract<Known, { kind: "env" }>): string {
  return fallback === null ? `process.env.${name}` : envOr(name, fallback, "");
}

const connecting = new Set(["connectionString", "host", "port", "user", "password", "database", "ssl"]);

function writtenOptions(source: Source, start: number, end: number): string | null {
  const ts = typescript();
  const node = [...walk(source.tree)].find(
    (found) => ts.isExpression(found) && found.getStart(source.tree) === start && found.end === end,
  );
  if (node === undefined) return null;
  if (!ts.isObjectLiteralExpression(node)) {
    return isSelfContained(node) && !ts.isIdentifier(node) ? `connectionString: ${node.getText(source.tree)}` : null;
  }
  const kept = node.properties.filter(({ name }) => name === undefined || connecting.has(name.getText(source.tree)));
  const clear = kept.every((property) => ts.isPropertyAssignment(property) && isSelfContained(property.initializer));
  return clear && kept.length > 0 ? kept.map((property) => property.getText(source.tree)).join(",\n    ") : null;
}

const everywhere = new Set(["process", "undefined", "Number", "String", "Boolean", "parseInt", "JSON"]);

/** Whether an expression names nothing but globals, so that it means the same in another file. */
function isSelfContained(node: ts.Node): boolean {
  const ts = typescript();
  return [...walk(node)].every((part) => {
    if (part.kind === ts.SyntaxKind.ThisKeyword) return false;
    if (!ts.isIdentifier(part)) return true;
    const { parent } = part;
    const isMember = ts.isPropertyAccessExpression(parent) && parent.name === part;
    const isKey = ts.isPropertyAssignment(parent) && parent.name === part;
    return isMember || isKey || everywhere.has(part.text);
  });
}
