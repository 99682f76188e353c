/** Gives a session middleware a store that all processes share: the app's Redis, else its Postgres, else a Redis by REDIS_URL. */
import { posix } from "node:path";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import type { CallSite, Model, Service } from "../../analyzers/model.ts";
import type { Edit } from "../../patches/edit.ts";
import { callAt, setOptions } from "../../patches/editors/calls.ts";
import { importStatement } from "../../patches/editors/import-of.ts";
import { addImport, freeName } from "../../patches/editors/imports.ts";
import { addDependency, installNote } from "../../patches/editors/package-json.ts";
import { openSource, type Source, styleFor } from "../../patches/editors/source.ts";
import { specifierFor } from "../../patches/editors/specifier.ts";
import { newFile } from "../../patches/new-file.ts";
import type { Templates } from "../component.ts";
import type { Finding } from "../finding.ts";
import { dropLocalStore } from "./local-store.ts";
import type { Outcome } from "./outcome.ts";
import { type PostgresAccess, postgresAccess } from "./postgres-access.ts";
import { clientValues, type RedisAccess, redisAccess } from "../redis-access.ts";
import { sessionCalls } from "./sessions.ts";
import { writtenModule } from "./written-module.ts";

const exported = "openSessionStore";

/** 9 takes node-redis alone, 8 any client; 10 asks for Node 22. */
const redisStores = { redis: "^9.0.0", ioredis: "^8.1.0" };
const postgresStore = { "connect-pg-simple": "^10.0.0" };
const postgresTypes = { "@types/connect-pg-simple": "^7.0.3" };

interface Kept {
  module: Edit;
  edits: Edit[];
  notes: string[];
  access: RedisAccess | null;
}

export function mendSession(finding: Finding, model: Model, templates: Templates): Outcome {
  const call = finding.call === null ? null : model.call(finding.call);
  const service = call === null ? null : model.service(call.file);
  if (call === null || service === null) return { cannot: "no package.json says which service this file belongs to" };
  const found = sessionCalls(model).filter(({ file }) => model.service(file)?.root === service.root);
  const isMiddleware = found.some(({ id }) => id === call.id);
  if (!isMiddleware)
    return { cannot: "the app keeps its logins in a variable of its own, whose every use has to change" };
  if (found.length > 1)
    return {
      cannot: `the app has ${found.length} kinds of sessions, whose stores have to stay apart (a \`prefix\` each)`,
    };
  if (isServerless(model, service)) return { cannot: "the host runs functions: use a store that is reached by HTTP" };
  const source = openSource(model.repo, call.file);
  if (source === null) return { cannot: "the file could not be parsed" };
  const file = newFile(model.repo, folderFor(call, service), "session-store", call.file);
  const kept = keep(file, call, model, service, templates);
  return "cannot" in kept ? kept : withStore(kept, file, source, call, service);
}

/** Beside the middleware; where folders are loaded whole, as plugins, beside the entry. */
function folderFor({ file }: CallSite, { dependencies, entry: [entry] }: Service): string {
  return posix.dirname("@fastify/autoload" in dependencies && entry !== undefined ? entry : file);
}

function withStore(kept: Kept, file: string, source: Source, call: CallSite, service: Service): Outcome {
  const name = freeName(source, exported);
  const index = isFastify(call) ? 1 : 0;
  const options = setOptions(source, call.span, index, { store: `${name}()` });
  if (options === null) return { cannot: "its options are put together elsewhere" };
  const dropped = dropLocalStore(source, callAt(source, call.span)?.args[index] ?? call.span);
  if ("cannot" in dropped) return dropped;
  const from = specifierFor(source.file, file, source.style);
  return {
    edits: [
      kept.module,
      ...addImport(source, { from, names: [{ name: exported, as: name }] }),
      ...options,
      ...dropped.edits,
      ...kept.edits,
    ],
    notes: [
      installNote(service),
      ...kept.notes,
      ...(dropped.edits.length > 0
        ? ["The package of the old session store is no longer used and can be removed."]
        : []),
      "Cookies and what is in a session stay as they are; with the first start everybody has to log in once more, as after any restart until now.",
    ],
    env: kept.access?.env ?? [],
    services: kept.access?.services ?? [],
  };
}

function isFastify({ args: [first] }: CallSite): boolean {
  return first?.kind === "external" && first.api.startsWith("@fastify/session:");
}

/** Redis where the app has it, then Postgres, then a new Redis. */
function keep(
  file: string,
  call: CallSite,
  model: Model,
  service: Service,
  templates: Templates,
): Kept | { cannot: string } {
  const hasRedis = "redis" in service.dependencies || "ioredis" in service.dependencies;
  const postgres = hasRedis || isFastify(call) ? null : postgresAccess(model, service);
  if (postgres !== null) return inPostgres(file, postgres, model, service, templates);
  const redis = redisAccess(model, service);
  return "cannot" in redis ? redis : inRedis(file, redis, call, model, service, templates);
}

function inPostgres(
  file: string,
  { own, address }: PostgresAccess,
  model: Model,
  service: Service,
  templates: Templates,
): Kept {
  const values = {
    own: own !== null,
    POOL_IMPORT: own === null ? "" : importStatement(file, styleFor(model.repo, file), own),
    POOL: own === null || own.local === "pool" ? "pool" : `pool: ${own.local}`,
    ADDRESS: address,
  };
  const types = /\.[cm]?ts$/.test(file) ? Object.entries(postgresTypes) : [];
  return {
    module: writtenModule(file, templates("session-store-pg.ts"), values, {}, { model, service }),
    edits: [
      ...Object.entries(postgresStore).flatMap(([name, version]) => addDependency(service, name, version)),
      ...types.flatMap(([name, version]) => addDependency(service, name, version, "devDependencies")),
    ],
    notes: [
      `Sessions are kept in the app's Postgres, in a table \`session\` that is made at the first request${own === null ? `, over a small pool of their own (${address})` : ", over the app's own pool"}.`,
    ],
    access: null,
  };
}

function inRedis(
  file: string,
  redis: RedisAccess,
  call: CallSite,
  model: Model,
  service: Service,
  templates: Templates,
): Kept {
  const { own, library, address } = redis;
  const made =
    library === "ioredis"
      ? "new Redis(url, { maxRetriesPerRequest: 1 })"
      : "createClient({ url, commandOptions: { timeout: 2000 } })";
  const values = {
    ...clientValues(redis),
    express: !isFastify(call),
    connects: own === null && library === "redis",
    REDIS_IMPORT: own === null ? "" : importStatement(file, styleFor(model.repo, file), own),
    LOCAL: own?.local ?? "redis",
    CLIENT: made,
    RETURNS: own === null ? ": RedisStore | undefined" : ": RedisStore",
  };
  const errors = {
    ERROR_AWAY: "Redis is away, sessions with it",
    ERROR_CONNECT: "Redis could not be reached for sessions",
  };
  return {
    module: writtenModule(file, templates("session-store-redis.ts"), values, errors, { model, service }),
    edits: [
      ...addDependency(service, "connect-redis", redisStores[library]),
      ...(isFastify(call) ? addDependency(service, "express-session", "^1.19.0") : []),
      ...redis.edits,
    ],
    notes: [
      own === null
        ? `Sessions are kept in Redis where ${address} is set, the same for every process; without it they stay in the process, and the log says so.`
        : "Sessions are kept in the app's own Redis, over the client that it has.",
      "A session whose cookie has no `maxAge` ends after a day without a request.",
    ],
    access: redis,
  };
}
