/** Installs an app's dependencies as its own package manager says; the second side starts from what the first has. */
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { z } from "zod";
import { LabError } from "../boot/lab-error.ts";
import type { Lab } from "../boot/lab.ts";
import { findProgram } from "../boot/machine.ts";
import { readJson, readPackage, readText, type PackageJson } from "./package-json.ts";
import { placeOf, type InstallPlace } from "./place.ts";
import { runStep, tryStep, type Step } from "./step.ts";

export interface InstallOptions {
  side: "before" | "after";
  /** The repo's root on disk: both sides of it share installed packages. */
  repo: string;
  /** The working copy. */
  root: string;
  /** Folder of the service's package.json in the working copy. */
  folder: string;
  env: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
}

export interface Installed {
  /** How it was done, one sentence. */
  note: string;
  command: string;
  milliseconds: number;
}

const limit = 300;
const quiet = ["--no-audit", "--no-fund", "--prefer-offline"];

const Lock = z.looseObject({ packages: z.record(z.string(), z.looseObject({})).optional() });

function sameSets(manifest: PackageJson, locked: Record<string, unknown>): boolean {
  return (["dependencies", "devDependencies", "optionalDependencies"] as const).every((list) => {
    const wanted = Object.entries(manifest[list]);
    const has = z
      .record(z.string(), z.string())
      .catch({})
      .parse(locked[list] ?? {});
    const named =
      list === "dependencies" ? wanted.filter(([name]) => !(name in manifest.optionalDependencies)) : wanted;
    return named.length === Object.keys(has).length && named.every(([name, range]) => has[name] === range);
  });
}

/** Whether npm's lockfile was made from this package.json; `npm ci` refuses otherwise. */
export function isInStep(folder: string, lockfile: string): boolean {
  const lock = Lock.safeParse(readJson(folder, lockfile)).data;
  const own = lock?.packages?.[""];
  return own !== undefined && sameSets(readPackage(folder), own);
}

/** What decides which packages are installed, as one hash. */
function fingerprint(place: InstallPlace, service: string): string {
  const hash = createHash("sha256");
  for (const folder of new Set([place.folder, service])) {
    const { dependencies, devDependencies, optionalDependencies, overrides } = readPackage(folder);
    hash.update(JSON.stringify([dependencies, devDependencies, optionalDependencies, overrides]));
    hash.update(readText(folder, ".npmrc") ?? "");
  }
  hash.update((place.lockfile === null ? null : readText(place.folder, place.lockfile)) ?? "");
  return hash.digest("hex");
}

interface Plan {
  command: string[];
  note: string;
}

function planNpm(place: InstallPlace): Plan {
  if (place.lockfile === null) {
    return {
      command: ["npm", "install", ...quiet],
      note: "no lockfile: installed with `npm install`, today's versions",
    };
  }
  if (isInStep(place.folder, place.lockfile)) {
    return { command: ["npm", "ci", ...quiet], note: "installed with `npm ci` from the lockfile" };
  }
  return {
    command: ["npm", "install", ...quiet],
    note: `${place.lockfile} is out of step with package.json: installed with \`npm install\``,
  };
}

function plan(place: InstallPlace): Plan {
  const { manager } = place;
  if (manager === "npm") return planNpm(place);
  if (findProgram(manager) !== null) {
    const frozen =
      manager === "yarn" && readText(place.folder, ".yarnrc.yml") !== null ? "--immutable" : "--frozen-lockfile";
    return { command: [manager, "install", frozen], note: `installed with ${manager} from the lockfile` };
  }
  if (/"workspace:/.test(readText(place.folder, "package.json") ?? "")) {
    throw new LabError({
      what: `The app is installed with ${manager}, which is not on this machine`,
      why: "Its packages name each other by `workspace:`, which npm does not understand",
      next: `Install ${manager} (\`npm install -g ${manager}\`), then try again`,
    });
  }
  return {
    command: ["npm", "install", "--no-package-lock", ...quiet],
    note: `${manager} is not on this machine: installed with npm from package.json, so versions may differ from ${place.lockfile ?? "the lockfile"}`,
  };
}

/** Folders named node_modules in a working copy, outermost ones only. */
function moduleFolders(root: string, folder = root, depth = 0): string[] {
  if (depth > 4) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory()) return [];
    const path = join(folder, entry.name);
    return entry.name === "node_modules" ? [relative(root, path)] : moduleFolders(root, path, depth + 1);
  });
}

async function copyModules(lab: Lab, step: Omit<Step, "command">, from: string, to: string): Promise<void> {
  for (const folder of moduleFolders(from)) {
    if (!existsSync(join(to, folder, ".."))) continue;
    const command = ["cp", "-a", join(from, folder), join(to, folder)];
    const { isGood } = await tryStep(lab, { ...step, command });
    if (!isGood) cpSync(join(from, folder), join(to, folder), { recursive: true, verbatimSymlinks: true, force: true });
  }
}

async function installFresh(lab: Lab, place: InstallPlace, step: Omit<Step, "command">): Promise<Installed> {
  const { command, note } = plan(place);
  const fault = {
    what: "The app's dependencies could not be installed",
    next: "Run the same command in the app's folder; if it works there, look for private packages or settings outside the tree",
  };
  const first = await tryStep(lab, { ...step, command });
  if (first.isGood) return { note, command: command.join(" "), milliseconds: first.milliseconds };
  if (command[1] !== "ci") {
    throw new LabError({ ...fault, why: `\`${command.join(" ")}\`: ${first.why}`, log: first.log.useful(15) });
  }
  const again = ["npm", "install", ...quiet];
  const milliseconds = await runStep(lab, { ...step, command: again }, fault);
  return {
    note: "`npm ci` refused the lockfile: installed with `npm install`",
    command: again.join(" "),
    milliseconds,
  };
}

/** Installs on top of a copy of the other side's packages. */
async function installOnTop(
  lab: Lab,
  place: InstallPlace,
  step: Omit<Step, "command">,
  isSame: boolean,
): Promise<Installed> {
  if (isSame)
    return {
      note: "same dependencies as the other side: its packages were copied",
      command: "cp -a node_modules",
      milliseconds: 0,
    };
  const { command } = plan(place);
  const onTop = command[1] === "ci" ? ["npm", "install", ...quiet] : command;
  const milliseconds = await runStep(
    lab,
    { ...step, command: onTop },
    {
      what: "The app's changed dependencies could not be installed",
      next: "Check the dependencies that the change adds",
    },
  );
  return {
    note: `changed dependencies: \`${onTop.join(" ")}\` on top of the other side's packages`,
    command: onTop.join(" "),
    milliseconds,
  };
}

const lifecycle = ["preinstall", "install", "postinstall", "prepare"];

/** Nothing to install: no dependency in any list, no script that an install would run. */
function isBare(place: InstallPlace, service: string): boolean {
  return [place.folder, service].map(readPackage).every((manifest) => {
    const lists = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies];
    const isQuiet = lifecycle.every((name) => !(name in manifest.scripts));
    return isQuiet && !("workspaces" in manifest) && lists.every((list) => Object.keys(list).length === 0);
  });
}

/** Installs the working copy's dependencies. Throws `LabError` when that fails. */
export async function install(lab: Lab, options: InstallOptions): Promise<Installed> {
  const place = placeOf(options.root, options.folder);
  if (isBare(place, options.folder)) return { note: "no dependencies to install", command: "", milliseconds: 0 };
  const print = fingerprint(place, options.folder);
  const step = {
    name: "install",
    side: options.side,
    cwd: place.folder,
    env: options.env,
    limit,
    signal: options.signal,
  };
  const earlier = lab.installs.get(options.repo);
  const base = earlier === undefined ? null : await earlier.catch(() => null);
  if (base) {
    await copyModules(lab, step, base.root, options.root);
    return installOnTop(lab, place, step, base.fingerprint === print);
  }
  const fresh = installFresh(lab, place, step);
  const shared = fresh.then(() => ({ root: options.root, fingerprint: print }));
  shared.catch(() => undefined);
  lab.installs.set(options.repo, shared);
  return fresh;
}
