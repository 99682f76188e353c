/** The lab's register of what it started, on disk, so that whoever finds it can end it: the lab, its watchdog, or the next lab. */
import { execFile } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import { carriersOf, processTable, startOf } from "./process-table.ts";

/** Folders of labs begin with this, in whatever temp folder they stand. */
export const folderPrefix = "shoreup-lab-";
/** Name of the environment variable that every process of a lab carries; its value is the lab's id. */
export const markName = "SHOREUP_LAB";

const Owner = z.object({ id: z.string(), pid: z.number(), start: z.string() });
const Started = z.object({ pid: z.number(), start: z.string(), end: z.enum(["SIGKILL", "SIGQUIT"]) });
type Started = z.infer<typeof Started>;

const ownerFile = "owner.json";
const startedFile = "started.jsonl";
/** A folder without an owner's name is another lab being born, for this long. */
const birthMilliseconds = 60_000;

/** Signs the folder with this process as its owner. */
export function signFolder(folder: string, id: string): void {
  const start = startOf(process.pid) ?? "";
  writeFileSync(join(folder, ownerFile), JSON.stringify({ id, pid: process.pid, start }));
}

/** Notes a started process. `SIGQUIT` is for Postgres, which frees its shared memory then. */
export function noteStarted(folder: string, pid: number, end: Started["end"] = "SIGKILL"): void {
  const start = startOf(pid);
  if (start === null) return;
  appendFileSync(join(folder, startedFile), `${JSON.stringify({ pid, start, end })}\n`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function readOwner(folder: string): z.infer<typeof Owner> | null {
  const file = join(folder, ownerFile);
  if (!existsSync(file)) return null;
  return Owner.safeParse(parseJson(readFileSync(file, "utf8"))).data ?? null;
}

function readStarted(folder: string): Started[] {
  const file = join(folder, startedFile);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line) => Started.safeParse(parseJson(line)).data ?? []);
}

/** Pids of a lab that are alive, with the signal that ends each. A pid with another start time is someone else's by now. */
function living(folder: string): Map<number, NodeJS.Signals> {
  const started = readStarted(folder);
  const rows = processTable();
  const leaders = new Map(started.map((one) => [`${one.pid} ${one.start}`, one]));
  const alive = rows.flatMap((row) => leaders.get(`${row.pid} ${row.start}`) ?? []);
  // A group's number cannot be used again while a member lives, and a dead leader's pid only by a process of another start.
  const reused = new Set(rows.filter((row) => !leaders.has(`${row.pid} ${row.start}`)).map((row) => row.pid));
  const groups = new Set(started.filter((one) => !reused.has(one.pid)).map((one) => one.pid));
  const found = new Map<number, NodeJS.Signals>();
  for (const row of rows) if (groups.has(row.group)) found.set(row.pid, "SIGKILL");
  for (const one of alive) found.set(one.pid, one.end);
  const id = readOwner(folder)?.id;
  for (const pid of id === undefined ? [] : carriersOf(`${markName}=${id}`)) {
    if (!found.has(pid)) found.set(pid, "SIGKILL");
  }
  found.delete(process.pid);
  return found;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}

/** Removes a tree; the system's own program is many times faster than Node on a large node_modules. */
async function remove(folder: string): Promise<void> {
  await promisify(execFile)("rm", ["-rf", "--", folder]).catch(() => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** Ends every process in the lab's register and removes the folder. Answers what would not go, in sentences. */
export async function endLab(folder: string): Promise<string[]> {
  const deadline = Date.now() + 3000;
  let left = living(folder);
  for (const [pid, end] of left) signal(pid, end);
  while (left.size > 0 && Date.now() < deadline + 2000) {
    await sleep(50);
    left = living(folder);
    if (Date.now() > deadline) for (const pid of left.keys()) signal(pid, "SIGKILL");
  }
  const notes = [...left.keys()].map((pid) => `process ${pid} would not end`);
  try {
    await remove(folder);
  } catch (error) {
    notes.push(`the folder ${folder} could not be removed: ${String(error)}`);
  }
  return notes;
}

/** Ends what dead labs left under this temp folder. Living labs are not touched. */
export async function sweep(base: string): Promise<void> {
  for (const name of readdirSync(base).filter((entry) => entry.startsWith(folderPrefix))) {
    const folder = join(base, name);
    try {
      const owner = readOwner(folder);
      const isBeingBorn = owner === null && Date.now() - statSync(folder).mtimeMs < birthMilliseconds;
      const isAlive = owner !== null && startOf(owner.pid) === owner.start;
      if (!isBeingBorn && !isAlive) await endLab(folder);
    } catch {
      // Another lab sweeps the same folder, or it is not ours to read.
    }
  }
}
