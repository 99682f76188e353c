/** A start command with the package scripts that it runs written out. */
import type { Repo } from "../repo/repo.ts";
import { launches } from "../services/command.ts";
import { readManifests } from "../services/index.ts";
import type { Manifest } from "../services/manifest.ts";

const deepest = 5;

/** Every command that the given one comes to when it runs in a package's folder, itself first. */
export function expanded(repo: Repo, root: string, command: string): string[] {
  const { manifests } = readManifests(repo);
  const here = manifests.find((manifest) => manifest.root === root) ?? null;
  return here === null ? [command] : [...new Set(written(command, here, manifests, 0))];
}

function written(command: string, here: Manifest, manifests: readonly Manifest[], depth: number): string[] {
  if (depth > deepest) return [];
  const inner = launches(command).flatMap((launch) => {
    if (launch.kind !== "script") return [];
    const target =
      launch.workspace === null
        ? (manifests.find(({ root }) => root === inFolder(here.root, launch.folder)) ?? here)
        : manifests.find(({ name, root }) => name === launch.workspace || root.endsWith(launch.workspace ?? ""));
    const script = target?.scripts[launch.script];
    return target === undefined || script === undefined ? [] : written(script, target, manifests, depth + 1);
  });
  return [command, ...inner];
}

function inFolder(root: string, folder: string): string {
  return folder === "." ? root : root === "." ? folder : `${root}/${folder}`;
}
