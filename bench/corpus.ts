/**
 * Assesses pinned published apps and compares with what was found in them before: a change of the rules has to explain
 * every difference it makes on code that nobody here wrote.
 *
 * `npm run corpus` compares, `npm run corpus -- --update` writes the findings of today, `npm run corpus -- <name>` takes
 * one app. The packages are fetched once and kept under `node_modules/.cache`; none of their code is run.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { analyze } from "../analyzers/index.ts";
import { openRepo } from "../analyzers/repo/disk.ts";
import { statuses } from "../components/assess.ts";
import type { Finding } from "../components/finding.ts";
import { judge } from "../components/findings.ts";
import { fetched } from "./packages.ts";

const folder = join(import.meta.dirname, "corpus");

const App = z.object({ name: z.string(), version: z.string(), what: z.string() });
type App = z.infer<typeof App>;

/** What is kept of one app: counts, the word on each component, and each finding by rule, place and fingerprint. */
interface Golden {
  app: string;
  files: number;
  skipped: number;
  routes: Record<string, number>;
  components: Record<string, string>;
  findings: string[];
  hidden: number;
}

const apps = z.array(App).parse(JSON.parse(readFileSync(join(folder, "apps.json"), "utf8")));

async function goldenOf({ name, version }: App, root: string): Promise<Golden> {
  const model = await analyze(openRepo(root), { cacheFolder: null });
  const judgement = judge(model);
  const routes: Record<string, number> = {};
  for (const { method } of model.routes) routes[method] = (routes[method] ?? 0) + 1;
  return {
    app: `${name}@${version}`,
    files: model.repo.files.length,
    skipped: model.skipped.length,
    routes: sorted(routes),
    components: Object.fromEntries(statuses(model, judgement).map(({ component, verdict }) => [component, verdict])),
    findings: judgement.findings.map(line).sort(),
    hidden: judgement.hidden.length,
  };
}

function line({ rule, confidence, file, line: at, fingerprint }: Finding): string {
  return `${rule} ${confidence} ${file}:${at} ${fingerprint}`;
}

function sorted(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Lines of both texts that the other one lacks. */
function differences(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const [olds, nows] = [new Set(old), new Set(now)];
  return [
    ...old.filter((each) => !nows.has(each)).map((each) => `  - ${each.trim()}`),
    ...now.filter((each) => !olds.has(each)).map((each) => `  + ${each.trim()}`),
  ];
}

async function compare(app: App, isUpdating: boolean): Promise<"same" | "differs" | "skipped"> {
  const title = `${app.name}@${app.version}`;
  const root = fetched(app);
  if (root === null) {
    console.log(`skipped  ${title}: the package cannot be had from here`);
    return "skipped";
  }
  const began = performance.now();
  const text = `${JSON.stringify(await goldenOf(app, root), null, 2)}\n`;
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const file = join(folder, `${app.name.replace("/", "+")}.json`);
  const before = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (isUpdating) writeFileSync(file, text);
  const changed = differences(before, text);
  if (changed.length === 0) {
    console.log(`same     ${title} (${seconds} s)`);
    return "same";
  }
  console.log(`${isUpdating ? "written " : "differs "} ${title} (${seconds} s)\n${changed.join("\n")}`);
  return isUpdating ? "same" : "differs";
}

const words = process.argv.slice(2);
const isUpdating = words.includes("--update");
const names = words.filter((word) => !word.startsWith("--"));
const unknown = names.filter((name) => !apps.some((app) => app.name === name));
if (unknown.length > 0) {
  console.error(`Not in the corpus: ${unknown.join(", ")}. It holds ${apps.map(({ name }) => name).join(", ")}.`);
  process.exitCode = 2;
} else {
  const chosen = apps.filter(({ name }) => names.length === 0 || names.includes(name));
  const ends: string[] = [];
  for (const app of chosen) ends.push(await compare(app, isUpdating));
  const count = (end: string): number => ends.filter((each) => each === end).length;
  console.log(`${count("same")} as before, ${count("differs")} different, ${count("skipped")} skipped`);
  if (count("differs") > 0) {
    console.error("If every difference is right, write it down: npm run corpus -- --update");
    process.exitCode = 1;
  }
}
