/**
 * Applies the whole plan to real apps and runs their own type check, build and tests before and after.
 *
 * `node bench/own-tests.ts <checkout>... [--image own-tests] [--work <folder>] [--postgres <url>] [--env NAME=value]...
 * [--example-env] [--seconds 600] [--lockfile]`. Foreign code runs only in containers: packages are installed with their
 * scripts left out, and what runs afterwards is cut off from the network; Postgres and Redis stand at its localhost.
 * Copies and logs stay in the work folder.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { commandsOf, type Commands } from "./own-tests/commands.ts";
import { obstacle, run, services, type Box, type Ran } from "./own-tests/container.ts";
import { counted, failures, typeErrors } from "./own-tests/counts.ts";

const { values: options, positionals: checkouts } = parseArgs({
  allowPositionals: true,
  options: {
    image: { type: "string", default: "own-tests" },
    work: { type: "string" },
    postgres: { type: "string", default: "postgresql://postgres:postgres@localhost:5432/postgres" },
    env: { type: "string", multiple: true, default: [] },
    "example-env": { type: "boolean", default: false },
    seconds: { type: "string", default: "600" },
    lockfile: { type: "boolean", default: false },
  },
});
const work = options.work === undefined ? mkdtempSync(join(tmpdir(), "own-tests-")) : resolve(options.work);
const seconds = Number(options.seconds);
const command = resolve(import.meta.dirname, "../cli/main.ts");

const Assessed = z.looseObject({ findings: z.array(z.unknown()) });
const Applied = z.looseObject({
  patches: z.array(z.looseObject({ component: z.string(), findings: z.array(z.string()) })),
});

type Side = "before" | "after";
type Step = Exclude<keyof Commands, "install">;
const steps: readonly Step[] = ["types", "build", "test"];
type Outcome = Record<"install" | Step, Ran | null>;

function shoreup(...args: string[]): unknown {
  const output = execFileSync(process.execPath, [command, ...args, "--json", "--no-cache"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 256 * 1024 * 1024,
  });
  return JSON.parse(output);
}

/** Where packages come from is this machine's affair: it is said to the installing container alone. */
function registry(): Record<string, string> {
  const address = execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim();
  return { npm_config_registry: address, YARN_REGISTRY: address };
}

async function tried(side: Side, home: string, postgres: URL): Promise<Outcome> {
  const folder = join(home, side);
  const logs = join(home, "logs");
  const cache = join(work, "cache");
  for (const each of [logs, cache]) mkdirSync(each, { recursive: true });
  const commands = commandsOf(folder);
  const path = "/cache/tools/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const base = { PATH: path, HOME: "/tmp", npm_config_prefix: "/cache/tools", npm_config_cache: "/cache/npm" };
  const box: Box = { image: options.image, folder, cache, network: "bridge", env: { ...base, ...registry() } };
  const outcome: Outcome = { install: null, types: null, build: null, test: null };
  outcome.install = await run(box, commands.install, seconds, join(logs, `${side}-install.log`));
  const given = Object.fromEntries(options.env.map((each) => each.split(/=(.*)/s).slice(0, 2)));
  const env = { ...base, CI: "1", NEXT_TELEMETRY_DISABLED: "1", npm_config_offline: "true", ...given };
  const standing = await services(postgres);
  try {
    for (const step of steps) {
      const line = commands[step];
      const log = join(logs, `${side}-${step}.log`);
      if (line !== null) outcome[step] = await run({ ...box, network: standing.network, env }, line, seconds, log);
    }
  } finally {
    standing.stop();
  }
  return outcome;
}

function said(step: "install" | Step, ran: Ran | null): string {
  if (ran === null) return "-";
  if (step === "types") return ran.code === 0 ? "ok" : `${typeErrors(ran.text).length} errors`;
  const count = step === "test" ? counted(ran.text) : null;
  const fate = ran.code === 0 ? "ok" : ran.code === 124 ? "out of time" : `exit ${ran.code}`;
  return count === null ? fate : `${count.passed} of ${count.passed + count.failed}`;
}

/** What the patched side says that the other one did not. */
function news(before: Outcome, after: Outcome): string[] {
  const known = failures(before.test?.text ?? "");
  const errors = new Set(typeErrors(before.types?.text ?? ""));
  const codes = steps.filter((step) => before[step]?.code === 0 && after[step]?.code !== 0);
  const passed = [before, after].map(({ test }) => counted(test?.text ?? "")?.passed ?? 0);
  const isFewer = Math.max(...passed) !== passed[1];
  return [
    ...codes.map((step) => `${step}: passes before, fails after`),
    ...(isFewer ? [`tests: ${passed.join(" pass before, ")} after`] : []),
    ...typeErrors(after.types?.text ?? "").filter((error) => !errors.has(error)),
    ...[...failures(after.test?.text ?? "")].filter((failure) => !known.has(failure)),
  ];
}

async function compared(checkout: string, postgres: URL): Promise<string> {
  const home = join(work, basename(checkout));
  rmSync(home, { recursive: true, force: true });
  for (const side of ["before", "after"] as const) {
    cpSync(checkout, join(home, side), { recursive: true, verbatimSymlinks: true });
    const example = join(checkout, ".env.example");
    const isWanted = options["example-env"] && existsSync(example) && !existsSync(join(checkout, ".env"));
    if (isWanted) copyFileSync(example, join(home, side, ".env"));
  }
  const found = Assessed.parse(shoreup("assess", join(home, "before"), "--fail-on", "never")).findings.length;
  const { patches } = Applied.parse(shoreup("apply", join(home, "after"), ...(options.lockfile ? ["--lockfile"] : [])));
  const before = await tried("before", home, postgres);
  const after = await tried("after", home, postgres);
  const fresh = news(before, after);
  writeFileSync(join(home, "new-failures.txt"), fresh.join("\n"));
  for (const line of fresh) console.error(`  new: ${line}`);
  const cells = (["install", ...steps] as const).map(
    (step) => `${said(step, before[step])} → ${said(step, after[step])}`,
  );
  const components = patches.map(({ component, findings }) => `${component} ${findings.length}`).join(", ");
  return `| ${[basename(checkout), found, components, ...cells, fresh.length].join(" | ")} |`;
}

const reason = obstacle(options.image);
if (reason !== null || checkouts.length === 0) {
  console.error(reason ?? "Say which checkouts: node bench/own-tests.ts <folder>...");
  process.exit(2);
}
console.log(
  "| app | findings | patches | install | types | build | tests | new failures |\n|---|---|---|---|---|---|---|---|",
);
for (const checkout of checkouts) console.log(await compared(resolve(checkout), new URL(options.postgres)));
console.error(`Copies and logs: ${work}`);
