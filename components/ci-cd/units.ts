/** What a pipeline checks as one: the repo's workspace as a whole, or each package that stands alone. */
import type { Model, Service } from "../../analyzers/model.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";
import { readManifests } from "../../analyzers/services/index.ts";
import type { Manifest } from "../../analyzers/services/manifest.ts";

/** A package to install and check. For a workspace the scripts are the root's, and `members` are the packages below it. */
export interface Unit extends Service {
  members: readonly Service[];
}

const lockfiles: readonly (readonly [string, Service["packageManager"]])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
];

/** The units of a repo, servers first. */
export function unitsOf(model: Model): Unit[] {
  const { manifests } = readManifests(model.repo);
  const workspace = workspaceOf(model, manifests);
  if (workspace !== null) return [workspace];
  const routes = (unit: Unit): number => model.routes.filter((route) => route.service === unit.name).length;
  const services = model.services.map((service): Unit => ({ ...service, members: [] }));
  return [...services, ...packagesBeside(model, manifests)].sort(
    (a, b) => routes(b) - routes(a) || a.root.localeCompare(b.root),
  );
}

/** Packages that are no service (a front end, a library) but have something to check. */
function packagesBeside({ repo, services }: Model, manifests: readonly Manifest[]): Unit[] {
  const [first] = services;
  if (first === undefined) return [];
  return manifests
    .filter(({ root, scripts }) => !services.some((service) => service.root === root) && isChecked(scripts))
    .map((manifest) => ({
      ...unitFrom(manifest, repo, first),
      name: manifest.name ?? manifest.root,
      backing: [],
      env: [],
      members: [],
    }));
}

function isChecked(scripts: Record<string, string>): boolean {
  return ["build", "test", "lint", "typecheck", "type-check"].some((name) => Object.hasOwn(scripts, name));
}

/** The root as a unit, where it says that the packages below it belong together. */
function workspaceOf({ repo, services }: Model, manifests: readonly Manifest[]): Unit | null {
  const root = manifests.find((manifest) => manifest.root === ".");
  const members = services.filter((service) => service.root !== ".");
  const [first] = services;
  if (root === undefined || first === undefined || members.length === 0) return null;
  if (root.workspaces.length === 0 && !repo.has("pnpm-workspace.yaml")) return null;
  return {
    ...unitFrom(root, repo, services.find((service) => service.root === ".") ?? first),
    name: "workspace",
    backing: members.flatMap(({ backing }) => backing),
    env: members.flatMap(({ env }) => env),
    members,
  };
}

/** A package as a service of its own kind; what its manifest does not say is as in the service beside it. */
function unitFrom(manifest: Manifest, repo: Repo, beside: Service): Service {
  const folder = manifest.root === "." ? "" : `${manifest.root}/`;
  const [lockfile, packageManager] = lockfiles.find(([file]) => repo.has(folder + file)) ?? [
    null,
    beside.packageManager,
  ];
  return {
    ...beside,
    root: manifest.root,
    packageManager,
    lockfile: lockfile === null ? null : folder + lockfile,
    scripts: manifest.scripts,
    dependencies: manifest.dependencies,
    devDependencies: manifest.devDependencies,
    nodeVersion: manifest.engines["node"] ?? beside.nodeVersion,
  };
}
