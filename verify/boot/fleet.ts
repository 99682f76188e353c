/** The app's own processes in one stack: its replicas and its other process types. */
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Service } from "../../analyzers/model.ts";
import type { Upstream } from "../balancer/balancer.ts";
import type { Checked } from "../balancer/health.ts";
import type { Topology } from "../experiment.ts";
import type { Replica, Usage } from "../stack.ts";
import { freshDisk } from "../workspace/disk.ts";
import type { Workspace } from "../workspace/prepare.ts";
import { startApp, waitUntilReady, type AppProcess } from "./app-process.ts";
import type { OutsidePorts } from "./app-variables.ts";
import type { Child } from "./child.ts";
import type { Lab } from "./lab.ts";
import { LabError } from "./lab-error.ts";
import { Log } from "./log.ts";
import { freePort, giveBack } from "./ports.ts";
import { usageOfGroups } from "./process-table.ts";
import { findReadiness } from "./readiness.ts";

export interface FleetOptions {
  lab: Lab;
  side: "before" | "after";
  workspace: Workspace;
  service: Service;
  /** The web process's command. */
  start: readonly string[];
  env: Readonly<Record<string, string>>;
  outside: OutsidePorts;
  hasRedis: boolean;
  /** Names the code reads that have no value. */
  unset: readonly string[];
  readiness: string | null;
  bootSeconds: number;
  /** The root of the working copy, for replicas that get disks of their own. */
  root: string;
  signal: AbortSignal | undefined;
}

interface Member {
  /** The copy of the working copy that it runs in; null where all share one. */
  disk: string | null;
  app: AppProcess;
  child: Child | null;
  /** Where it takes requests; null while it does not. */
  upstream: Upstream | null;
}

/** As platforms give a process to end by itself (Docker and Heroku 10 to 30 s). */
const graceMilliseconds = 10_000;
/** A process without a port counts as started when it lives this long. */
const settleMilliseconds = 700;

let reports = 0;
let disks = 0;

export class Fleet {
  readonly log = new Log();
  readiness: string | null;
  readonly #options: FleetOptions;
  readonly #replicas: Member[] = [];
  readonly #processes = new Map<string, Member>();
  /** CPU time by process group, as last seen; groups that ended keep theirs. */
  readonly #spent = new Map<number, number>();

  constructor(options: FleetOptions) {
    this.#options = options;
    this.readiness = options.readiness;
  }

  get fixedPort(): number | null {
    return this.#options.workspace.fixedPort;
  }

  /** The first replica alone, so that what the app sets up at its first start is set up once; then the others. */
  async boot(topology: Topology): Promise<void> {
    const { lab, side, service } = this.#options;
    for (let index = 0; index < topology.replicas; index++) {
      const disk = topology.ownDisks === true ? join(lab.folder, `disk-${++disks}`) : null;
      this.#replicas.push(await this.#member(`web ${index + 1}`, this.#options.start, disk));
    }
    const [first, ...others] = this.#replicas;
    if (first) await this.#bring(first);
    const upstream = first?.upstream;
    if (upstream && this.readiness === null) this.readiness = await findReadiness(upstream);
    if (topology.processes) {
      for (const { name, command } of service.processes) {
        this.#processes.set(name, await this.#member(name, ["/bin/sh", "-c", command], null));
      }
    }
    await Promise.all([
      ...others.map((member) => this.#bring(member)),
      ...[...this.#processes.keys()].map((name) => this.startProcess(name)),
    ]);
    lab.on({ stage: "boot", side, message: `${topology.replicas} replica(s) take requests` });
  }

  async #member(name: string, command: readonly string[], disk: string | null): Promise<Member> {
    const { lab, workspace, env, outside, root } = this.#options;
    const report = join(lab.folder, `report-${++reports}.log`);
    const port = await freePort();
    const folder = disk === null ? workspace.folder : join(disk, relative(root, workspace.folder));
    const app = { name, command, folder, port, env, outside, fixedPort: null, report, log: this.log };
    return { disk, app, child: null, upstream: null };
  }

  /** Starts a replica and waits until it takes requests; a port that the code fixes is learned and turned once. */
  async #bring(member: Member): Promise<void> {
    const { lab, workspace, root, bootSeconds, signal } = this.#options;
    if (member.disk !== null) freshDisk(root, member.disk);
    for (;;) {
      member.app = { ...member.app, fixedPort: workspace.fixedPort };
      member.child = startApp(lab, member.app);
      const options = { readiness: this.readiness, missing: this.#missing(), seconds: bootSeconds, signal };
      const readiness = await waitUntilReady(member.app, member.child, options);
      if (readiness.kind === "ready") {
        member.upstream = readiness.upstream;
        return;
      }
      await member.child.kill();
      if (readiness.kind === "failed") throw readiness.error;
      workspace.fixedPort = readiness.port;
    }
  }

  #missing(): string[] {
    const { workspace, hasRedis, unset } = this.#options;
    const redis = workspace.wanted.redis && !hasRedis ? ["Redis (no redis-server on this machine)"] : [];
    const names = unset.length > 0 ? [`values for ${unset.slice(0, 8).join(", ")}`] : [];
    return [...redis, ...workspace.wanted.missing, ...names];
  }

  replicas(): readonly Replica[] {
    return this.#replicas.map(({ app, child }, index) => ({
      index,
      pid: child?.pid ?? 0,
      port: app.port,
      url: `http://127.0.0.1:${app.port}`,
      alive: child?.isAlive ?? false,
    }));
  }

  processes(): readonly string[] {
    return [...this.#processes].filter(([, { child }]) => child?.isAlive === true).map(([name]) => name);
  }

  checked(): Checked[] {
    return this.#replicas.map(({ app, child, upstream }) => ({
      host: upstream?.host ?? "127.0.0.1",
      port: app.port,
      isUp: upstream !== null && child?.isAlive === true,
    }));
  }

  /** Files of the preload's reports. */
  reports(): string[] {
    return this.#members().map(({ app }) => app.report);
  }

  #members(): Member[] {
    return [...this.#replicas, ...this.#processes.values()];
  }

  #replica(index: number): Member {
    const member = this.#replicas[index];
    if (member) return member;
    throw new RangeError(`there is no replica ${index}; the stack has ${this.#replicas.length}`);
  }

  #process(name: string): Member {
    const member = this.#processes.get(name);
    if (member) return member;
    throw new RangeError(
      `there is no process "${name}"; the stack has: ${[...this.#processes.keys()].join(", ") || "none"}`,
    );
  }

  /** SIGTERM lets the process end by itself for the time that platforms give, then it is killed. */
  async #end(member: Member, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const { child } = member;
    if (!child?.isAlive) return;
    this.usage();
    if (signal === "SIGTERM") {
      child.signal("SIGTERM");
      const over = new AbortController();
      const grace = sleep(graceMilliseconds, null, { signal: over.signal }).catch(() => null);
      await Promise.race([child.ended, grace]);
      over.abort();
    }
    await child.kill();
    member.upstream = null;
  }

  async kill(replica: number, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    await this.#end(this.#replica(replica), signal);
  }

  async restart(replica: number): Promise<void> {
    const member = this.#replica(replica);
    await this.#end(member, "SIGTERM");
    await this.#bring(member);
  }

  async killProcess(name: string, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    await this.#end(this.#process(name), signal);
  }

  /** Starts the process type; throws `LabError` when it ends at once. */
  async startProcess(name: string): Promise<void> {
    const member = this.#process(name);
    if (member.child?.isAlive) return;
    const child = startApp(this.#options.lab, { ...member.app, fixedPort: this.fixedPort });
    member.child = child;
    await Promise.race([child.ended, sleep(settleMilliseconds)]);
    if (child.isAlive) return;
    const { code } = await child.ended;
    throw new LabError({
      what: `The process "${name}" ended while it was booting`,
      why: `\`${member.app.command.at(-1) ?? ""}\` ended with code ${code ?? "none"}`,
      next: "The lines below are its last",
      log: this.log
        .useful(400)
        .filter((line) => line.startsWith(`[${name}] `))
        .slice(-15),
    });
  }

  usage(): Usage {
    const alive = this.#members().flatMap(({ child }) => (child?.isAlive ? [child.pid] : []));
    let residentBytes = 0;
    for (const [group, usage] of usageOfGroups(alive)) {
      residentBytes += usage.residentBytes;
      this.#spent.set(group, Math.max(usage.cpuMilliseconds, this.#spent.get(group) ?? 0));
    }
    return { cpuMilliseconds: [...this.#spent.values()].reduce((sum, one) => sum + one, 0), residentBytes };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#members().flatMap(({ child }) => child?.kill() ?? []));
    for (const { app } of this.#members()) giveBack(app.port);
  }
}
