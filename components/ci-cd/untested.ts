/** Apps with tests that their pipeline never runs. */
import { posix } from "node:path";
import type { Model, Place } from "../../analyzers/model.ts";
import { isBesideTheProduct } from "../../analyzers/serving/product.ts";
import { isTestFile } from "../../analyzers/services/file-roles.ts";
import { launches } from "../../analyzers/services/command.ts";
import { readManifests } from "../../analyzers/services/index.ts";
import { isIn, lineHolding } from "../../analyzers/services/manifest.ts";
import type { Edit } from "../../patches/edit.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";
import { commandsIn, filesBehind, mainPipeline, pipelinesOf, type Pipeline } from "./pipelines.ts";
import { testCommandOf, testScriptOf } from "./steps.ts";
import { testStep } from "./test-step.ts";
import { unitsOf, type Unit } from "./units.ts";

export function untestedMatches(model: Model): Match[] {
  const pipelines = pipelinesOf(model);
  const main = mainPipeline(pipelines);
  const tests = main === undefined ? null : testsIn(model);
  if (main === undefined || tests === null) return [];
  const scripts = scriptsOf(model);
  if (pipelines.some((pipeline) => runsTests(pipeline, scripts, model))) return [];
  const place = {
    file: main.file,
    line: main.checks ?? lineHolding(model.repo.read(main.file) ?? "", /^(jobs|steps|stages|pipelines)\s*:/m),
  };
  return [
    match("ci-does-not-test", place, {
      message: `The app has tests (${tests.count} files, \`${tests.script}\`), but no pipeline runs them: a change that breaks one is merged and shipped all the same.`,
      also: [tests.place],
      anchor: "repo",
      fix: testStepFor(model) === null ? "brief" : "patch",
    }),
  ];
}

/** The step that runs the tests, where a workflow of the app's installs what they need and they need nothing else. */
export function testStepFor(model: Model): Edit[] | null {
  const main = mainPipeline(pipelinesOf(model));
  const tests = testsIn(model);
  const unit = tests === null ? undefined : unitsOf(model).find(({ root }) => root === tests.root);
  const command = unit === undefined ? null : testCommandOf(unit, model);
  if (main === undefined || unit === undefined || command === null || isNeedy(unit)) return null;
  const manager = unit.packageManager ?? "npm";
  const installs = new RegExp(
    `(^|\\n|&&)\\s*${manager}\\s+(ci|install|i)\\b(?![^\\n&]*(-g\\b|--global|--omit|--prod))`,
  );
  const yarn = /(^|\n|&&)\s*yarn(\s+install)?(\s+--(frozen-lockfile|immutable))?\s*($|\n|&&)/;
  return testStep(main.file, { folder: unit.root, command, installs: manager === "yarn" ? yarn : installs }, model);
}

/** Tests of what keeps its data elsewhere, or that drive a browser, want more than the packages. */
function isNeedy(unit: Unit): boolean {
  const kept = [unit, ...unit.members].flatMap(({ backing }) => backing);
  const script = testScriptOf(unit);
  const text = script === null ? "" : (unit.scripts[script] ?? "");
  return (
    kept.some(({ kind }) => kind !== "smtp" && kind !== "s3") ||
    /playwright|cypress|\be2e\b|docker|dotenv|env-cmd|--env-file/.test(text)
  );
}

interface Tests {
  /** Folder of the package whose script runs them. */
  root: string;
  place: Place;
  script: string;
  count: number;
}

/** Test files of a package that has a script to run them; what a generator leaves behind as an example is none. */
function testsIn({ repo }: Model): Tests | null {
  const files = repo.files.filter(
    (file) => isTestFile(file) && !/(^|\/)App\.(test|spec)\.[jt]sx?$|\.stories\./.test(file),
  );
  for (const manifest of readManifests(repo).manifests) {
    const name = testScriptOf(manifest);
    const own = files.filter((file) => isIn(manifest.root, file) && !isBesideTheProduct(posix.dirname(manifest.root)));
    if (name === null || own.length === 0) continue;
    return {
      root: manifest.root,
      place: { file: manifest.file, line: lineHolding(manifest.raw, `"${name}"`) },
      script: manifest.scripts[name] ?? name,
      count: own.length,
    };
  }
  return null;
}

/** Words of commands that run tests, in any language. */
const testing =
  /(^|[^\w.-])(\w+[:.-])?(tests?|e2e|specs?|coverage)([:.-][\w:.-]+)?(?![\w.@/-])|\b(vitest|jest|mocha|ava|playwright|cypress|karma|nyc|pytest|codecept|tap|japa)\b/;
/** A pipeline of somebody else's repo: what it runs cannot be seen from here. */
const elsewhere = /^[\w.-]+\/[\w.-]+\/\.github\/workflows\/|^(include|extends)\b/;

/** Whether a step, or anything that it starts in the repo, runs tests. */
function runsTests({ commands }: Pipeline, scripts: Scripts, model: Model): boolean {
  const waiting = commands.flatMap((command) => command.split("\n"));
  const seen = new Set<string>();
  for (let command = waiting.pop(); command !== undefined; command = waiting.pop()) {
    if (seen.has(command)) continue;
    seen.add(command);
    if (testing.test(command) || elsewhere.test(command.trim())) return true;
    for (const script of scriptsIn(command)) waiting.push(...(scripts.get(script) ?? []));
    for (const file of filesBehind(command, model)) {
      if (seen.has(file)) continue;
      seen.add(file);
      waiting.push(...linesOf(file, model));
    }
  }
  return false;
}

/** Longer files and lines were not written by hand; no pipeline's own script looks so. */
const longestFile = 50_000;
const longestLine = 1000;

function linesOf(file: string, { repo }: Model): string[] {
  const text = repo.read(file) ?? "";
  if (text.length > longestFile) return [];
  return commandsIn(file, text).flatMap((each) => each.split("\n").filter((line) => line.length <= longestLine));
}

/** Commands by the name of their script. Which package a step runs in is often a matter of folders: that name anywhere counts. */
type Scripts = ReadonlyMap<string, readonly string[]>;

function scriptsOf({ repo }: Model): Scripts {
  const found = new Map<string, Set<string>>();
  for (const { scripts } of readManifests(repo).manifests) {
    for (const [name, command] of Object.entries(scripts)) {
      const commands = found.get(name) ?? new Set();
      found.set(name, commands.add(command));
    }
  }
  return new Map([...found].map(([name, commands]) => [name, [...commands]]));
}

function scriptsIn(command: string): string[] {
  if (!/\b(npm|pnpm|yarn|bun|run-[sp]|npm-run-all|concurrently)\b/.test(command)) return [];
  return launches(command).flatMap((launch) => (launch.kind === "script" ? [launch.script] : []));
}
