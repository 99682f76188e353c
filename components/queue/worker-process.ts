/** How the worker is started: as the web process is, with another file. */
import { posix } from "node:path";
import type { Service } from "../../analyzers/model.ts";
import type { Repo } from "../../analyzers/repo/repo.ts";

export interface WorkerProcess {
  /** Where the generated files go, relative to the repo. */
  folder: string;
  /** With the dot: `.ts`, `.js`, `.mjs`. */
  extension: string;
  /** The command of the script `worker`. */
  command: string;
  /** The build script with the worker as a further entry; null when it needs no change. */
  build: string | null;
}

/** Derived from the start script; the obstacle says why it cannot be. */
export function workerScript(service: Service, repo: Pick<Repo, "read">): WorkerProcess | { obstacle: string } {
  const [entry] = service.entry;
  if (entry === undefined) return { obstacle: "no file is known from which the app starts" };
  if (service.scripts["worker"] !== undefined) return { obstacle: "the script `worker` is taken already" };
  const extension = posix.extname(entry);
  if (!/^\.[cm]?[jt]s$/.test(extension)) return { obstacle: `the app starts from ${entry}, which is no script` };
  const base = sourceFolder(entry, service.root);
  const folder = posix.join(service.root, base, "queue");
  const file = posix.join(base, "queue", `worker${extension}`);
  const from = posix.relative(service.root, entry);
  const start = withoutPm2(lastCommand(startOf(service) ?? `node ${from}`), service.root, repo);
  const built = builtPath(start, from);
  if (built === null)
    return { obstacle: `the start command \`${start}\` does not name the file that the app starts from` };
  const build = built === from ? null : bundlesOne(service.build ?? "", from, file);
  if (build !== null && "obstacle" in build) return build;
  const target = workerPath(built, from, file);
  return { folder, extension, command: start.replace(built, target), build: build?.script ?? null };
}

/** Nest's own command compiles before it starts; the script for production starts what is compiled. */
function startOf({ start, scripts }: Service): string | null {
  return start !== null && /^nest start\b/.test(start) ? (scripts["start:prod"] ?? start) : start;
}

/** The folder of the entry within its package; scripts in `bin/` start apps that live beside it. */
function sourceFolder(entry: string, root: string): string {
  const folder = posix.dirname(posix.relative(root, entry));
  return posix.basename(folder) === "bin" ? posix.dirname(folder) : folder;
}

/** What a start script runs in the end: `npm run migrate && node dist/index.js`. */
function lastCommand(script: string): string {
  return (script.split("&&").at(-1) ?? script).trim();
}

/** pm2 keeps what it starts in a file of its own. */
function withoutPm2(command: string, root: string, repo: Pick<Repo, "read">): string {
  const target = /\bpm2(?:-runtime)?\s+(?:start\s+)?([\w./-]+)/.exec(command)?.[1];
  if (target === undefined) return command;
  if (/(?<!config)\.[cm]?js$/.test(target)) return `node ${target}`;
  const script = /["']?script["']?\s*:\s*["'`]([\w./-]+)["'`]/.exec(repo.read(posix.join(root, target)) ?? "")?.[1];
  return script === undefined ? command : `node ${script}`;
}

/** The word of the command that stands for the entry: itself, or what it is compiled to. */
function builtPath(command: string, entry: string): string | null {
  const name = posix.basename(entry).replace(/\.[cm]?[jt]s$/, "");
  const program = /^(?:[A-Z_]+=\S+\s+|cross-env\s+)*(node|tsx|ts-node|nodemon|bun)\b/.test(command);
  const words = command.split(/\s+/).slice(1);
  const found = words.find(
    (word) => !word.startsWith("-") && posix.basename(word).replace(/\.[cm]?[jt]s$/, "") === name,
  );
  return program ? (found ?? null) : null;
}

/** `dist/index.js` for `src/index.ts` becomes `dist/queue/worker.js`; what stays in place keeps its folder. */
function workerPath(built: string, entry: string, worker: string): string {
  const extension = /\.[cm]?[jt]s$/.exec(built)?.[0] ?? "";
  const relative = posix.relative(posix.dirname(entry), worker).replace(/\.[cm]?[jt]s$/, extension);
  const path = posix.join(posix.dirname(built), relative);
  return built.startsWith("./") ? `./${path}` : path;
}

/** Bundlers write only the files they are given; those with an output folder take one more. */
function bundlesOne(build: string, entry: string, worker: string): { script: string } | { obstacle: string } | null {
  const steps = build.split(/&&|;/);
  const own = steps.find((step) => step.includes(` ${entry}`));
  const tool = bundler.exec(own ?? build)?.[1];
  if (tool === undefined || (own === undefined && /\b(tsc|swc|babel|nest build)\b/.test(build))) return null;
  if (own !== undefined && (tool === "tsup" || (tool === "esbuild" && /--outdir[= ]/.test(own)))) {
    return { script: build.replace(` ${entry}`, ` ${entry} ${worker}`) };
  }
  return { obstacle: `${tool} bundles the app, and the worker would have to become a second entry of that bundle` };
}

const bundler = /\b(esbuild|tsup|ncc|webpack|rollup|vite|rolldown|pkgroll|parcel)\b/;
