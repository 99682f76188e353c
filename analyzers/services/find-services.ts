/** Which packages of a repo are services, and what each one says about itself. */
import { posix } from "node:path";
import type { Service } from "../model.ts";
import { createModules, type Modules, type Resolved } from "../link/modules.ts";
import type { Repo } from "../repo/repo.ts";
import { findBacking } from "./backing.ts";
import { launches } from "./command.ts";
import {
  isPythonImage,
  readComposeServices,
  readDockerfiles,
  readProcfile,
  type ComposeService,
  type Dockerfile,
} from "./container-files.ts";
import { binFiles, entryFiles, filesOf, findProcesses, unique, type Launchers } from "./entries.ts";
import { isIn, lineHolding, ownerFinder, readManifests, type Manifest } from "./manifest.ts";
import { findFrameworks, packagesImported, SERVER_FRAMEWORKS } from "./packages-used.ts";
import { findPort, listens, portOfCommand } from "./port.ts";
import { isBuildFile } from "./file-roles.ts";
import { projectMains, type ProjectMain } from "./project-mains.ts";
import { findNodeVersion, findPackageManager } from "./runtime.ts";
import { environmentSchema } from "./environment-schema.ts";
import type { Sources, Summaries } from "./located-value.ts";
import { outputFolder, sourceFile } from "./source-file.ts";
import { isInTestFolder, isTestFile } from "./file-roles.ts";
import { findPythonServices } from "./python/find.ts";
import { isPython } from "../repo/source-file.ts";

/** What all packages share, read once. */
interface Tree {
  repo: Repo;
  summaries: Summaries;
  sources: Sources;
  packages: readonly Manifest[];
  /** The package a file belongs to: the deepest one above it. */
  packageOf: (file: string) => Manifest | null;
  /** Each package's own source files, tests left out. */
  filesOf: ReadonlyMap<Manifest | null, readonly string[]>;
  dockerfiles: readonly Dockerfile[];
  compose: readonly ComposeService[];
  /** By the package they belong to. */
  projects: ReadonlyMap<Manifest | null, readonly ProjectMain[]>;
}

/** Tools that serve an app themselves: a package whose scripts call one is an app, not a library. */
const APP_TOOLS =
  /^(next|nuxt|nuxi|vite|astro|react-scripts|react-router|remix|ng|vue-cli-service|svelte-kit|parcel|nest|wrangler|expo|gatsby)$/;
const APP_SCRIPTS = ["start", "dev", "serve"];

/**
 * The services of a repo, the root's first. A package is a service when a process starts from it or a tool serves it;
 * a repo in which no package is one yields its topmost package, so that a library or a tool still has a name and scripts.
 * `modules` saves resolving imports twice where the caller has them.
 */
export function findServices(repo: Repo, summaries: Summaries, modules: Modules = createModules(repo)): Service[] {
  const packages = readManifests(repo).manifests;
  const packageOf = ownerFinder(packages);
  const sources = [...summaries.keys()].filter((file) => !isTestFile(file) && !isInTestFolder(file) && !isPython(file));
  const tree: Tree = {
    repo,
    summaries,
    sources: { summaries, resolve: (from, specifier) => fileOf(modules.resolve(from, specifier)) },
    packages,
    packageOf,
    filesOf: grouped(sources, packageOf),
    dockerfiles: readDockerfiles(repo).filter(({ file }) => !isPythonImage(repo.read(file) ?? "")),
    compose: readComposeServices(repo),
    projects: grouped(projectMains(repo), ({ file }) => packageOf(file)),
  };
  const found = packages.map((manifest) => describe(manifest, tree));
  const running = found.filter(({ runs }) => runs).map(({ service }) => service);
  const python = findPythonServices(
    repo,
    summaries,
    running.map(({ name }) => name),
  );
  const all = [...running, ...python];
  return all.length > 0 ? all : found.slice(0, 1).map(({ service }) => service);
}

function fileOf(resolved: Resolved): string | null {
  return resolved.kind === "file" ? resolved.file : null;
}

function grouped<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function describe(manifest: Manifest, tree: Tree): { service: Service; runs: boolean } {
  const { repo, summaries, packages, packageOf } = tree;
  const from = launchersOf(manifest, tree);
  const isOwn = (file: string) => packageOf(file) === manifest;
  const own = tree.filesOf.get(manifest) ?? [];
  const isServer = (file: string) => listens(summaries.get(file));
  const entry = entryFiles(from, isServer).filter(isOwn);
  const files = nearestFirst(own, entry);
  const above = packages.filter((each) => each !== manifest && isIn(each.root, manifest.root));
  const imported = packagesImported(files, summaries);
  const processes = findProcesses(from, entry, isServer).filter((each) => each.entry.every(isOwn));
  const env = environmentRead(files, tree.sources);
  const frameworks = findFrameworks(manifest, above, imported);
  const start = startCommand(from);
  const fallback = [
    ...binFiles(repo, manifest),
    ...(manifest.main === null ? [] : [sourceFile(repo, manifest.root, manifest.main)]),
  ];
  const service: Service = {
    name: manifest.name ?? posix.basename(manifest.root === "." ? repo.root : manifest.root),
    root: manifest.root,
    language: mainLanguage(own, summaries),
    modules: manifest.type === "module" ? "esm" : "commonjs",
    frameworks,
    ...findPackageManager(repo, manifest, above),
    entry:
      entry.length > 0 ? entry : unique(fallback.flatMap((file) => (file === null || isBuildFile(file) ? [] : [file]))),
    scripts: manifest.scripts,
    start,
    build: manifest.scripts["build"] ?? null,
    outDir: outputFolderInUse(repo, manifest, start),
    port:
      portOfCommand(start ?? "", { file: manifest.file, line: lineHolding(manifest.raw, '"start"') }) ??
      findPort(repo, manifest.root, files, tree.sources, from.dockerfiles),
    nodeVersion: findNodeVersion(repo, manifest, above, from.dockerfiles),
    dependencies: { ...manifest.optionalDependencies, ...manifest.dependencies },
    devDependencies: manifest.devDependencies,
    env,
    backing: findBacking({ repo, root: manifest.root, files, imported, summaries, compose: from.compose, env }),
    processes,
  };
  return { service, runs: entry.length > 0 || processes.length > 0 || isServedByTool(manifest, frameworks) };
}

/** A Dockerfile counts for the package it lies in, and for the one whose file its command starts. */
function launchersOf(manifest: Manifest, tree: Tree): Launchers {
  const { repo, packages, packageOf } = tree;
  const base: Launchers = {
    repo,
    manifest,
    packages,
    dockerfiles: [],
    procfile: readProcfile(repo, manifest.root),
    compose: tree.compose.filter((each) => packages.length === 1 || concerns(each, manifest.root)),
    projects: tree.projects.get(manifest) ?? [],
  };
  const root = packages.find((each) => each.root === ".") ?? manifest;
  const starts = (each: Dockerfile) =>
    each.command !== null &&
    packageOf(each.file) === root &&
    filesOf({ ...base, manifest: root }, each.command.text).some((file) => packageOf(file) === manifest);
  const dockerfiles = tree.dockerfiles.filter(
    (each) => each.root === manifest.root || packages.length === 1 || starts(each),
  );
  return { ...base, dockerfiles };
}

/** Built from the package's folder, or run beside it by a compose file at or above that folder. */
function concerns({ build, file }: ComposeService, root: string): boolean {
  return build === null ? isIn(posix.dirname(file), `${root}/`) : build === root;
}

/** The service's own files, those in the entry's folders first: the first `listen` found is then the server's. */
function nearestFirst(files: readonly string[], entry: readonly string[]): string[] {
  const folders = entry.map((file) => posix.dirname(file));
  const rank = (file: string) => (entry.includes(file) ? 0 : folders.some((folder) => isIn(folder, file)) ? 1 : 2);
  return files.toSorted((a, b) => rank(a) - rank(b));
}

function environmentRead(files: readonly string[], sources: Sources): Service["env"] {
  const found = new Map<string, Service["env"][number]>();
  for (const file of files) {
    const reads = (sources.summaries.get(file)?.env ?? []).map((each) => ({
      name: each.name,
      default: each.default,
      line: each.span.line,
    }));
    for (const { name, default: fallback, line } of [...reads, ...environmentSchema(file, sources)]) {
      const known = found.get(name);
      if (known === undefined || (known.default === null && fallback !== null))
        found.set(name, { name, default: fallback, place: { file, line } });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function mainLanguage(files: readonly string[], summaries: Summaries): Service["language"] {
  const typed = files.filter((file) => summaries.get(file)?.language === "typescript").length;
  return typed * 2 >= files.length && typed > 0 ? "typescript" : "javascript";
}

/** How the service is started in production. */
function startCommand({ manifest, procfile, dockerfiles }: Launchers): string | null {
  const { scripts } = manifest;
  const web = procfile.find((line) => line.name === "web")?.command;
  const image = dockerfiles.find((each) => each.command !== null)?.command?.text;
  return (
    scripts["start:prod"] ?? scripts["start:production"] ?? scripts["start"] ?? web ?? image ?? scripts["serve"] ?? null
  );
}

function outputFolderInUse(repo: Repo, manifest: Manifest, start: string | null): string | null {
  const named = launches(start ?? "").flatMap((launch) =>
    launch.kind === "file" ? [posix.join(launch.folder, launch.file)] : [],
  );
  const compiled = named.find(
    (file) => !repo.has(posix.join(manifest.root, file)) && sourceFile(repo, manifest.root, file) !== null,
  );
  const configured = outputFolder(repo, manifest.root);
  if (compiled === undefined) return null;
  if (configured !== null && isIn(configured, compiled)) return configured;
  return compiled.includes("/") ? (compiled.split("/")[0] ?? null) : null;
}

function isServedByTool(manifest: Manifest, frameworks: Service["frameworks"]): boolean {
  const called = APP_SCRIPTS.flatMap((name) => launches(manifest.scripts[name] ?? ""));
  const tool = called.some((launch) => launch.kind === "tool" && APP_TOOLS.test(launch.tool));
  return (
    tool || (manifest.scripts["start"] !== undefined && frameworks.some((each) => SERVER_FRAMEWORKS.has(each.name)))
  );
}
