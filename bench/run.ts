/**
 * Times `assess` on whole repos against the floor (list, read and hash every source file), oxlint and eslint.
 *
 * `npm run bench -- [folder...] [--rounds <n>] [--eslint <folder>] [--no-eslint] [--curve] [--extraction]`. Without a folder
 * published packages are fetched and measured. Every run is a process of its own, on a copy of the tree, and runs the
 * compiled code, as shipped; rounds are interleaved, figures are medians. eslint runs once for each tree.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { measure, median, type Command, type Measure } from "./measure.ts";
import { fetched } from "./packages.ts";
import { eslint, oxlint } from "./peers.ts";
import { change, copied, type Tree } from "./trees.ts";

const compiled = resolve(import.meta.dirname, "../node_modules/.cache/bench");
/** As many files as a pull request of some size changes. */
const changedFiles = 20;
const shares = [0.1, 0.25, 0.5, 1];

/** A row of the table: what is made ready first is not measured. */
interface Row {
  title: string;
  ready?: (round: number) => void;
  run: Command;
}

const { values: options, positionals: folders } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    eslint: { type: "string" },
    "no-eslint": { type: "boolean", default: false },
    curve: { type: "boolean", default: false },
    extraction: { type: "boolean", default: false },
  },
});
const rounds = Number(options.rounds);

function subject(name: string, tree: Tree, folder: string): Command {
  return { command: process.execPath, args: [join(compiled, "bench/subject.js"), name, tree.root, folder] };
}

function assess(tree: Tree, home: string): Command {
  const args = [join(compiled, "cli/main.js"), "assess", tree.root, "--json", "--fail-on", "never"];
  return { command: process.execPath, args, env: { SHOREUP_HOME: home } };
}

/** In the order of a round: a warm run needs the cold one before it. */
function rowsFor(tree: Tree, folder: string): Row[] {
  const home = join(folder, "home");
  const forget = (): void => rmSync(home, { recursive: true, force: true });
  const rows: Row[] = [
    { title: "an empty process", run: subject("empty", tree, folder) },
    { title: "floor: list, read and hash", run: subject("floor", tree, folder) },
    { title: "assess, cold", ready: forget, run: assess(tree, home) },
    { title: "assess, warm", run: assess(tree, home) },
    {
      title: `assess, ${changedFiles} files changed`,
      ready: (round) => change(tree, changedFiles, `round ${round}`),
      run: assess(tree, home),
    },
    { title: "oxlint, its defaults", run: oxlint(tree.root, "default") },
    { title: "oxlint, all rules and import cycles", run: oxlint(tree.root, "all") },
  ];
  const parts = ["plain", "one-thread", "two-threads", "cold", "warm"];
  const extraction = parts.map((name) => ({ title: `extraction: ${name}`, run: subject(name, tree, folder) }));
  return options.extraction ? [...rows, ...extraction] : rows;
}

async function compare(tree: Tree, folder: string): Promise<void> {
  const rows = rowsFor(tree, folder);
  const measured = new Map<string, Measure[]>(rows.map(({ title }) => [title, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { title, ready, run } of rows) {
      ready?.(round);
      measured.get(title)?.push(await measure(run));
    }
  }
  const peer = options["no-eslint"] ? null : eslint(tree.root, options.eslint ?? null);
  if (peer !== null) measured.set("eslint, typescript-eslint recommended (once)", [await measure(peer)]);
  print(tree, new Map([...measured].map(([title, runs]) => [title, median(runs)])));
  if (peer === null) console.log("\neslint was left out: it was not asked for or could not be had; --eslint <folder>");
}

function print(tree: Tree, measured: ReadonlyMap<string, Measure>): void {
  const floor = measured.get("floor: list, read and hash");
  const rows = [...measured].map(([title, { wall, cpu, peak }]) => {
    const times = floor === undefined || floor.cpu === 0 ? "" : (cpu / floor.cpu).toFixed(1);
    return `| ${title} | ${wall.toFixed(2)} | ${cpu.toFixed(2)} | ${peak.toFixed(0)} | ${times} |`;
  });
  console.log(
    `\n${tree.title}: ${tree.sources.length} source files, ${Math.round(tree.lines / 1000)} kLOC, ${tree.megabytes.toFixed(1)} MB\n`,
  );
  console.log(["| what | wall s | cpu s | peak MB | cpu / floor |", "|---|---|---|---|---|", ...rows].join("\n"));
}

/** What a file costs while the tree grows around it. */
async function curve(title: string, from: string, folder: string): Promise<void> {
  console.log(`\n${title}, cold, by the share of its source files\n`);
  console.log(
    "| share | files | kLOC | cpu s | cpu ms per file | cpu ms per kLOC | peak MB |\n|---|---|---|---|---|---|---|",
  );
  for (const share of shares) {
    const tree = copied(title, from, join(folder, `part-${share}`), share);
    const runs: Measure[] = [];
    for (let round = 0; round < rounds; round += 1)
      runs.push(await measure(assess(tree, join(folder, `home-${share}-${round}`))));
    const { cpu, peak } = median(runs);
    const lines = tree.lines / 1000;
    const each = [cpu.toFixed(2), ((cpu * 1000) / tree.sources.length).toFixed(2), ((cpu * 1000) / lines).toFixed(1)];
    console.log(
      `| ${share * 100} % | ${tree.sources.length} | ${lines.toFixed(0)} | ${each.join(" | ")} | ${peak.toFixed(0)} |`,
    );
  }
}

/** The trees to measure: the given folders, or the published packages that can be had. */
function subjects(): { title: string; root: string }[] {
  if (folders.length > 0) return folders.map((folder) => ({ title: basename(resolve(folder)), root: resolve(folder) }));
  const text = readFileSync(join(import.meta.dirname, "subjects.json"), "utf8");
  const packages = z.array(z.object({ name: z.string(), version: z.string() })).parse(JSON.parse(text));
  return packages.flatMap((each) => {
    const root = fetched(each);
    if (root === null) console.log(`${each.name}@${each.version} cannot be had from here and is left out`);
    return root === null ? [] : [{ title: `${each.name}@${each.version}`, root }];
  });
}

execFileSync(
  process.execPath,
  [resolve(import.meta.dirname, "../node_modules/typescript/bin/tsc"), "-p", import.meta.dirname],
  {
    stdio: "inherit",
  },
);
console.log(`Node ${process.version}, ${availableParallelism()} processors, medians of ${rounds} rounds`);
for (const { title, root } of subjects()) {
  const folder = mkdtempSync(join(tmpdir(), "shoreup-bench-"));
  try {
    await compare(copied(title, root, join(folder, "tree")), folder);
    if (options.curve) await curve(title, root, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
