/** The files a service's processes start from, web and worker, found through scripts, Dockerfile, Procfile and compose. */
import { posix } from "node:path";
import type { Place, Service } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import { isBuildFile } from "./file-roles.ts";
import { launches, type Launch } from "./command.ts";
import { isForDevelopment, type ComposeService, type Dockerfile, type ProcfileLine } from "./container-files.ts";
import { lineHolding, type Manifest } from "./manifest.ts";
import type { ProjectMain } from "./project-mains.ts";
import { sourceFile } from "./source-file.ts";

/** Everything about one package that can name a process. */
export interface Launchers {
  repo: Repo;
  manifest: Manifest;
  packages: readonly Manifest[];
  dockerfiles: readonly Dockerfile[];
  procfile: readonly ProcfileLine[];
  compose: readonly ComposeService[];
  /** Apps that share this package with others, those that answer requests. */
  projects: readonly ProjectMain[];
}

const START_SCRIPTS = ["start", "start:prod", "start:production", "serve", "prod", "production"];
const DEV_SCRIPTS = ["dev", "start:dev", "develop", "watch", "serve:dev", "server", "start:server", "dev:server"];
const WORKER_NAME = /(^|[:_.-])(workers?|queues?|jobs?|consumers?|processors?|scheduler|cron)($|[:_.-])/i;
const NOT_A_PROCESS =
  /(^|[:_.-])(build|test|lint|watch|dev|types?|clean|deploy|docker|logs?|format|seed|migrate)($|[:_.-])/i;
const CONVENTIONAL = [
  "server",
  "index",
  "app",
  "main",
  "src/server",
  "src/index",
  "src/main",
  "src/app",
  "server/index",
  "server/server",
  "bin/www",
];
/** Frameworks with a command that serves, or builds what serves. */
const SELF_SERVING = [
  "@sveltejs/kit",
  "nuxt",
  "next",
  "astro",
  "@react-router/dev",
  "@remix-run/dev",
  "@tanstack/react-start",
];
const MAX_DEPTH = 6;

/** Entry files of the web process, the strongest evidence first; `listens` decides about the weak ones. */
export function entryFiles(from: Launchers, listens: (file: string) => boolean): string[] {
  const { manifest, dockerfiles, procfile } = from;
  const images = dockerfiles.filter((each) => !isForDevelopment(each.file)).flatMap((each) => each.command?.text ?? []);
  const strong = unique([
    ...START_SCRIPTS.slice(0, 3).flatMap((name) => filesOfScript(from, name).reverse()),
    ...images.flatMap((command) => filesOf(from, command)),
    ...procfile.filter((line) => line.name === "web").flatMap((line) => filesOf(from, line.command)),
    ...from.projects.flatMap(({ name, file, serves }) =>
      !WORKER_NAME.test(name) && (serves || listens(file)) ? [file] : [],
    ),
    ...workerFile(from),
  ]);
  const isServing = (file: string): boolean => !isScript(file) || listens(file);
  const serving = servesItself(manifest) ? strong.filter(isServing) : strong;
  if (serving.length > 0) return serving;
  const weaker = unique(
    [...START_SCRIPTS.slice(3), ...(servesItself(manifest) ? [] : DEV_SCRIPTS)].flatMap((name) =>
      filesOfScript(from, name),
    ),
  ).filter((file) => !isBuildFile(file) && isServing(file));
  if (weaker.length > 0) return weaker;
  const main = manifest.main === null ? null : sourceFile(from.repo, manifest.root, manifest.main);
  const guesses = [main, ...CONVENTIONAL.map((stem) => sourceFile(from.repo, manifest.root, stem))];
  const listening = guesses.find((file) => file !== null && listens(file)) ?? null;
  return listening === null ? [] : [listening];
}

/** The module that Cloudflare runs, as its configuration beside the package names it. */
function workerFile({ repo, manifest }: Launchers): string[] {
  for (const name of ["wrangler.toml", "wrangler.jsonc", "wrangler.json"]) {
    const text = repo.read(posix.join(manifest.root, name));
    const main = /^[ \t]*"?main"?\s*[=:]\s*"([^"]+)"/m.exec(text ?? "")?.[1];
    const file = main === undefined ? null : sourceFile(repo, manifest.root, main);
    if (file !== null) return [file];
  }
  return [];
}

/** Started by the command of its framework: what else its scripts run prepares that, unless it listens itself. */
function servesItself({ dependencies, devDependencies }: Manifest): boolean {
  return SELF_SERVING.some((name) => name in dependencies || name in devDependencies);
}

function isScript(file: string): boolean {
  return /(^|\/)scripts\//.test(file);
}

/** Source files of command line tools: the `bin` field. */
export function binFiles(repo: Repo, manifest: Manifest): string[] {
  return unique(manifest.bin.flatMap((file) => sourceFile(repo, manifest.root, file) ?? []));
}

/** Files that a named script starts, through the scripts it calls. */
function filesOfScript(from: Launchers, script: string): string[] {
  const command = from.manifest.scripts[script];
  return command === undefined ? [] : filesOf(from, command, 0, script);
}

/** Files that a command starts when it runs in the package's folder. */
export function filesOf(from: Launchers, command: string, depth = 0, script = ""): string[] {
  if (depth > MAX_DEPTH) return [];
  return unique(launches(command).flatMap((launch) => filesOfLaunch(from, launch, depth, script)));
}

function filesOfLaunch(from: Launchers, launch: Launch, depth: number, script: string): string[] {
  const { repo, manifest } = from;
  const folder = posix.join(manifest.root, launch.folder);
  if (launch.kind === "file") {
    if (launch.by === "pm2" && /\.config\.[cm]?js$|\.json$|\.ya?ml$/.test(launch.file))
      return pm2Files(repo, folder, launch.file);
    const file =
      sourceFile(repo, folder, launch.file) ?? sourceFile(repo, manifest.root, withoutImageRoot(launch.file));
    return file === null ? [] : [file];
  }
  if (launch.kind === "tool") return toolFiles(from, launch.tool, launch.args, folder, depth, script);
  const target =
    launch.workspace === null
      ? from.packages.find((each) => each.root === folder)
      : named(from.packages, launch.workspace);
  const next = target?.scripts[launch.script];
  if (target === undefined || next === undefined || (target === manifest && launch.script === script)) return [];
  return filesOf({ ...from, manifest: target }, next, depth + 1, launch.script);
}

function named(packages: readonly Manifest[], workspace: string): Manifest | undefined {
  const plain = workspace.replace(/\.\.\.|^\.\//g, "");
  return packages.find((each) => each.name === plain || each.root === plain || each.root.endsWith(`/${plain}`));
}

/** In an image the app stands below `/app` or the like: `node /app/dist/x.js`, `/usr/src/app/server.js`. */
function withoutImageRoot(file: string): string {
  return file.replace(/^\/(usr\/src\/app|usr\/app|home\/node\/app|app|opt\/app|srv\/app|code|workspace)\//, "");
}

function toolFiles(
  from: Launchers,
  tool: string,
  args: string[],
  folder: string,
  depth: number,
  script: string,
): string[] {
  const { repo, manifest } = from;
  const first = (...files: string[]) => files.flatMap((file) => sourceFile(repo, folder, file) ?? []).slice(0, 1);
  if (tool === "nest" && args[0] === "start")
    return first(...(args[1]?.startsWith("-") === false ? [`apps/${args[1]}/src/main`] : []), "src/main");
  if (tool === "node" || tool === "nodemon" || tool === "tsx" || tool === "ts-node") {
    const exec = tool === "nodemon" ? (nodemonExec(repo, folder) ?? manifest.nodemonConfig?.exec) : undefined;
    if (exec !== undefined) return filesOf(from, exec, depth + 1, script);
    return args.every((arg) => arg.startsWith("-")) && manifest.main !== null ? first(manifest.main) : [];
  }
  if (tool === "fastify" && args[0] === "start")
    return args
      .filter((arg) => !arg.startsWith("-"))
      .slice(1)
      .flatMap((arg) => first(arg));
  return tool.startsWith("docker-entrypoint") || tool.endsWith(".sh")
    ? filesOf(from, shellScript(repo, folder, tool, args), depth + 1, script)
    : [];
}

/** The `exec` of a nodemon.json beside the package. */
function nodemonExec(repo: Repo, folder: string): string | undefined {
  return /"exec"\s*:\s*"((?:\\.|[^"\\])*)"/
    .exec(repo.read(posix.join(folder, "nodemon.json")) ?? "")?.[1]
    ?.replaceAll('\\"', '"');
}

/** A start script of the repo's own, plus the command handed to it (`docker-entrypoint.sh node x.js`). */
function shellScript(repo: Repo, folder: string, tool: string, args: string[]): string {
  const text = repo.read(posix.join(folder, tool.replace(/^\.?\//, ""))) ?? "";
  const commands = text.split("\n").filter((line) => !/^\s*(#|$|set |if |fi|then|else|echo )/.test(line));
  return [...commands, args.join(" ")].join("\n").slice(0, 3500);
}

/** The `script` fields of a pm2 ecosystem file; it is read as text, never run. */
function pm2Files(repo: Repo, folder: string, file: string): string[] {
  const text = repo.read(posix.join(folder, file)) ?? "";
  return [...text.matchAll(/["']?script["']?\s*:\s*["']([^"']+)["']/g)].flatMap(
    ([, script]) => sourceFile(repo, folder, script ?? "") ?? [],
  );
}

type Process = Service["processes"][number] & { entry: string[] };

/** Scripts that start a further server of the package in production: `collab:prod`, `start:admin`. */
const SERVER_SCRIPT = /:prod(uction)?$|^start:/;

/** Long-running process types beside the web one, each with the file it starts from where that is known. */
export function findProcesses(from: Launchers, web: readonly string[], listens: (file: string) => boolean): Process[] {
  const { manifest, procfile, compose, projects } = from;
  const ofScript = ([name, command]: [string, string]) => ({
    name,
    command,
    evidence: { file: manifest.file, line: lineHolding(manifest.raw, `"${name}"`) },
  });
  const scripts = Object.entries(manifest.scripts).filter(([name]) => !NOT_A_PROCESS.test(name));
  const wished: { name: string; command: string; evidence: Place }[] = [
    ...procfile
      .filter((line) => line.name !== "web" && line.name !== "release")
      .map(({ name, command, file, line }) => ({ name, command, evidence: { file, line } })),
    ...scripts.filter(([name]) => WORKER_NAME.test(name)).map(ofScript),
    ...compose.flatMap(({ name, command, build, runsOnce, file, line }) =>
      build === manifest.root && command !== null && !runsOnce ? [{ name, command, evidence: { file, line } }] : [],
    ),
  ];
  const started = (command: string) => filesOf(from, command).filter((file) => !web.includes(file));
  const servers = scripts.filter(([name]) => SERVER_SCRIPT.test(name)).map(ofScript);
  const found = [
    ...wished.map((each) => ({ ...each, entry: started(each.command) })),
    ...servers.map((each) => ({ ...each, entry: started(each.command).filter(listens) })),
    ...projects.flatMap(({ name, file }): Process[] =>
      WORKER_NAME.test(name) ? [{ name, command: `node ${file}`, evidence: { file, line: 1 }, entry: [file] }] : [],
    ),
  ].filter((each) => each.entry.length > 0);
  return found.filter((each, index) => found.findIndex((other) => other.entry.join() === each.entry.join()) === index);
}

export function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
