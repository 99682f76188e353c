/** Reads the machine's table of processes: who runs, since when, in which group, at what cost. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { Usage } from "../stack.ts";

export interface Row {
  pid: number;
  /** Session on Linux, process group elsewhere: what a child started with `detached` and its descendants share. */
  group: number;
  /** When it started, in the table's own words; a pid that is used again has another start. */
  start: string;
  cpuMilliseconds: number;
  residentBytes: number;
}

/** Kernel clock ticks in `/proc/<pid>/stat` are 100 per second on every Linux that Node runs on (`getconf CLK_TCK`). */
const millisecondsPerTick = 10;

function readLinuxRow(pid: string): Row | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name stands in brackets and may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, , , session] = fields;
    // A killed process whose first thread is gone shows as a zombie while other threads still hold its sockets.
    if (state === "X" || (state === "Z" && Number(fields[17]) <= 1)) return null;
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "0";
    return {
      pid: Number(pid),
      group: Number(session),
      start: fields[19] ?? "",
      cpuMilliseconds: ticks * millisecondsPerTick,
      residentBytes: Number(resident) * 1024,
    };
  } catch {
    return null;
  }
}

/** `1-02:03:04.5` or `3:04.5`, as `ps` prints processor time, in milliseconds. */
function psTime(text: string): number {
  const [days, clock] = text.includes("-") ? text.split("-") : ["0", text];
  const seconds = (clock ?? "0").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}

function readPsRows(): Row[] {
  const text = execFileSync("ps", ["-A", "-o", "pid=,pgid=,time=,rss=,lstart="], { encoding: "utf8" });
  return text.split("\n").flatMap((line) => {
    const [pid, group, time, rss, ...start] = line.trim().split(/\s+/);
    if (!pid || !group || !time || !rss) return [];
    return {
      pid: Number(pid),
      group: Number(group),
      start: start.join(" "),
      cpuMilliseconds: psTime(time),
      residentBytes: Number(rss) * 1024,
    };
  });
}

/** Every process of the machine that is alive (not a zombie). */
export function processTable(): Row[] {
  if (process.platform !== "linux") return readPsRows();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readLinuxRow(pid) ?? []);
}

/** When the process started, null when there is none. */
export function startOf(pid: number): string | null {
  if (process.platform === "linux") return readLinuxRow(String(pid))?.start ?? null;
  return readPsRows().find((row) => row.pid === pid)?.start ?? null;
}

/** Processes that carry `name=value` in the environment they were started with; none where the system does not show it. */
export function carriersOf(mark: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      const carries = readFileSync(`/proc/${name}/environ`, "latin1").split("\0").includes(mark);
      return carries && readLinuxRow(name) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** What the processes of each group have used; children that ended and were waited for are counted with their parents. */
export function usageOfGroups(groups: readonly number[]): Map<number, Usage> {
  const found = new Map(groups.map((group) => [group, { cpuMilliseconds: 0, residentBytes: 0 }]));
  for (const row of processTable()) {
    const usage = found.get(row.group);
    if (!usage) continue;
    usage.cpuMilliseconds += row.cpuMilliseconds;
    usage.residentBytes += row.residentBytes;
  }
  return found;
}
