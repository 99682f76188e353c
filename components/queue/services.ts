/** Where this app's jobs can wait: its own Postgres or Redis, or the reason why a recipe must not choose. */
import { deploysOf, isServerless } from "../../analyzers/deployment/hosting.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import type { Model, Service } from "../../analyzers/model.ts";
import { imageNode, isOlder, mayBeOlder } from "../../analyzers/deployment/node-version.ts";
import { nodeMajorOf } from "../../analyzers/services/toolchain.ts";
import { knowsPostgres, mongoAddress, postgresOptions, redisAddress } from "./connection.ts";
import { isNest, nestObstacle } from "./nest.ts";
import { queueLibraryOf } from "./presence.ts";
import { workerScript } from "./worker-process.ts";
import { majorOf } from "../../analyzers/services/version-range.ts";

/** A pg-boss's connection is read from the app's code, by {@link connectionOf}, when it comes to be written. */
export type Store =
  | { kind: "pg-boss" }
  | { kind: "bullmq"; client: "ioredis" | "redis"; connection: string }
  | { kind: "agenda"; connection: string };

/** Frameworks whose apps are plain modules to Node, so that a worker can load what a job calls; and Nest's. */
const written: ReadonlySet<string> = new Set(["express", "fastify", "koa", "hono", "nestjs"]);

/** What the generated files speak: `??=`, `randomUUID`, `node:` imports. */
const oldestForCode = { major: 16, minor: 0 };

/** pg-boss 12's `engines`. */
const oldestForPgBoss = { major: 22, minor: 12 };

/** Why no queue can be written for the service that owns the file; null when one can. */
export function obstacleTo(model: Model, file: string): string | null {
  const service = model.service(file);
  if (isPython(file)) return "the recipe writes TypeScript and JavaScript, and this is written in Python";
  if (service === null) return "no package.json says which service this file belongs to";
  const foreign = model.routes.find((route) => route.service === service.name && !written.has(route.framework));
  if (foreign !== undefined)
    return `the recipe does not know how apps of ${foreign.framework} load their modules in a second process`;
  const ofNest = isNest(service) ? nestObstacle(model, service) : null;
  if (ofNest !== null) return ofNest;
  const library = queueLibraryOf(model, service);
  if (library !== null) return `${library} is there already, and an app needs one queue: add a job to it`;
  if (isServerless(model, service)) {
    const [host] = deploysOf(model, service);
    return `${host?.target ?? "the host"} runs no worker processes: use its queue, or a hosted one that calls back by HTTP`;
  }
  const old = tooOldTypes(service);
  if (old !== null)
    return `the types of today's queue libraries need TypeScript 5 and @types/node 20, and the app has ${old}`;
  if (mayBeOlder(model, service, oldestForCode))
    return "the queue's code needs Node 16, and the app may run on an older one";
  const script = workerScript(service, model.repo);
  if ("obstacle" in script) return script.obstacle;
  const store = storeFor(model, service);
  return "obstacle" in store ? store.obstacle : null;
}

/** The development dependency whose version cannot read the libraries' declarations; null when all can. */
function tooOldTypes({ devDependencies, dependencies }: Service): string | null {
  const oldest: Readonly<Record<string, number>> = { typescript: 5, "@types/node": 20 };
  const installed = Object.entries({ ...devDependencies, ...dependencies });
  const found = installed.find(
    ([name, range]) => majorOf(range) < (Object.hasOwn(oldest, name) ? (oldest[name] ?? 0) : 0),
  );
  return found === undefined ? null : found.join(" ");
}

/** Redis where the app talks to it, else Postgres, else MongoDB; never a database the app does not have. */
export function storeFor(model: Model, service: Service): Store | { obstacle: string } {
  const kinds = service.backing.map(({ kind }) => kind);
  const redis = kinds.includes("redis") ? redisStore(model, service) : null;
  if (redis !== null) return redis;
  if (!kinds.includes("postgres") && kinds.includes("mongodb")) return mongoStore(model, service);
  if (!kinds.includes("postgres"))
    return { obstacle: "the app has neither Postgres, MongoDB nor a Redis client to keep jobs in" };
  const image = imageNode(model, service);
  if (!nodeMajorOf(service).honoured || (image !== null && isOlder(image, oldestForPgBoss))) {
    const asked = image === null ? service.nodeVersion : image.major;
    return { obstacle: `pg-boss needs Node 22.12 or newer, and the app asks for ${asked ?? "an older one"}` };
  }
  return knowsPostgres(model, service)
    ? { kind: "pg-boss" }
    : { obstacle: "how the app connects to Postgres could not be read from its code" };
}

/** What the store is given to connect with, as code. */
export function connectionOf(store: Store, model: Model, service: Service): string {
  return store.kind === "pg-boss" ? (postgresOptions(model, service) ?? "") : store.connection;
}

/** Whether the app leaves it open to run on a Node that its store's library does not support. */
export function mayLackNode(store: Store, model: Model, service: Service): boolean {
  return store.kind === "pg-boss" && (service.nodeVersion === null || mayBeOlder(model, service, oldestForPgBoss));
}

/** The `engines` of Agenda 6 and of the driver that it works with. */
const oldestForAgenda = { major: 18, minor: 0 };

function mongoStore(model: Model, service: Service): Store | { obstacle: string } {
  const { language, modules, dependencies } = service;
  if (language === "typescript" && modules === "commonjs")
    return {
      obstacle: "Agenda is an ES module without a CommonJS way in, and this TypeScript is compiled to CommonJS",
    };
  if (mayBeOlder(model, service, oldestForAgenda))
    return { obstacle: "Agenda needs Node 18, and the app may run on an older one" };
  if (dependencies["mongodb"] !== undefined && majorOf(dependencies["mongodb"]) < 6)
    return { obstacle: `Agenda needs the MongoDB driver 6, and the app has ${dependencies["mongodb"]}` };
  const connection = mongoAddress(model, service);
  return connection === null
    ? { obstacle: "the app's MongoDB is not reached by an address from the environment that could be read" }
    : { kind: "agenda", connection };
}

function redisStore(model: Model, service: Service): Store | null {
  const client = "ioredis" in service.dependencies ? "ioredis" : "redis" in service.dependencies ? "redis" : null;
  if (client === null || majorOf(service.dependencies[client]) < 5) return null;
  const address = redisAddress(model, service);
  if (address === null) return null;
  return { kind: "bullmq", client, connection: client === "ioredis" ? address : `{ url: ${address} }` };
}
