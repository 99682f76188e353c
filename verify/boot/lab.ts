/** One opened lab: its temp folder, what runs in it, and the end of it all. */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres, type PostgresServer } from "../databases/postgres.ts";
import { makeAuthority, type Authority } from "../outside/certificates.ts";
import type { Workspace } from "../workspace/prepare.ts";
import { LabError } from "./lab-error.ts";
import { ownPath, siblingScript } from "./machine.ts";
import { endLab, folderPrefix, signFolder, sweep } from "./register.ts";

/** What the lab is doing, for a progress line. */
export interface Progress {
  /** `copy`, `install`, `build`, `migrate`, `database`, `boot`, `close`. */
  stage: string;
  side: "before" | "after" | null;
  /** One short phrase: `npm ci`, `replica 2 of 2 takes requests`. */
  message: string;
}

export interface LabOptions {
  /** Folder in which the lab makes its own; default the system's temp folder. */
  folder?: string;
  on?: (progress: Progress) => void;
}

export interface Lab {
  /** Random; every process of the lab carries it in its environment. */
  readonly id: string;
  /** The lab's own folder; gone after `close`, and also when this process dies. */
  readonly folder: string;
  readonly on: (progress: Progress) => void;
  /** Signs the certificates of the outside world; trusted by the app alone. */
  readonly authority: Authority;
  /** Working copies by their root. */
  readonly workspaces: Map<string, Workspace>;
  /** Working copies with installed dependencies, by the repo they come from; the second side copies from the first. */
  readonly installs: Map<string, Promise<{ root: string; fingerprint: string }>>;
  /** The database server, started when first asked for. */
  postgres(): Promise<PostgresServer>;
  /** Ends everything the lab started and removes its folder. Never throws; what would not end is named in the answer. */
  close(): Promise<string[]>;
}

function makeFolder(base: string): string {
  try {
    mkdirSync(base, { recursive: true });
    const folder = mkdtempSync(join(realpathSync(base), folderPrefix));
    // Postgres runs as another user when the lab runs as root, and has to get through to its own folder.
    chmodSync(folder, 0o711);
    return folder;
  } catch (error) {
    throw new LabError({
      what: `The lab could not make a folder in ${base}`,
      why: error instanceof Error ? error.message : String(error),
      next: "Give it a folder that can be written to, or set TMPDIR",
    });
  }
}

/** The pipe is the leash: the system closes it however this process ends. */
function startWatchdog(folder: string): () => Promise<void> {
  const watchdog = spawn(process.execPath, [siblingScript("./watchdog", import.meta.url), folder], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: ownPath() },
  });
  watchdog.on("error", () => undefined);
  watchdog.stdin.on("error", () => undefined);
  watchdog.unref();
  const gone = once(watchdog, "exit").then(
    () => undefined,
    () => undefined,
  );
  return async () => {
    watchdog.ref();
    watchdog.stdin.end();
    await gone;
  };
}

/** Opens a lab, after ending what dead labs left in the same place. Throws `LabError` when no folder can be made. */
export async function openLab(options: LabOptions = {}): Promise<Lab> {
  const base = options.folder ?? tmpdir();
  const folder = makeFolder(base);
  const id = randomBytes(8).toString("hex");
  signFolder(folder, id);
  const releaseWatchdog = startWatchdog(folder);
  await sweep(realpathSync(base));
  const on = options.on ?? (() => undefined);
  const authority = makeAuthority(folder);
  let server: Promise<PostgresServer> | null = null;
  let closing: Promise<string[]> | null = null;

  async function close(): Promise<string[]> {
    on({ stage: "close", side: null, message: "ending what was started" });
    await server?.then(
      (postgres) => postgres.stop(),
      () => undefined,
    );
    const notes = await endLab(folder);
    await releaseWatchdog();
    return notes;
  }

  return {
    id,
    folder,
    on,
    authority,
    workspaces: new Map(),
    installs: new Map(),
    postgres: () => {
      server ??= startPostgres({ id, folder }, authority, on);
      return server;
    },
    close: () => (closing ??= close()),
  };
}
