/** Boots one version of an app as its deploy target would run it. */
import type { Service } from "../../analyzers/model.ts";
import { startBalancer, type Balancer } from "../balancer/balancer.ts";
import { startHealth, type Health } from "../balancer/health.ts";
import { startBucket, type BucketServer } from "../databases/bucket.ts";
import type { PostgresServer } from "../databases/postgres.ts";
import { startRedis, type RedisServer } from "../databases/redis.ts";
import type { Topology } from "../experiment.ts";
import { startOutside, type OutsideWorld } from "../outside/outside.ts";
import type { Backing, Stack } from "../stack.ts";
import type { Workspace } from "../workspace/prepare.ts";
import { environmentFor } from "./environment.ts";
import { Fleet } from "./fleet.ts";
import { givenFor } from "./given.ts";
import type { Lab } from "./lab.ts";
import { LabError } from "./lab-error.ts";
import { readReport } from "./report.ts";
import { startCommand } from "./start-command.ts";

export interface BootOptions {
  side: "before" | "after";
  /** The root of a prepared working copy (`Prepared.root`). */
  root: string;
  service: Service;
  topology: Topology;
  lab: Lab;
  signal?: AbortSignal;
  /** Path that says whether a replica wants requests; found by asking the usual ones when absent. */
  readiness?: string;
  /** How long a process may take until it takes requests; default 60. */
  bootSeconds?: number;
}

/** What is under a stack, in the order in which it was started. */
interface Base {
  outside: OutsideWorld;
  balancer: Balancer;
  postgres: PostgresServer | null;
  database: string | null;
  redis: RedisServer | null;
  bucket: BucketServer | null;
}

let booted = 0;

type Undo = { name: string; run: () => Promise<unknown> };

/** Runs all of them, last started first; what fails is named in the answer. */
async function undoAll(undos: Undo[]): Promise<string[]> {
  const notes: string[] = [];
  for (const undo of undos.splice(0).reverse()) {
    try {
      await undo.run();
    } catch (error) {
      notes.push(`${undo.name} would not end: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return notes;
}

async function layBase(options: BootOptions, workspace: Workspace, undos: Undo[]): Promise<Base> {
  const { lab, side } = options;
  const outside = await startOutside(lab.authority);
  undos.push({ name: "the outside world", run: () => outside.close() });
  const balancer = await startBalancer(lab);
  undos.push({ name: "the load balancer", run: () => balancer.stop() });
  const redis = workspace.wanted.redis ? await startRedis(lab) : null;
  if (redis) undos.push({ name: "Redis", run: () => redis.stop() });
  const bucket = workspace.wanted.bucket ? await startBucket() : null;
  if (bucket) undos.push({ name: "the S3 stand-in", run: () => bucket.stop() });
  const { template } = workspace;
  if (template === null) return { outside, balancer, redis, bucket, postgres: null, database: null };
  const postgres = await lab.postgres();
  const database = `${side}_${++booted}`;
  await postgres.create(database, template);
  undos.push({ name: `the database ${database}`, run: () => postgres.drop(database) });
  return { outside, balancer, redis, bucket, postgres, database };
}

function describe(base: Base, workspace: Workspace, origin: string, fleet: Fleet): string[] {
  const { wanted } = workspace;
  const unknown = base.outside.unknownHosts();
  const dropped = fleet
    .reports()
    .flatMap((file) => readReport(file).outside)
    .filter((place) => !/:(?:80|443|25|465|587|2525)$/.test(place));
  return [
    `app: Node ${process.versions.node}, started ${origin}`,
    base.balancer.part,
    ...(base.postgres ? [base.postgres.part] : []),
    ...(base.redis ? [base.redis.part] : []),
    ...(base.bucket ? [base.bucket.part] : []),
    ...(wanted.redis && !base.redis ? ["Redis: left out, no redis-server on this machine"] : []),
    ...wanted.missing.map((name) => `${name}: left out, the lab does not play it`),
    fleet.readiness === null
      ? "readiness: no path found, a replica is in while its process runs"
      : `readiness: GET ${fleet.readiness}`,
    ...(fleet.fixedPort === null
      ? []
      : [`port ${fleet.fixedPort} is fixed in the code; each replica was given its own, as a container would`]),
    "outside world: mail sink and HTTP stand-in for every host; only TCP connections of Node processes are redirected",
    ...(unknown.length > 0 ? [`unknown outside hosts answered with {}: ${unknown.join(", ")}`] : []),
    ...(dropped.length > 0 ? [`outside places that nobody plays: ${[...new Set(dropped)].join(", ")}`] : []),
  ];
}

function backingOf({ redis }: Base): Backing[] {
  if (redis === null) return [];
  return [{ name: "redis", isUp: () => redis.isUp(), stop: () => redis.halt(), start: () => redis.resume() }];
}

function assemble(
  options: BootOptions,
  workspace: Workspace,
  base: Base,
  fleet: Fleet,
  health: Health,
  origin: string,
  undos: Undo[],
): Stack {
  let stopping: Promise<string[]> | null = null;
  return {
    side: options.side,
    url: `http://127.0.0.1:${base.balancer.port}`,
    replicas: () => fleet.replicas(),
    processes: () => fleet.processes(),
    backing: () => backingOf(base),
    outside: base.outside,
    get parts() {
      return describe(base, workspace, origin, fleet);
    },
    kill: async (replica, signal) => {
      await fleet.kill(replica, signal);
      await health.check();
    },
    restart: async (replica) => {
      await fleet.restart(replica);
      await health.check();
    },
    killProcess: (name, signal) => fleet.killProcess(name, signal),
    startProcess: (name) => fleet.startProcess(name),
    usage: async () => fleet.usage(),
    queries: async () => (base.postgres && base.database !== null ? base.postgres.queries(base.database) : null),
    log: (lines) => fleet.log.last(lines),
    stop: () => (stopping ??= undoAll(undos)),
  };
}

function findWorkspace(options: BootOptions): Workspace {
  const workspace = options.lab.workspaces.get(options.root);
  if (workspace) return workspace;
  throw new LabError({
    what: "The working copy cannot be booted",
    why: `${options.root} was not prepared in this lab`,
    next: "Call prepare() first and pass its root",
  });
}

/** Boots the stack and waits until all replicas take requests. Throws `LabError` when the app will not boot; nothing is left running then. */
export async function bootStack(options: BootOptions): Promise<Stack> {
  const { lab, side, service, topology, signal } = options;
  const workspace = findWorkspace(options);
  const start = startCommand(service, workspace.folder);
  if (start === null) {
    throw new LabError({
      what: "The lab does not know how to start the app",
      why: "There is no start script, no Procfile, no usable Dockerfile and no entry file that exists",
      next: "Add a `start` script to package.json",
    });
  }
  const undos: Undo[] = [];
  try {
    const base = await layBase(options, workspace, undos);
    const given = givenFor(lab, { ...base, url: `http://127.0.0.1:${base.balancer.port}` });
    const environment = environmentFor({ service, examples: workspace.examples, given });
    const fleet = new Fleet({
      lab,
      side,
      workspace,
      service,
      start: start.command,
      env: environment.values,
      outside: base.outside.ports,
      hasRedis: base.redis !== null,
      root: options.root,
      unset: environment.unset,
      readiness: options.readiness ?? null,
      bootSeconds: options.bootSeconds ?? 60,
      signal,
    });
    undos.push({ name: "the app", run: () => fleet.stop() });
    await fleet.boot(topology);
    const health = startHealth(
      base.balancer,
      () => fleet.checked(),
      () => fleet.readiness,
    );
    undos.push({ name: "the health check", run: () => health.stop() });
    await health.check();
    return assemble(options, workspace, base, fleet, health, start.origin, undos);
  } catch (error) {
    await undoAll(undos);
    throw error;
  }
}
