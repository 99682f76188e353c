/** The commands that tell whether a task is done. */
import type { Repo } from "../analyzers/repo/repo.ts";
import { isIn, ownerFinder, readManifests } from "../analyzers/services/manifest.ts";
import { findPackageManager } from "../analyzers/services/runtime.ts";

export interface Check {
  /** Run in the root of the repo. */
  command: string;
  expects: string;
}

/** What apps call these, the most telling first; one of each row is run. */
const scripts: readonly (readonly string[])[] = [
  ["typecheck", "type-check", "check-types", "types", "tsc"],
  ["build"],
  ["test"],
];

/** The finding is gone, and what the app checks itself still holds. */
export function checksFor(repo: Repo, fingerprint: string, file: string): Check[] {
  const gone = {
    command: `shoreup assess . --finding ${fingerprint} --fail-on note`,
    expects: "exit code 0: the finding is gone",
  };
  return [gone, ...ownChecks(repo, file)];
}

function ownChecks(repo: Repo, file: string): Check[] {
  const { manifests } = readManifests(repo);
  const manifest = ownerFinder(manifests)(file);
  // A folder's name is the repo's text: one that a shell could read otherwise is nobody's to run in.
  if (manifest === null || !/^[\w./@+-]+$/.test(manifest.root)) return [];
  const above = manifests.filter(({ root }) => root !== manifest.root && isIn(root, manifest.file));
  const manager = findPackageManager(repo, manifest, above).packageManager ?? "npm";
  const enter = manifest.root === "." ? "" : `cd ${manifest.root} && `;
  return scripts.flatMap((names) => {
    const name = names.find((each) => !/^$|no test specified/.test(manifest.scripts[each] ?? ""));
    return name === undefined
      ? []
      : [{ command: `${enter}${manager} run ${name}`, expects: "as good as before the change" }];
  });
}
