/** Opens labs, lets them die, and looks at what is left. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { startChild } from "./child.ts";
import { openLab } from "./index.ts";
import { Log } from "./log.ts";
import { siblingScript } from "./machine.ts";
import { startOf } from "./process-table.ts";

function base(): string {
  const folder = mkdtempSync(join(tmpdir(), "labs-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A process that stays, and a grandchild in a session of its own, as daemons are; both print their pid. */
const stubborn = `
  const { spawn } = require("node:child_process");
  process.on("SIGTERM", () => {});
  if (process.argv[1] !== "inner") {
    const inner = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "inner"], { detached: true, stdio: "ignore" });
    console.log("pids " + process.pid + " " + inner.pid);
  }
  setInterval(() => {}, 1000);
`;

async function pidsIn(read: () => string): Promise<number[]> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = /pids (\d+) (\d+)/.exec(read());
    if (found) return [Number(found[1]), Number(found[2])];
    await sleep(50);
  }
  throw new Error("the process did not start");
}

async function isGone(check: () => boolean): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (check()) return true;
    await sleep(50);
  }
  return false;
}

it("ends its processes, also those that left their session, and removes its folder", async () => {
  const lab = await openLab({ folder: base() });
  const log = new Log();
  const env = { PATH: process.env["PATH"] ?? "" };
  startChild(lab, { command: [process.execPath, "-e", stubborn], cwd: lab.folder, env, log });
  const pids = await pidsIn(() => log.last(10).join("\n"));
  expect(await lab.close()).toEqual([]);
  expect(pids.map(startOf)).toEqual([null, null]);
  expect(existsSync(lab.folder)).toBe(false);
  expect(await lab.close()).toEqual([]);
});

it("leaves nothing when its process is killed without a chance to clean up", async () => {
  const folder = base();
  const source = `
    import { openLab } from ${JSON.stringify(siblingScript("./index", import.meta.url))};
    import { startChild } from ${JSON.stringify(siblingScript("./child", import.meta.url))};
    import { Log } from ${JSON.stringify(siblingScript("./log", import.meta.url))};
    const lab = await openLab({ folder: ${JSON.stringify(folder)} });
    const log = new Log();
    startChild(lab, { command: [process.execPath, "-e", ${JSON.stringify(stubborn)}], cwd: lab.folder, env: {}, log });
    setInterval(() => console.log(log.last(10).join(" ")), 50);
  `;
  const script = join(folder, "child-lab.ts");
  writeFileSync(script, source);
  const owner = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  owner.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const pids = await pidsIn(() => printed);
  const labs = (): string[] => readdirSync(folder).filter((name) => name.startsWith("shoreup-lab-"));
  expect(labs()).toHaveLength(1);
  owner.kill("SIGKILL");
  await once(owner, "exit");
  expect(await isGone(() => pids.every((pid) => startOf(pid) === null))).toBe(true);
  expect(await isGone(() => labs().length === 0)).toBe(true);
});

it("sweeps what a dead lab left, and nothing of a living one or of a process that took a dead one's pid", async () => {
  const folder = base();
  const living = await openLab({ folder });
  const dead = join(folder, "shoreup-lab-dead");
  mkdirSync(dead);
  const bystander = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  onTestFinished(() => void bystander.kill("SIGKILL"));
  const pid = bystander.pid ?? 0;
  writeFileSync(join(dead, "owner.json"), JSON.stringify({ id: "gone", pid: process.pid, start: "another time" }));
  writeFileSync(
    join(dead, "started.jsonl"),
    `${JSON.stringify({ pid, start: "another time", end: "SIGKILL" })}\nnot json\n`,
  );
  const second = await openLab({ folder });
  expect(existsSync(dead)).toBe(false);
  expect(startOf(pid)).not.toBeNull();
  expect(existsSync(living.folder)).toBe(true);
  await Promise.all([living.close(), second.close()]);
  expect(readdirSync(folder)).toEqual([]);
});

it("says what is wrong with a folder that cannot be made", async () => {
  const folder = base();
  writeFileSync(join(folder, "file"), "");
  await expect(openLab({ folder: join(folder, "file", "lab") })).rejects.toThrow("could not make a folder");
  expect(readFileSync(join(folder, "file"), "utf8")).toBe("");
});
