/** The app that a verb works on: its folder, its source, its model. */
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Model } from "../analyzers/model.ts";
import type { Repo } from "../analyzers/repo/repo.ts";
import { defaultStateFolder } from "../patches/apply/record.ts";
import { exitCodes } from "./exit-codes.ts";
import type { Progress } from "./progress.ts";
import { Stop } from "./stop.ts";

const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$|\.py$/;

/** The path as an absolute folder. Throws {@link Stop} when there is none. */
export function folderAt(path: string): string {
  const folder = resolve(path);
  const entry = statSync(folder, { throwIfNoEntry: false });
  if (entry === undefined)
    throw new Stop(
      `There is nothing at ${folder}.`,
      "The path does not exist.",
      "Give the folder of an app, for example `shoreup assess ./my-app`.",
    );
  if (!entry.isDirectory())
    throw new Stop(
      `${folder} is not a folder.`,
      "An app is read as a whole folder.",
      "Give the folder that holds its package.json.",
    );
  return folder;
}

/** Reads the tree. Throws {@link Stop} with exit code 3 when it holds no JavaScript, TypeScript or Python. */
export async function openTarget(path: string, progress: Progress): Promise<Repo> {
  const folder = folderAt(path);
  const { openRepo } = await import("../analyzers/repo/disk.ts");
  progress.stage("reading the source");
  const repo = openRepo(folder);
  if (!repo.files.some((file) => SOURCE.test(file))) {
    progress.end();
    throw new Stop(
      `There is nothing in ${folder} that Shoreup can judge.`,
      "It holds no JavaScript, TypeScript or Python source.",
      "Give the folder of a JavaScript, TypeScript or Python app; other languages are not supported yet.",
      exitCodes.unsupported,
    );
  }
  return repo;
}

export async function modelOf(repo: Repo, progress: Progress, options: CacheOptions): Promise<Model> {
  const { analyze } = await import("../analyzers/index.ts");
  progress.stage("analyzing", `${repo.files.length} files`);
  return analyze(repo, cacheOf(options));
}

/** `--no-cache` makes it false. */
export interface CacheOptions {
  cache: boolean;
}

/** Summaries are kept outside the app's folder, where the system keeps caches. */
export function cacheOf({ cache }: CacheOptions): { cacheFolder: string | null } {
  return { cacheFolder: cache ? join(defaultStateFolder(), "summaries") : null };
}
