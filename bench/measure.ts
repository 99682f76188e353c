/** Runs a command as a process of its own and says what it used. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

export interface Measure {
  /** Seconds from start to exit. */
  wall: number;
  /** Processor seconds of all threads; steadier than the wall time on a busy machine. 0 where the system does not tell. */
  cpu: number;
  /** Highest resident memory, in MB. 0 where the system does not tell. */
  peak: number;
}

export interface Command {
  command: string;
  args: readonly string[];
  cwd?: string;
  env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end, watching what it uses. */
export function measure({ command, args, cwd, env }: Command): Promise<Measure> {
  return new Promise((done, fail) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: "ignore", cwd, env: { ...process.env, ...env } });
    let usage = { cpu: 0, peak: 0 };
    const watch = setInterval(() => (usage = usageOf(child.pid) ?? usage), 4);
    child.once("error", fail);
    child.once("exit", () => {
      clearInterval(watch);
      done({ wall: (performance.now() - started) / 1000, ...usage });
    });
  });
}

/** From Linux's `/proc`, in ticks of 10 ms; null elsewhere, and when the process is gone. */
function usageOf(pid: number | undefined): Omit<Measure, "wall"> | null {
  try {
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
    return peak === undefined
      ? null
      : { peak: Number(peak) / 1024, cpu: (Number(fields[13]) + Number(fields[14])) / 100 };
  } catch {
    return null;
  }
}

/** The middle one of each part. */
export function median(runs: readonly Measure[]): Measure {
  const middle = (part: keyof Measure): number => {
    const sorted = runs.map((each) => each[part]).toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  };
  return { wall: middle("wall"), cpu: middle("cpu"), peak: middle("peak") };
}
