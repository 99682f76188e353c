/** The machine's nginx as a balancer: own prefix, own files, default retry rules. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startChild, type Child, type Home } from "../boot/child.ts";
import { LabError } from "../boot/lab-error.ts";
import { Log } from "../boot/log.ts";
import { ownPath, versionOf } from "../boot/machine.ts";
import { freePort, giveBack } from "../boot/ports.ts";
import type { Balancer, Upstream } from "./balancer.ts";
import { markOf, nginxSettings } from "./nginx-settings.ts";

/** What the running workers say their generation is; null while nothing answers. */
async function generationOf(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ port, host: "127.0.0.1" }, () => {
      socket.write("GET /.lab/generation HTTP/1.0\r\nHost: lab\r\n\r\n");
    });
    socket.setTimeout(1000, () => socket.destroy());
    socket.on("data", (chunk) => (text += chunk.toString()));
    socket.on("error", () => undefined);
    socket.once("close", () => resolve(text.split("\r\n\r\n")[1] ?? null));
  });
}

/** nginx lets old workers accept for 100 ms beside the new ones (ngx_reconfigure); then they only finish what they have. */
const overlapMilliseconds = 150;

/** Whether the workers that accept connections have these settings, and no others do any more. */
async function holds(child: Child, port: number, generation: number): Promise<boolean> {
  let since: number | null = null;
  for (let attempt = 0; attempt < 400 && child.isAlive; attempt++) {
    const isNew = (await generationOf(port)) === String(generation);
    since = isNew ? (since ?? Date.now()) : null;
    if (since !== null && (generation === 0 || Date.now() - since > overlapMilliseconds)) return true;
    await sleep(20);
  }
  return false;
}

function isSame(one: readonly Upstream[], other: readonly Upstream[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ host, port }, at) => host === other[at]?.host && port === other[at].port)
  );
}

function commandOf(program: string, folder: string, file: string): string[] {
  const user = process.getuid?.() === 0 ? ["-g", "user root;"] : [];
  return [program, "-p", folder, "-c", file, "-e", "stderr", ...user];
}

/** Starts nginx. Throws `LabError` when it does not come up. */
export async function startNginx(home: Home, program: string): Promise<Balancer> {
  const port = await freePort();
  const folder = join(home.folder, `nginx-${port}`);
  mkdirSync(folder, { mode: 0o755 });
  const file = join(folder, "nginx.conf");
  const log = new Log();
  let generation = 0;
  let known: readonly Upstream[] = [];
  writeFileSync(file, nginxSettings(folder, port, known, generation));
  const command = commandOf(program, folder, file);
  const child = startChild(home, { command, cwd: folder, env: { PATH: ownPath() }, log });

  async function check(what: string): Promise<void> {
    if (await holds(child, port, generation)) return;
    throw new LabError({
      what,
      why: log.useful(1)[0] ?? "It said nothing",
      next: `Look at ${program}, or take it off the path: the lab then uses its own proxy`,
      log: log.useful(10),
    });
  }

  await check("nginx did not come up").catch(async (error: unknown) => {
    await child.kill();
    throw error;
  });
  return {
    part: `load balancer: nginx ${await versionOf(program, "-v")} (the machine's)`,
    port,
    set: async (turnout) => {
      for (const [place, { isIn }] of turnout.entries()) {
        const mark = join(folder, markOf(place));
        if (isIn) writeFileSync(mark, "");
        else rmSync(mark, { force: true });
      }
      if (isSame(known, turnout)) return;
      known = turnout;
      generation += 1;
      writeFileSync(file, nginxSettings(folder, port, known, generation));
      child.signal("SIGHUP");
      await check("nginx did not take its new settings");
    },
    stop: async () => {
      await child.kill();
      giveBack(port);
    },
  };
}
