/** From a path that an agent sends to a repo: resolved, confined, read. */
import { realpathSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { analyze } from "../analyzers/index.ts";
import type { Model } from "../analyzers/model.ts";
import { openRepo } from "../analyzers/repo/disk.ts";
import type { Repo } from "../analyzers/repo/repo.ts";
import { Refusal } from "./tool.ts";
import type { ServerOptions } from "./session.ts";

/** Throws {@link Refusal} for paths that are relative without a root, outside it, or not a folder. */
function targetFolder(path: string, { root }: ServerOptions): string {
  if (root === null && !isAbsolute(path)) {
    throw new Refusal(
      `${path} is a relative path, and this server has no root.`,
      "Send the absolute path of the repo.",
    );
  }
  const folder = real(resolve(root ?? "/", path));
  if (folder === null)
    throw new Refusal(
      `There is no folder at ${path}.`,
      "Send the path of the folder that holds the app's package.json.",
    );
  if (root !== null && !isInside(real(root) ?? root, folder)) {
    throw new Refusal(`${path} lies outside ${root}, the folder this server is confined to.`, "Send a path below it.");
  }
  return folder;
}

/** The repo and its model. Throws {@link Refusal} when there is nothing to judge. */
export async function readTarget(
  path: string,
  options: ServerOptions,
): Promise<{ folder: string; repo: Repo; model: Model }> {
  const folder = targetFolder(path, options);
  const repo = openRepo(folder);
  const model = await analyze(repo);
  if (model.services.length === 0 && model.routes.length === 0) {
    throw new Refusal(
      `There is no JavaScript, TypeScript or Python app in ${path}.`,
      "Send the folder that holds its package.json.",
    );
  }
  return { folder, repo, model };
}

function real(path: string): string | null {
  try {
    const found = realpathSync(path);
    return statSync(found).isDirectory() ? found : null;
  } catch {
    return null;
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}
