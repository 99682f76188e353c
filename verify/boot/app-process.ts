/** One process of the app: started as its command says, watched until it takes requests. */
import { realpathSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { delimiter, isAbsolute, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Upstream } from "../balancer/balancer.ts";
import { ask } from "../balancer/ask.ts";
import { appVariables, type OutsidePorts } from "./app-variables.ts";
import { startChild, type Child } from "./child.ts";
import type { Lab } from "./lab.ts";
import { LabError } from "./lab-error.ts";
import type { Log } from "./log.ts";
import { readReport } from "./report.ts";

export interface AppProcess {
  /** `web 1`, `worker`: in the log and in messages. */
  name: string;
  command: readonly string[];
  /** The service's folder. */
  folder: string;
  port: number;
  /** Environment beside what every process of the lab gets. */
  env: Readonly<Record<string, string>>;
  outside: OutsidePorts;
  /** A port that the code fixes and that is turned into `port`. */
  fixedPort: number | null;
  /** The preload's report, one file per process. */
  report: string;
  log: Log;
}

/** Why a process does not take requests: it ended, it listens elsewhere, it escapes the lab, or it is not done yet. */
export type Readiness =
  | { kind: "ready"; upstream: Upstream }
  | { kind: "fixed-port"; port: number }
  | { kind: "failed"; error: LabError };

const elsewhereMilliseconds = 1500;
const askMilliseconds = 5000;
/** A process that died a moment ago may hold the port still: only a listener that stays unreported this long is not ours. */
const foreignMilliseconds = 3000;
/** An app may listen first and fail at its start all the same: it has to outlive its first answer by this long. */
const settleMilliseconds = 400;

/** Starts the process. */
export function startApp(lab: Lab, app: AppProcess): Child {
  rmSync(app.report, { force: true });
  const listen = app.fixedPort === null ? {} : { [app.fixedPort]: app.port };
  const variables = appVariables(lab, { ports: app.outside, listen, report: app.report });
  const path = [join(app.folder, "node_modules", ".bin"), variables["PATH"] ?? ""].join(delimiter);
  return startChild(lab, {
    command: app.command,
    cwd: app.folder,
    env: { ...app.env, ...variables, PATH: path, PORT: String(app.port) },
    log: app.log,
    prefix: `[${app.name}] `,
  });
}

async function accepts(upstream: Upstream): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(upstream);
    socket.setTimeout(1000, () => socket.destroy());
    socket.once("connect", () => {
      resolve(true);
      socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.once("close", () => resolve(false));
  });
}

async function listenerAt(port: number): Promise<Upstream | null> {
  const candidates: Upstream[] = [
    { host: "127.0.0.1", port },
    { host: "::1", port },
  ];
  for (const upstream of candidates) if (await accepts(upstream)) return upstream;
  return null;
}

/** A port that the process took instead of ours, once it has had the time to take ours as well. */
function takenElsewhere(app: AppProcess): number | null {
  if (app.fixedPort !== null) return null;
  const { listens } = readReport(app.report);
  return listens.includes(app.port) ? null : (listens[0] ?? null);
}

/** Whether the listener at the port is known to run under the lab's control. */
function isReported(app: AppProcess): boolean {
  return readReport(app.report).listens.some((port) => port === app.port || port === app.fixedPort);
}

function lastWords(app: AppProcess, lines = 15): string[] {
  return app.log
    .useful(400)
    .filter((line) => line.startsWith(`[${app.name}] `))
    .slice(-lines);
}

/** Ports by which backing services are known. */
const services: Readonly<Record<string, string>> = {
  5432: "Postgres",
  6379: "Redis",
  27017: "MongoDB",
  3306: "MySQL",
  5672: "RabbitMQ",
};

interface Cause {
  why: string;
  next: string;
}

/** What the last lines say of an address that is taken or that nobody is at. */
function causeOf(lines: string, folder: string): Cause | null {
  const taken = /EADDRINUSE[^\n]*?:(\d+)/.exec(lines)?.[1];
  if (taken !== undefined) {
    return {
      why: `Port ${taken} is in use: the code fixes it, so only one process on this machine can have it`,
      next: "Read the port from the environment variable PORT",
    };
  }
  const missing = /Cannot find module '([^'\n]+)'/.exec(lines)?.[1];
  if (missing !== undefined) return causeOfMissing(missing, folder);
  const [, host, port = ""] = /ECONNREFUSED (127\.0\.0\.1|::1):(\d+)/.exec(lines) ?? [];
  const service = services[port];
  if (service === undefined) return null;
  return {
    why: `It wants ${service} at ${host}:${port}; the lab gives databases by environment variables (DATABASE_URL, DB_HOST, REDIS_URL, ...), and this address is fixed in the code or is its default`,
    next: `Read the address of ${service} from the environment; a service that the machine lacks has to be installed`,
  };
}

function causeOfMissing(name: string, folder: string): Cause {
  return isAbsolute(name)
    ? {
        why: `It wants ${relative(realpathSync(folder), name)}, and there is no such file`,
        next: "Check that the start command names the file that the build writes",
      }
    : {
        why: `It needs the module ${name}, which is not installed or not built`,
        next: "Add it to the dependencies of package.json, or to what the build writes",
      };
}

function ended(app: AppProcess, how: string, missing: readonly string[]): LabError {
  const lacks = missing.length > 0 ? `; not given to it here: ${missing.join(", ")}` : "";
  const cause = causeOf(lastWords(app, 60).join("\n"), app.folder);
  return new LabError({
    what: `The app ended while it was booting (${app.name})`,
    why: cause?.why ?? `\`${app.command.join(" ")}\` ${how}${lacks}`,
    next: cause?.next ?? "The lines below are its last; what it misses is named there",
    log: lastWords(app),
  });
}

function silent(app: AppProcess, seconds: number): LabError {
  return new LabError({
    what: `The app never listened on its port (${app.name})`,
    why: `\`${app.command.join(" ")}\` ran for ${seconds} s and nothing answered on PORT=${app.port}`,
    next: "Check that the start command starts a server, and that it listens on the environment variable PORT",
    log: lastWords(app),
  });
}

function escaped(app: AppProcess): LabError {
  return new LabError({
    what: `The app's process does not run under the lab's control (${app.name})`,
    why: "It is not Node, or its start command replaces NODE_OPTIONS, so its outgoing connections could reach the internet",
    next: 'Keep the given NODE_OPTIONS in the start command (`NODE_OPTIONS="$NODE_OPTIONS --flag"`)',
    log: lastWords(app),
  });
}

/** Whether the listener takes requests: a good answer on its readiness path; without one any answer, or just silence on `/`, which may have its reasons. */
async function takesRequests(
  child: Child,
  upstream: Upstream,
  path: string | null,
  deadline: number,
): Promise<boolean> {
  if (path === null) {
    await ask(upstream, "/", askMilliseconds);
    await Promise.race([child.ended, sleep(settleMilliseconds)]);
    return child.isAlive;
  }
  while (child.isAlive && Date.now() < deadline) {
    const answer = await ask(upstream, path, askMilliseconds);
    if (answer !== null && answer.status < 400) return true;
    await sleep(100);
  }
  return false;
}

/** Waits until the process takes requests on its port. `missing`: services it may lack, for the message. */
export async function waitUntilReady(
  app: AppProcess,
  child: Child,
  options: { readiness: string | null; missing: readonly string[]; seconds: number; signal: AbortSignal | undefined },
): Promise<Readiness> {
  const deadline = Date.now() + options.seconds * 1000;
  let elsewhereSince: number | null = null;
  let foreignSince: number | null = null;
  while (Date.now() < deadline) {
    options.signal?.throwIfAborted();
    const elsewhere = takenElsewhere(app);
    if (!child.isAlive) {
      const { code, signal, failure } = await child.ended;
      if (elsewhere !== null) return { kind: "fixed-port", port: elsewhere };
      const how = failure ?? (signal === null ? `ended with code ${code ?? "none"}` : `was ended by ${signal}`);
      return { kind: "failed", error: ended(app, how, options.missing) };
    }
    const upstream = await listenerAt(app.port);
    if (upstream !== null) {
      if (!isReported(app)) {
        foreignSince ??= Date.now();
        if (Date.now() - foreignSince > foreignMilliseconds) return { kind: "failed", error: escaped(app) };
      } else if (await takesRequests(child, upstream, options.readiness, deadline)) {
        return { kind: "ready", upstream };
      }
    }
    if (elsewhere !== null) elsewhereSince ??= Date.now();
    if (elsewhere !== null && elsewhereSince !== null && Date.now() - elsewhereSince > elsewhereMilliseconds) {
      return { kind: "fixed-port", port: elsewhere };
    }
    await sleep(50);
  }
  return { kind: "failed", error: silent(app, options.seconds) };
}
