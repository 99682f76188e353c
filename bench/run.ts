/**
 * Times extraction on a tree against the floor (list, read and hash every source file) and against oxlint.
 *
 * `npm run bench -- <tree> [rounds]`. Every run is a process of its own and runs the compiled code, as shipped; rounds
 * are interleaved, figures are medians.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openRepo } from "../analyzers/repo/disk.ts";
import { isSource } from "../analyzers/repo/source-file.ts";

interface Measure {
  /** Seconds from start to exit. */
  wall: number;
  /** Processor seconds of all threads; steadier than the wall time on a busy machine. 0 where the system does not tell. */
  cpu: number;
  /** Highest resident memory, in MB. 0 where the system does not tell. */
  peak: number;
}

const project = resolve(import.meta.dirname, "..");
const bin = join(project, "node_modules/.bin");
const subject = join(project, "node_modules/.cache/bench/bench/subject.js");

/** What is measured, in order: a warm run needs the cold one before it. */
const subjects = new Map([
  ["empty", "an empty process"],
  ["floor", "floor: list, read and hash"],
  ["plain", "extract, parser's plain mode"],
  ["one-thread", "extract, one thread"],
  ["two-threads", "extract, two threads"],
  ["cold", "extract and fill the cache"],
  ["warm", "all from the cache"],
]);
const peers = new Map([
  ["oxlint, its defaults", []],
  ["oxlint, all rules and import cycles", ["-D", "all", "--import-plugin"]],
]);

async function compare(tree: string, rounds: number): Promise<void> {
  execFileSync(join(bin, "tsc"), ["-p", import.meta.dirname], { stdio: "inherit" });
  const folder = mkdtempSync(join(tmpdir(), "shoreup-bench-"));
  try {
    const measured = new Map<string, Measure[]>();
    const add = (name: string, measure: Measure): unknown =>
      measured.set(name, [...(measured.get(name) ?? []), measure]);
    // The target's own configuration would decide how much the peer does.
    const config = join(folder, "oxlint.json");
    writeFileSync(config, "{}");
    const common = ["--silent", "--disable-nested-config", "-c", config];
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, title] of subjects) add(title, await run(process.execPath, [subject, name, tree, folder]));
      for (const [title, flags] of peers) add(title, await run(join(bin, "oxlint"), [...common, ...flags, tree]));
    }
    print(tree, measured);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a command to its end, watching what it uses. */
function run(command: string, args: readonly string[]): Promise<Measure> {
  return new Promise((done, fail) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: "ignore" });
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

function print(tree: string, measured: ReadonlyMap<string, readonly Measure[]>): void {
  const repo = openRepo(tree);
  const sources = repo.files.filter(isSource);
  const bytes = sources.reduce((sum, file) => sum + Buffer.byteLength(repo.read(file) ?? ""), 0);
  const rows = [...measured].map(([title, runs]) => {
    const figure = (part: keyof Measure, digits: number): string =>
      median(runs.map((each) => each[part])).toFixed(digits);
    return `| ${title} | ${figure("wall", 2)} | ${figure("cpu", 2)} | ${figure("peak", 0)} |`;
  });
  console.log(`${tree}: ${sources.length} source files, ${(bytes / 1e6).toFixed(1)} MB\n`);
  console.log(["| what | wall s | cpu s | peak MB |", "|---|---|---|---|", ...rows].join("\n"));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const [tree, rounds = "5"] = process.argv.slice(2);
if (tree === undefined) {
  console.error("Which tree? Give a folder of source code: npm run bench -- <tree> [rounds]");
  process.exitCode = 2;
} else await compare(resolve(tree), Number(rounds));
