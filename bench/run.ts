/**
 * Times extraction on a tree against the floor (read and hash every source file) and oxlint.
 *
 * `node bench/run.ts <tree> [rounds]`. Every run is a process of its own; rounds are interleaved, figures are medians.
 */
import { spawn } from "node:child_process";
import { hash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { extractAll } from "../analyzers/extract/all.ts";
import { extract } from "../analyzers/extract/extract.ts";
import { openRepo } from "../analyzers/repo/disk.ts";
import { isSource } from "../analyzers/repo/source-file.ts";

interface Measure {
  /** Milliseconds from start to exit. */
  wall: number;
  /** Processor seconds, in milliseconds, of all threads; steadier than the wall time on a busy machine. */
  cpu: number;
  /** Highest resident memory, in MB. */
  peak: number;
}

/** What one process does; the tree and an empty folder are its arguments. */
const subjects: Record<string, (tree: string, folder: string) => unknown> = {
  "an empty process": () => null,
  "floor: list, read and hash": (tree) => {
    const repo = openRepo(tree);
    return repo.files.filter(isSource).map((file) => hash("sha1", repo.read(file) ?? ""));
  },
  "extract, one thread": (tree) => extractAll(openRepo(tree), { cacheFolder: null, threads: 1 }),
  "extract, two threads": (tree) => extractAll(openRepo(tree), { cacheFolder: null, threads: 2 }),
  "extract, parser's plain mode": (tree) => {
    const repo = openRepo(tree);
    return repo.files.filter(isSource).map((file) => extract(file, repo.read(file) ?? "", "plain"));
  },
  "cold, filling the cache": (tree, folder) => {
    rmSync(join(folder, "cache"), { recursive: true, force: true });
    return extractAll(openRepo(tree), { cacheFolder: join(folder, "cache") });
  },
  "warm, all from the cache": (tree, folder) => extractAll(openRepo(tree), { cacheFolder: join(folder, "cache") }),
};

const peers: Record<string, string[]> = {
  "oxlint, its defaults": [],
  "oxlint, all rules with import cycles": ["-D", "all", "--import-plugin"],
};

/** Runs a command to its end, watching its memory where the system shows it. */
function run(command: string, args: readonly string[]): Promise<Measure> {
  return new Promise((done, fail) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: "ignore" });
    const latest = { cpu: 0, peak: 0 };
    const watch = setInterval(() => Object.assign(latest, usageOf(child.pid, latest)), 5);
    child.once("error", fail);
    child.once("exit", () => {
      clearInterval(watch);
      done({ wall: performance.now() - started, ...latest });
    });
  });
}

/** From Linux's `/proc`; unchanged elsewhere and when the process is gone. */
function usageOf(pid: number | undefined, before: Omit<Measure, "wall">): Omit<Measure, "wall"> {
  try {
    const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
    const [, , , , , , , , , , , , , user, system] = readFileSync(`/proc/${pid}/stat`, "utf8").split(" ");
    return { peak: peak || before.peak, cpu: (Number(user) + Number(system)) * 10 };
  } catch {
    return before;
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

async function compare(tree: string, rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "shoreup-bench-"));
  const config = join(folder, "oxlint.json");
  writeFileSync(config, "{}");
  const oxlint = join(dirname(createRequire(import.meta.url).resolve("oxlint/package.json")), "bin/oxlint");
  const commands = new Map<string, string[]>([
    ...Object.keys(subjects).map((name): [string, string[]] => [
      name,
      [import.meta.filename, "--only", name, tree, folder],
    ]),
    ...Object.entries(peers).map(([name, flags]): [string, string[]] => [
      name,
      [oxlint, "--disable-nested-config", "-c", config, "--silent", ...flags, tree],
    ]),
  ]);
  const measured = new Map<string, Measure[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, args] of commands) {
      measured.set(name, [...(measured.get(name) ?? []), await run(process.execPath, args)]);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  print(tree, measured);
}

function print(tree: string, measured: ReadonlyMap<string, readonly Measure[]>): void {
  const { files, bytes } = sizeOf(tree);
  const column = (runs: readonly Measure[], part: keyof Measure): number => median(runs.map((each) => each[part]));
  const rows = [...measured].map(([name, runs]) => {
    const seconds = (column(runs, "wall") / 1000).toFixed(2);
    return `| ${name} | ${seconds} | ${(column(runs, "cpu") / 1000).toFixed(2)} | ${column(runs, "peak").toFixed(0)} |`;
  });
  const heading = `${tree}: ${files} source files, ${(bytes / 1e6).toFixed(1)} MB`;
  console.log([heading, "", "| what | wall s | cpu s | peak MB |", "|---|---|---|---|", ...rows].join("\n"));
}

function sizeOf(tree: string): { files: number; bytes: number } {
  const repo = openRepo(tree);
  const sources = repo.files.filter(isSource);
  return {
    files: sources.length,
    bytes: sources.reduce((sum, file) => sum + Buffer.byteLength(repo.read(file) ?? ""), 0),
  };
}

const [first, ...others] = process.argv.slice(2);
if (first === undefined) {
  console.error("Which tree? Give a folder of source code: npm run bench -- <tree> [rounds]");
  process.exitCode = 2;
} else if (first === "--only") {
  const [name = "", tree = ".", folder = tmpdir()] = others;
  await subjects[name]?.(tree, folder);
} else await compare(resolve(first), Number(others[0] ?? 5));
