/** Makes a working copy of an app that can be booted: copied, installed, built, its database set up. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Service } from "../../analyzers/model.ts";
import { environmentFor, parseDotenv } from "../boot/environment.ts";
import type { Lab } from "../boot/lab.ts";
import { LabError } from "../boot/lab-error.ts";
import { appVariables } from "../boot/app-variables.ts";
import { givenFor } from "../boot/given.ts";
import { startOutside } from "../outside/outside.ts";
import { build } from "./build.ts";
import { copyTree, madeFolders } from "./copy.ts";
import { wantedBy, type Wanted } from "./databases.ts";
import { install } from "./install.ts";
import { installVariables } from "./install-variables.ts";
import { databaseSteps, prismaProvider, prismaSchema, type DatabaseStep } from "./migrate.ts";
import { dependsOn, readPackage, readText } from "./package-json.ts";
import { tryStep } from "./step.ts";

export interface PrepareOptions {
  /** The repo's root on disk; read only. */
  root: string;
  /** Files of this side that differ from the disk: text, or null where the file does not exist. */
  changes?: ReadonlyMap<string, string | null>;
  service: Service;
  side: "before" | "after";
  signal?: AbortSignal;
}

export interface Prepared {
  side: "before" | "after";
  /** The working copy, for `bootStack`. */
  root: string;
  /** Sentences for the report: how it was installed, what was migrated, what was left out. */
  notes: readonly string[];
  /** Commands that were run, with their time. */
  steps: readonly { name: string; command: string; milliseconds: number }[];
}

/** What the boot needs to know of a working copy. */
export interface Workspace extends Prepared {
  /** The service's folder in the working copy. */
  folder: string;
  /** Values of `.env.example` and its kin. */
  examples: ReadonlyMap<string, string>;
  wanted: Wanted;
  /** Database that each stack gets a copy of; null when the app wants none. */
  template: string | null;
  /** Port that the code fixes -> learned at the first boot, so that each replica can get its own. */
  fixedPort: number | null;
}

interface Work {
  lab: Lab;
  options: PrepareOptions;
  root: string;
  folder: string;
  notes: string[];
  steps: { name: string; command: string; milliseconds: number }[];
}

const exampleFiles = [
  ".env.example",
  ".env.sample",
  ".env.template",
  ".env.dist",
  ".env.defaults",
  "env.example",
  "example.env",
  "sample.env",
];
const databaseSeconds = 120;

function readExamples(folders: readonly string[]): Map<string, string> {
  const texts = folders.flatMap((folder) => exampleFiles.map((name) => readText(folder, name) ?? ""));
  return new Map(texts.flatMap((text) => [...parseDotenv(text)]));
}

/** Node refuses to start when the file of `--env-file` is absent; the environment itself carries the values. */
function createEnvFiles(work: Work, commands: readonly string[]): void {
  for (const command of commands) {
    for (const [, name = ""] of command.matchAll(/--env-file(?:=|\s+)([\w./-]+)/g)) {
      const file = join(work.folder, name);
      if (!name.includes("..") && !existsSync(file)) writeFileSync(file, "");
    }
  }
}

async function runDatabaseStep(
  work: Work,
  step: DatabaseStep,
  database: string,
  env: Record<string, string>,
): Promise<void> {
  const { lab, options } = work;
  const began = performance.now();
  if ("sqlFile" in step.run) {
    const postgres = await lab.postgres();
    try {
      await postgres.execute(database, readFileSync(join(work.folder, step.run.sqlFile), "utf8"));
      work.steps.push({
        name: "migrate",
        command: step.run.sqlFile,
        milliseconds: Math.round(performance.now() - began),
      });
      work.notes.push(`database set up from ${step.run.sqlFile}`);
    } catch (error) {
      work.notes.push(
        `${step.run.sqlFile} could not be loaded (${error instanceof Error ? error.message : String(error)}); the database may be incomplete`,
      );
    }
    return;
  }
  const { command } = step.run;
  const run = {
    name: step.name,
    side: options.side,
    command,
    cwd: work.folder,
    env,
    limit: databaseSeconds,
    signal: options.signal,
  };
  // Not the end: many an app answers part of its routes without, and those that fail on the original are left out.
  const outcome = await tryStep(lab, run);
  work.steps.push({ name: step.name, command: command.join(" "), milliseconds: outcome.milliseconds });
  const ending = outcome.isGood ? "" : `, but ${outcome.why}: ${outcome.log.useful(1)[0] ?? "no output"}`;
  work.notes.push(`${step.name === "seed" ? "seeded" : "database set up"} by ${step.origin}${ending}`);
}

/** Makes the template database and runs the app's own migrations and seeds on it. Answers its name. */
async function setUpDatabase(work: Work, examples: ReadonlyMap<string, string>): Promise<string> {
  const { lab, options } = work;
  const postgres = await lab.postgres();
  const template = `template_${options.side}_${lab.workspaces.size}_${Date.now().toString(36)}`;
  await postgres.create(template);
  const steps = databaseSteps(work.folder, readPackage(work.folder));
  if (steps.length === 0) work.notes.push("no migration found: the database starts empty");
  const outside = await startOutside(lab.authority);
  try {
    const given = givenFor(lab, { postgres, database: template, redis: null, bucket: null, url: "http://127.0.0.1" });
    const { values } = environmentFor({ service: options.service, examples, given });
    const report = join(lab.folder, "report.log");
    const env = { ...values, ...appVariables(lab, { ports: outside.ports, listen: {}, report }) };
    for (const step of steps) await runDatabaseStep(work, step, template, env);
  } finally {
    await outside.close();
  }
  return template;
}

function makeWork(lab: Lab, options: PrepareOptions): Work {
  const parent = join(lab.folder, "work");
  mkdirSync(parent, { recursive: true });
  const root = join(parent, `${options.side}-${readdirSync(parent).length + 1}`);
  return { lab, options, root, folder: join(root, options.service.root), notes: [], steps: [] };
}

function copy(work: Work): void {
  const { lab, options, root } = work;
  lab.on({ stage: "copy", side: options.side, message: "the source tree" });
  const { outDir, build: buildCommand } = options.service;
  const made =
    buildCommand !== null && outDir !== null && !outDir.includes("/") ? [...madeFolders, outDir] : madeFolders;
  work.notes.push(
    ...copyTree({ from: options.root, to: root, changes: options.changes ?? new Map(), leaveOut: new Set(made) }),
  );
  if (existsSync(join(work.folder, "package.json"))) return;
  throw new LabError({
    what: "There is nothing to boot",
    why: `${join(options.service.root, "package.json")} is not in the tree`,
    next: "Point at the folder that holds the app's package.json",
  });
}

/** Copies, installs, builds and migrates one side. Throws `LabError` when a step fails or exceeds its time, and when aborted rejects with the signal's reason. */
export async function prepare(lab: Lab, options: PrepareOptions): Promise<Prepared> {
  const work = makeWork(lab, options);
  copy(work);
  const manifest = readPackage(work.folder);
  const provider = prismaProvider(work.folder);
  const wanted = wantedBy(options.service, manifest, provider);
  // The server comes up while packages are installed; its failure is heard when it is asked for.
  if (wanted.postgres) lab.postgres().catch(() => undefined);
  const env = await installVariables(lab);
  const { side, signal } = options;
  const installed = await install(lab, { side, repo: options.root, root: work.root, folder: work.folder, env, signal });
  const { command, milliseconds } = installed;
  if (command !== "") work.steps.push({ name: "install", command, milliseconds });
  work.notes.push(installed.note);
  createEnvFiles(work, [...Object.values(manifest.scripts), ...options.service.processes.map((one) => one.command)]);
  const examples = readExamples([...new Set([work.root, work.folder])]);
  await build(lab, {
    ...work,
    side,
    service: options.service,
    env,
    signal,
    prisma: dependsOn(manifest, "prisma") ? prismaSchema(work.folder) : null,
  });
  const template = wanted.postgres ? await setUpDatabase(work, examples) : null;
  for (const name of wanted.missing)
    work.notes.push(`${name} is not played by the lab: what the app keeps there will fail`);
  const { root, folder, notes, steps } = work;
  const workspace: Workspace = { side, root, folder, notes, steps, examples, wanted, template, fixedPort: null };
  lab.workspaces.set(root, workspace);
  return workspace;
}
