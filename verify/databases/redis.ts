/** A Redis of its own for each stack, when the machine has one. */
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startChild, type Child, type Home } from "../boot/child.ts";
import { Log } from "../boot/log.ts";
import { findProgram, ownPath, versionOf } from "../boot/machine.ts";
import { freePort, giveBack } from "../boot/ports.ts";
import { LabError } from "../boot/lab-error.ts";

export interface RedisServer {
  /** `Redis 7.0.15 (the machine's)`. */
  readonly part: string;
  readonly port: number;
  readonly url: string;
  isUp(): boolean;
  /** Ends the process without warning; what it held is gone. */
  halt(): Promise<void>;
  /** Starts it again, empty, at the same port. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

async function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => socket.write("PING\r\n"));
    socket.setTimeout(1000, () => socket.destroy());
    socket.once("data", (data) => {
      resolve(data.toString().startsWith("+PONG"));
      socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.once("close", () => resolve(false));
  });
}

async function isUp(child: Child, port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 200 && child.isAlive; attempt++) {
    if (await answersPing(port)) return true;
    await sleep(25);
  }
  return false;
}

/** Starts a Redis in memory only. Null when the machine has none; throws `LabError` when it has one that does not come up. */
export async function startRedis(home: Home): Promise<RedisServer | null> {
  const program = findProgram("redis-server") ?? findProgram("valkey-server");
  if (program === null) return null;
  const port = await freePort();
  const folder = join(home.folder, `redis-${port}`);
  mkdirSync(folder);
  const log = new Log();
  const settings = { port, bind: "127.0.0.1", save: "", appendonly: "no", dir: folder, daemonize: "no" };
  const launch = async (): Promise<Child> => {
    const started = startChild(home, {
      command: [program, ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])],
      cwd: folder,
      env: { PATH: ownPath() },
      log,
    });
    if (await isUp(started, port)) return started;
    await started.kill();
    throw new LabError({
      what: "Redis did not come up",
      why: log.useful(1)[0] ?? "It said nothing",
      next: `Run ${program} by hand to see what is wrong with it`,
      log: log.useful(10),
    });
  };
  let child = await launch();
  const version = await versionOf(program, "--version");
  return {
    part: `${program.includes("valkey") ? "Valkey" : "Redis"} ${version} (the machine's, one per side)`,
    port,
    url: `redis://127.0.0.1:${port}`,
    isUp: () => child.isAlive,
    halt: async () => {
      await child.kill();
    },
    resume: async () => {
      if (!child.isAlive) child = await launch();
    },
    stop: async () => {
      await child.kill();
      giveBack(port);
    },
  };
}
