/** Starts a process of the lab in a session of its own, registered before anything else happens to it. */
import { spawn, type Serializable } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "./log.ts";
import { processTable } from "./process-table.ts";
import { markName, noteStarted } from "./register.ts";

export interface ChildOptions {
  /** Program and arguments; no shell in between. */
  command: readonly string[];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  log: Log;
  /** Put before each line in the log. */
  prefix?: string;
  /** Another user to run as, when the lab runs as root and the program refuses to. */
  user?: { uid: number; gid: number };
  /** How the watchdog ends it. */
  end?: "SIGKILL" | "SIGQUIT";
  /** A channel for messages between the two, for programs of ours. */
  hasChannel?: boolean;
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why it could not even start (`ENOENT`). */
  failure: string | null;
}

export interface Child {
  readonly pid: number;
  readonly isAlive: boolean;
  /** Settles when the started process itself has ended; its descendants have been killed then, as when a container's first process ends. */
  readonly ended: Promise<Ended>;
  /** Sends a signal to the started process alone. */
  signal(name: NodeJS.Signals): void;
  /** Sends a message over the channel; nothing without one, or when it is closed. */
  send(message: Serializable): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Kills the whole session and waits until it is gone. */
  kill(): Promise<void>;
}

/** Where a child's process is noted and what mark it carries. */
export interface Home {
  folder: string;
  id: string;
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}

function killSession(leader: number): number {
  send(-leader, "SIGKILL");
  const members = processTable().filter((row) => row.group === leader);
  for (const row of members) send(row.pid, "SIGKILL");
  return members.length;
}

/** Starts the child. A program that cannot be started shows in `ended`, never as a throw. */
export function startChild(home: Home, options: ChildOptions): Child {
  const [program = "", ...args] = options.command;
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { ...options.env, [markName]: home.id },
    detached: true,
    stdio: ["ignore", "pipe", "pipe", ...(options.hasChannel ? (["ipc"] as const) : [])],
    ...options.user,
  });
  const pid = child.pid ?? 0;
  if (pid > 0) noteStarted(home.folder, pid, options.end);
  for (const stream of [child.stdout, child.stderr]) {
    const writer = options.log.writer(options.prefix);
    stream?.setEncoding("utf8");
    stream?.on("data", (chunk: string) => writer.write(chunk));
    stream?.on("close", () => writer.flush());
  }
  let isAlive = pid > 0;
  const ended = new Promise<Ended>((resolve) => {
    child.once("error", (error) => {
      if (pid > 0) return;
      resolve({ code: null, signal: null, failure: error.message });
    });
    child.once("exit", (code, signal) => {
      isAlive = false;
      killSession(pid);
      resolve({ code, signal, failure: null });
    });
  });
  return {
    pid,
    get isAlive() {
      return isAlive;
    },
    ended,
    send: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    onMessage: (listener) => child.on("message", listener),
    signal: (name) => {
      if (isAlive) send(pid, name);
    },
    kill: async () => {
      if (pid === 0) return;
      if (isAlive) killSession(pid);
      await ended;
      for (let attempt = 0; attempt < 40 && killSession(pid) > 0; attempt++) await sleep(25);
    },
  };
}
