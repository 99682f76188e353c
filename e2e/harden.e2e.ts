/** The main job on the sample app: found, patched, proven, within five minutes, and nothing left behind. */
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { HardeningAnswer } from "../report/answers/hardening.ts";
import { shoreup, type Ending } from "./command.ts";

const sample = join(import.meta.dirname, "apps", "ticket-shop");

let work: string;
/** The lab's folders are made in this one, so that what it leaves can be told from what others do. */
let lab: string;
let ending: Ending;
let answer: HardeningAnswer;

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), "shoreup-e2e-"));
  // Postgres runs as another user when the tests run as root, and has to get through.
  chmodSync(work, 0o755);
  cpSync(sample, join(work, "app"), { recursive: true });
  lab = join(work, "lab");
  mkdirSync(lab, { mode: 0o755 });
  const words = ["harden", join(work, "app"), "--out", join(work, "patches"), "--json"];
  ending = await shoreup(words, { env: { TMPDIR: lab } });
  answer = HardeningAnswer.parse(JSON.parse(ending.stdout));
}, 600_000);

afterAll(() => rmSync(work, { recursive: true, force: true }));

function verdictOf(experiment: RegExp): string | undefined {
  return answer.lab?.verdicts.find((verdict) => experiment.test(verdict.experiment))?.verdict;
}

it("ends well, in under five minutes", () => {
  expect(ending.stderr).not.toMatch(/at .*\.ts:\d+/);
  expect(ending.code).toBe(0);
  expect(answer.seconds).toBeLessThan(300);
});

it("writes a patch for every component it has a recipe for", () => {
  const patched = answer.steps.filter(({ outcome }) => outcome === "patch").map(({ component }) => component);
  expect(patched.toSorted()).toEqual([
    "api-gateway",
    "cache",
    "cdn",
    "ci-cd",
    "containers",
    "database",
    "error-tracking",
    "load-balancer",
    "monitoring",
    "object-storage",
    "queue",
    "resilience",
    "scheduler",
    "shutdown",
  ]);
});

it("leaves the app as it was", () => {
  expect(execFileSync("diff", ["-r", sample, join(work, "app")]).toString()).toBe("");
});

it("writes patches that git applies, one after the other", () => {
  const copy = join(work, "copy");
  cpSync(sample, copy, { recursive: true });
  execFileSync("git", ["init", "-q"], { cwd: copy });
  const files = readdirSync(join(work, "patches"))
    .filter((file) => file !== "briefs")
    .toSorted();
  expect(files).toEqual(answer.patchFiles.map(({ file }) => file));
  for (const file of files) execFileSync("git", ["apply", join(work, "patches", file)], { cwd: copy });
  expect(readFileSync(join(copy, "Dockerfile"), "utf8")).toMatch(/USER node/);
});

it("proves at least five improvements and makes nothing worse", () => {
  const words = answer.lab?.verdicts.map(({ verdict }) => verdict) ?? [];
  expect(words.filter((word) => word === "improved").length).toBeGreaterThanOrEqual(5);
  expect(words).not.toContain("regressed");
  expect(words).not.toContain("broken");
});

it.each([
  ["checkout answers in normal time while mail hangs", /^queue\/.*mail.*hang|^queue\/.*hang.*mail/],
  ["no request is lost in a rolling restart", /^shutdown\/.*rolling/],
  ["a killed worker's mail is sent exactly once", /^queue\/.*killed/],
])("shows that %s", (_claim, experiment) => {
  expect(verdictOf(experiment)).toBe("improved");
});

it("leaves no process and no folder of the lab behind", async () => {
  // The watchdog goes last, once it has seen that nothing is left to watch.
  for (let waited = 0; waited < 100 && leftBehind().length > 0; waited += 1) {
    await new Promise((go) => setTimeout(go, 100));
  }
  expect(leftBehind()).toEqual([]);
});

function leftBehind(): string[] {
  const processes = execFileSync("ps", ["-eo", "args"]).toString().split("\n");
  // Node keeps its own compile cache in the temp folder, for everything that asks for it.
  const folders = readdirSync(lab).filter((name) => name !== "node-compile-cache");
  return [...processes.filter((line) => line.includes(lab)), ...folders];
}
