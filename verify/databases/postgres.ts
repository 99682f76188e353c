/** A real Postgres for the lab: the binaries of the embedded package, else the machine's; one server, one database per stack. */
import { chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { startChild, type Child, type Home } from "../boot/child.ts";
import { LabError } from "../boot/lab-error.ts";
import { Log } from "../boot/log.ts";
import { ownPath } from "../boot/machine.ts";
import { freePort } from "../boot/ports.ts";
import type { Progress } from "../boot/lab.ts";
import type { Authority } from "../outside/certificates.ts";
import { findPostgresPrograms, type PostgresPrograms } from "./postgres-programs.ts";

export interface PostgresServer {
  /** `Postgres 18.4 (embedded)`. */
  readonly part: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  urlOf(database: string): string;
  /** Creates a database, as a copy of `template` when given; the template must have no connections. */
  create(database: string, template?: string): Promise<void>;
  drop(database: string): Promise<void>;
  /** Runs a script of SQL statements in a database. */
  execute(database: string, sql: string): Promise<void>;
  /** Statements run in this database so far; null when the server cannot count. */
  queries(database: string): Promise<number | null>;
  stop(): Promise<void>;
}

const user = "lab";
/** Durability is off: no experiment cuts the power, and the disk's noise would drown the app's. */
const flags = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "max_connections=300",
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "ssl=on",
  "ssl_cert_file=server.crt",
  "ssl_key_file=server.key",
  "log_min_messages=fatal",
];
const counting = ["shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track_planning=off"];

interface Cluster {
  home: Home;
  programs: PostgresPrograms;
  folder: string;
  data: string;
  password: string;
  log: Log;
}

function failure(cluster: Cluster, what: string): LabError {
  return new LabError({
    what,
    why: cluster.log.useful(1)[0] ?? "It said nothing",
    next: "Check that the temp folder has free space and that shared memory is not exhausted, then try again",
    log: cluster.log.useful(10),
  });
}

/** As root the server runs as another user, who has to get through to its folder. */
function checkReach(cluster: Cluster): void {
  if (cluster.programs.user === null) return;
  for (let folder = cluster.home.folder; folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) !== 0) continue;
    throw new LabError({
      what: "Postgres cannot be run in the lab's folder",
      why: `It does not run as root, and other users may not pass through ${folder}`,
      next: "Set TMPDIR to a folder that everybody may pass through, such as /tmp, or do not run as root",
    });
  }
}

function environment(): Record<string, string> {
  return { PATH: ownPath(), LC_ALL: "C", TZ: "UTC" };
}

async function initialise(cluster: Cluster, authority: Authority): Promise<void> {
  const { programs, folder, data } = cluster;
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, cluster.password, { mode: 0o600 });
  if (programs.user)
    for (const file of [folder, data, passwordFile]) chownSync(file, programs.user.uid, programs.user.gid);
  const child = startChild(cluster.home, {
    command: [
      programs.initdb,
      `--pgdata=${data}`,
      `--username=${user}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--no-sync",
      "--no-instructions",
    ],
    cwd: folder,
    env: environment(),
    log: cluster.log,
    ...(programs.user ? { user: programs.user } : {}),
  });
  const { code, failure: reason } = await child.ended;
  if (code !== 0)
    throw failure(cluster, `Postgres could not make its data folder${reason === null ? "" : ` (${reason})`}`);
  const { cert, key } = authority.issue(["127.0.0.1", "localhost"]);
  for (const [name, text] of [
    ["server.crt", cert],
    ["server.key", key],
  ] as const) {
    const file = join(data, name);
    writeFileSync(file, text, { mode: 0o600 });
    if (programs.user) chownSync(file, programs.user.uid, programs.user.gid);
  }
}

function launch(cluster: Cluster, port: number, settings: readonly string[]): Child {
  const { programs } = cluster;
  return startChild(cluster.home, {
    command: [programs.postgres, "-D", cluster.data, "-p", String(port), ...settings.flatMap((flag) => ["-c", flag])],
    cwd: cluster.folder,
    env: environment(),
    log: cluster.log,
    end: "SIGQUIT",
    ...(programs.user ? { user: programs.user } : {}),
  });
}

/** Waits until the postmaster's pid file says `ready`; false when the server ended or did not come up in time. */
async function isReady(cluster: Cluster, child: Child, milliseconds: number): Promise<boolean> {
  const file = join(cluster.data, "postmaster.pid");
  const deadline = Date.now() + milliseconds;
  while (child.isAlive && Date.now() < deadline) {
    if (existsSync(file) && readFileSync(file, "utf8").split("\n")[7]?.trim() === "ready") return true;
    await sleep(25);
  }
  return false;
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

async function stopServer(child: Child): Promise<void> {
  child.signal("SIGQUIT");
  const isGone = await Promise.race([child.ended.then(() => true), sleep(3000, false, { ref: false })]);
  if (!isGone) await child.kill();
}

function server(cluster: Cluster, child: Child, port: number, canCount: boolean): PostgresServer {
  const urlOf = (database: string): string => `postgresql://${user}:${cluster.password}@127.0.0.1:${port}/${database}`;
  const admin = urlOf("postgres");
  return {
    part: `Postgres ${cluster.programs.version} (${cluster.programs.origin}, one server for both sides, fsync off)`,
    host: "127.0.0.1",
    port,
    user,
    password: cluster.password,
    urlOf,
    create: async (database, template) => {
      const copy = template === undefined ? "" : ` TEMPLATE ${quoted(template)} STRATEGY wal_log`;
      await withClient(admin, (client) => client.query(`CREATE DATABASE ${quoted(database)}${copy}`));
    },
    drop: async (database) => {
      await withClient(admin, (client) => client.query(`DROP DATABASE IF EXISTS ${quoted(database)} WITH (FORCE)`));
    },
    execute: async (database, sql) => {
      await withClient(urlOf(database), (client) => client.query(sql));
    },
    queries: async (database) => {
      if (!canCount) return null;
      const sql =
        "SELECT coalesce(sum(calls), 0)::bigint AS calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = $1";
      const { rows } = await withClient(admin, (client) => client.query<{ calls: string }>(sql, [database]));
      return Number(rows[0]?.calls ?? 0);
    },
    stop: () => stopServer(child),
  };
}

/** Starts the server in the lab's folder, about two seconds. Throws `LabError` when there is none or it does not come up. */
export async function startPostgres(
  home: Home,
  authority: Authority,
  on: (progress: Progress) => void,
): Promise<PostgresServer> {
  const programs = await findPostgresPrograms(home.folder);
  on({ stage: "database", side: null, message: `Postgres ${programs.version} (${programs.origin})` });
  const folder = join(home.folder, "postgres");
  const cluster: Cluster = {
    home,
    programs,
    folder,
    data: join(folder, "data"),
    password: randomBytes(12).toString("hex"),
    log: new Log(),
  };
  checkReach(cluster);
  await initialise(cluster, authority);
  for (const canCount of [true, false]) {
    const port = await freePort();
    const child = launch(cluster, port, canCount ? [...flags, ...counting] : flags);
    if (!(await isReady(cluster, child, 30_000))) {
      await child.kill();
      continue;
    }
    const running = server(cluster, child, port, canCount);
    if (canCount) await running.execute("postgres", "CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
    return running;
  }
  throw failure(cluster, "Postgres did not come up");
}
