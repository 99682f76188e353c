/** Damaged trees: no crash, no hang, nothing left out in silence. `SHOREUP_MUTATIONS=5000 npx vitest run components/mutation` digs deeper. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { analyze } from "../analyzers/index.ts";
import { memoryRepo } from "../analyzers/repo/memory.ts";
import { isSource } from "../analyzers/repo/source-file.ts";
import { judge } from "./findings.ts";
import { statuses } from "./assess.ts";
import { chanceOf, damaged } from "./testing/mutations.ts";

const rounds = Number(process.env["SHOREUP_MUTATIONS"] ?? 60);
/** One damaged tree takes well below a second; this is a hang. */
const longest = 10_000;

/** Every fixture is a small app: they are what is damaged. */
function fixtures(): Record<string, string>[] {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => {
    const cases = join(import.meta.dirname, name, "fixtures");
    if (statSync(cases, { throwIfNoEntry: false }) === undefined) return [];
    return readdirSync(cases).map((each) => treeAt(join(cases, each, "before")));
  });
}

function treeAt(root: string): Record<string, string> {
  if (statSync(root, { throwIfNoEntry: false }) === undefined) return {};
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(root, path), readFileSync(path, "utf8")];
    }),
  );
}

const trees = fixtures().filter((tree) => Object.keys(tree).length > 0);

describe("a damaged tree", () => {
  const perTest = 20;
  const starts = Array.from({ length: Math.ceil(rounds / perTest) }, (_, index) => index * perTest);
  it.each(starts)("is judged without a fault, from seed %i on", { timeout: 20 * longest }, async (start) => {
    const faults: string[] = [];
    for (let seed = start; seed < start + perTest; seed += 1) faults.push(...(await faultsOf(seed)));
    expect(faults).toEqual([]);
  });
});

/** What is wrong with the judgement of one damaged tree, each with its seed. */
async function faultsOf(seed: number): Promise<string[]> {
  const chance = chanceOf(seed);
  const tree = trees[Math.floor(chance() * trees.length)] ?? {};
  const { files, done } = damaged(tree, chance);
  const repo = memoryRepo(files);
  const began = performance.now();
  const model = await analyze(repo, { cacheFolder: null });
  const judgement = judge(model);
  const states = statuses(model, judgement);
  const milliseconds = performance.now() - began;
  const skipped = new Set(model.skipped.map(({ file }) => file));
  const silent = repo.files.filter((file) => isSource(file) && model.summary(file) === null && !skipped.has(file));
  const astray = [...judgement.findings, ...judgement.hidden].filter(
    ({ file, line }) => line < 1 || line > (files[file] ?? "").split(/\r\n|[\n\r\u2028\u2029]/).length,
  );
  const faults = [
    ...(milliseconds > longest ? [`took ${Math.round(milliseconds)} ms`] : []),
    ...judgement.problems.map(({ message }) => message).filter((message) => message.includes("failed")),
    ...states.map(({ reason }) => reason).filter((reason) => reason.startsWith("This part could not be judged")),
    ...silent.map((file) => `${file} was left out without a word`),
    ...astray.map(({ rule, file, line }) => `${rule} points at ${file}:${line}, which is not there`),
  ];
  return faults.map((fault) => `seed ${seed} (${done.join(", ")}): ${fault}`);
}
