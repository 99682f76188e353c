/** Brings lockfiles into step with changed package.json files, by the app's own package manager, on a copy of its manifests. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { z } from "zod";
import type { Repo } from "../../analyzers/repo/repo.ts";
import { LabError } from "../boot/lab-error.ts";
import { openLab, type Lab, type Progress } from "../boot/lab.ts";
import { findProgram } from "../boot/machine.ts";
import { installVariables } from "./install-variables.ts";
import { readJson, readText } from "./package-json.ts";
import { placeOf, type InstallPlace, type Manager } from "./place.ts";
import { runStep } from "./step.ts";

export interface LockedFile {
  /** The lockfile, relative to the repo's root. */
  file: string;
  text: string;
  /** The command that wrote it. */
  command: string;
}

export interface LockOptions {
  on?: (progress: Progress) => void;
  signal?: AbortSignal;
}

/** Resolving asks the registry for every package that is not known yet. */
const limit = 300;

/** None runs a script of any package: only versions are decided. */
const commands: Record<Manager, readonly string[]> = {
  npm: ["npm", "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"],
  pnpm: ["pnpm", "install", "--lockfile-only", "--ignore-scripts", "--no-frozen-lockfile"],
  yarn: ["yarn", "install", "--ignore-scripts", "--non-interactive", "--no-progress"],
  bun: ["bun", "install", "--lockfile-only", "--ignore-scripts"],
};

/** What decides versions: manifests, lockfiles, the managers' settings, and patches whose hash a lockfile holds. */
const decisive =
  /(^|\/)(package\.json|package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|pnpm-workspace\.yaml|yarn\.lock|bun\.lock|bun\.lockb|\.npmrc|\.yarnrc|bunfig\.toml)$|\.patch$/;

/**
 * The lockfiles that `repo`, a tree whose package.json files at `manifests` have changed, should have. Those of packages
 * without a lockfile are left out. Nothing is written to the repo. Throws `LabError` when a manager is missing or fails.
 */
export async function lockfilesFor(
  repo: Repo,
  manifests: readonly string[],
  options: LockOptions = {},
): Promise<LockedFile[]> {
  const lab = await openLab(options.on === undefined ? {} : { on: options.on });
  try {
    const root = join(lab.folder, "manifests");
    copyManifests(repo, root);
    const places = manifests.map((file) => placeOf(root, join(root, posix.dirname(file))));
    const distinct = [...new Map(places.map((place) => [place.folder, place])).values()];
    const locked: LockedFile[] = [];
    for (const place of distinct) locked.push(...(await relocked(lab, repo, root, place, options.signal)));
    return locked;
  } finally {
    await lab.close();
  }
}

function copyManifests(repo: Repo, root: string): void {
  mkdirSync(root, { recursive: true });
  for (const file of repo.files.filter((each) => decisive.test(each))) {
    const text = repo.read(file);
    if (text === null) continue;
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

async function relocked(
  lab: Lab,
  repo: Repo,
  root: string,
  place: InstallPlace,
  signal: AbortSignal | undefined,
): Promise<LockedFile[]> {
  const { folder, lockfile, manager } = place;
  if (lockfile === null) return [];
  const file = posix.join(folder.slice(root.length + 1), lockfile);
  refuseForeignCode(repo, file, manager);
  const command = [...commands[manager], ...formatOf(place)];
  const env = await installVariables(lab);
  const said = command.join(" ");
  await runStep(
    lab,
    { name: "lockfile", side: "after", command, cwd: folder, env, limit, signal },
    {
      what: `${file} could not be brought into step with the changed package.json`,
      next: `Nothing was written. Apply the patches without the lockfile, then run \`${said}\` in ${posix.dirname(file)} yourself`,
    },
  );
  const text = readText(folder, lockfile);
  return text === null || text === repo.read(file) ? [] : [{ file, text, command: said }];
}

/** Managers that are missing, and those that would run code out of the repo to resolve a version. */
function refuseForeignCode(repo: Repo, file: string, manager: Manager): void {
  const beside = (name: string): string => posix.join(posix.dirname(file), name);
  const runsCode = [".yarnrc.yml", ".pnpmfile.cjs", ".pnpmfile.mjs"].map(beside).find((each) => repo.has(each));
  const why =
    runsCode !== undefined
      ? `${runsCode} lets the repo's own code decide versions, and no code of a repo is run outside the lab`
      : file.endsWith(".lockb")
        ? "It is a binary file, which no patch can show"
        : findProgram(manager) === null
          ? `It belongs to ${manager}, which is not on this machine`
          : null;
  if (why === null) return;
  throw new LabError({
    what: `${file} cannot be brought into step here`,
    why,
    next: `Nothing was written. Apply the patches without the lockfile, then run \`${manager} install\` yourself`,
  });
}

const Version = z.looseObject({ lockfileVersion: z.int() });

/** npm would write its newest format over an older one, and a reviewer could not see what changed. */
function formatOf({ folder, lockfile, manager }: InstallPlace): string[] {
  if (manager !== "npm" || lockfile === null) return [];
  const version = Version.safeParse(readJson(folder, lockfile)).data?.lockfileVersion;
  return version === undefined ? [] : [`--lockfile-version=${version}`];
}
