/** What starts a Python service: the commands written down for it, else what its files allow to derive. */
import { posix } from "node:path";
import type { Place, Service } from "../../model.ts";
import type { Repo } from "../../repo/repo.ts";
import { isForDevelopment, type ComposeService, type Dockerfile, type ProcfileLine } from "../container-files.ts";
import { pythonLaunches, type PythonLaunch } from "./commands.ts";

export interface Launchers {
  repo: Repo;
  root: string;
  files: readonly string[];
  /** Files that make an app object. */
  making: readonly string[];
  dockerfiles: readonly Dockerfile[];
  procfile: readonly ProcfileLine[];
  compose: readonly ComposeService[];
}

export interface Starts {
  entry: string[];
  command: string | null;
  port: number | null;
  place: Place | null;
  processes: Service["processes"];
}

interface Command {
  name: string;
  text: string;
  place: Place;
}

export function startsOf(from: Launchers): Starts {
  const commands = commandsOf(from);
  const serves = (launch: PythonLaunch) => isWeb(from, launch);
  const web = commands.find(({ text }) => pythonLaunches(text).some(serves));
  const launches = web === undefined ? [] : pythonLaunches(web.text).filter(serves);
  const named = launches.flatMap((launch) => filesOf(from, launch));
  const entry = [...new Set(named.length > 0 ? named : conventional(from))];
  const port = launches.map((launch) => ("port" in launch ? launch.port : null)).find((each) => each !== null) ?? null;
  return {
    entry,
    command: web?.text ?? derived(from, entry),
    port,
    place: web?.place ?? null,
    processes: processesOf(from, commands, entry),
  };
}

/** Procfile, image, compose, platform: the strongest evidence first. */
function commandsOf({ repo, root, dockerfiles, procfile, compose }: Launchers): Command[] {
  return [
    ...procfile.map(({ name, command, file, line }) => ({ name, text: command, place: { file, line } })),
    ...dockerfiles
      .filter((each) => !isForDevelopment(each.file))
      .flatMap(({ command }) => (command === null ? [] : [{ name: "web", ...command }])),
    ...compose.flatMap(({ name, command, file, line }) =>
      command === null ? [] : [{ name, text: command, place: { file, line } }],
    ),
    ...fromPlatforms(repo, root),
    ...dockerfiles.flatMap(({ file, root: folder }) => fromScripts(repo, file, folder)),
  ];
}

/** `startCommand: ...` in render.yaml, railway.json and nixpacks.toml. */
function fromPlatforms(repo: Repo, root: string): Command[] {
  const names = ["render.yaml", "render.yml", "railway.json", "railway.toml", "nixpacks.toml"];
  return [...new Set([root, "."])].flatMap((folder) =>
    names.flatMap((name) => {
      const file = posix.join(folder, name);
      const lines = (repo.read(file) ?? "").split("\n");
      return lines.flatMap((line, index) => {
        const text = /(?:startCommand|start[Cc]ommand|^cmd)["']?\s*[:=]\s*["']?(.+?)["']?,?\s*$/.exec(line.trim())?.[1];
        return text === undefined ? [] : [{ name: "web", text, place: { file, line: index + 1 } }];
      });
    }),
  );
}

/** Shell scripts that lie beside a Dockerfile and are mentioned in it. */
function fromScripts(repo: Repo, dockerfile: string, folder: string): Command[] {
  const text = repo.read(dockerfile) ?? "";
  const names = [...text.matchAll(/[\w./-]+\.sh\b/g)].map(([path]) => posix.basename(path));
  return [...new Set(names)].flatMap((name) =>
    [name, `scripts/${name}`].flatMap((path) => {
      const file = posix.join(folder, path);
      const lines = (repo.read(file) ?? "").split("\n");
      return lines.flatMap((line, index) =>
        /^\s*(#|$)/.test(line) ? [] : [{ name: "web", text: line.trim(), place: { file, line: index + 1 } }],
      );
    }),
  );
}

/** A file counts when it makes the app or runs a server: others prepare the start. */
function isWeb(from: Launchers, launch: PythonLaunch): boolean {
  if (launch.kind === "django") return launch.verb === "runserver";
  if (launch.kind !== "file") return launch.kind === "web";
  return filesOf(from, launch).some(
    (file) => from.making.includes(file) || /\buvicorn\.run\(|\.run\(/.test(from.repo.read(file) ?? ""),
  );
}

function filesOf({ repo, root, files, making }: Launchers, launch: PythonLaunch): string[] {
  if (launch.kind === "django") return files.filter((file) => /(^|\/)(asgi|wsgi)\.py$/.test(file));
  if (launch.kind === "file") {
    const path = launch.file.replace(/^(\.\/|\/(app|code|src|usr\/src\/app|workspace)\/)/, "");
    const file = posix.join(root, path);
    return repo.has(file) ? [file] : making.filter((each) => each.endsWith(`/${posix.basename(path)}`)).slice(0, 1);
  }
  const { module } = launch;
  if (module === null || module === "") return [];
  const path = module.replaceAll(".", "/");
  const found = [root, posix.join(root, "src"), "."].flatMap((folder) =>
    [`${path}.py`, `${path}/celery.py`, `${path}/__init__.py`].map((each) => posix.join(folder, each)),
  );
  const file = found.find((each) => repo.has(each));
  if (file !== undefined) return [file];
  return files.filter((each) => each.endsWith(`/${path}.py`)).slice(0, 1);
}

const likely = ["main", "app", "server", "wsgi", "asgi", "application", "run", "api", "index", "__init__"];

/** Without a command: what makes the app, the usual names first; Django's own server files. */
function conventional({ files, making }: Launchers): string[] {
  const ofDjango = files.filter((file) => /(^|\/)(asgi|wsgi)\.py$/.test(file) && !making.includes(file));
  if (making.length === 0) return ofDjango;
  const rank = (file: string): number => likely.indexOf(posix.basename(file, ".py")) >>> 0;
  const depth = (file: string): number => file.split("/").length;
  const runners = files.filter(
    (file) => /(^|\/)(wsgi|asgi|run|main|app|server)\.py$/.test(file) && !making.includes(file),
  );
  const [best, ...others] = making.toSorted((a, b) => depth(a) - depth(b) || rank(a) - rank(b));
  if (best === undefined) return [];
  const beside = runners.filter((file) => depth(file) <= depth(best));
  return [...beside, best, ...others.filter((each) => rank(each) === rank(best))];
}

/** The command that everybody would type; null when nothing says which. */
function derived({ root, repo, making }: Launchers, entry: readonly string[]): string | null {
  const file = entry.at(-1);
  if (file === undefined) return null;
  const inside = root === "." ? file : file.slice(root.length + 1);
  const module = inside
    .replace(/\.py$/, "")
    .replace(/\/__init__$/, "")
    .replaceAll("/", ".");
  if (/(^|\.)wsgi$/.test(module)) return `gunicorn ${module}`;
  if (/(^|\.)asgi$/.test(module)) return `uvicorn ${module}:application`;
  const text = repo.read(making.find((each) => each === file) ?? file) ?? "";
  if (/\bFastAPI\s*\(/.test(text)) return `uvicorn ${module}:app`;
  return /\bFlask\s*\(/.test(text) ? `gunicorn ${module}:app` : null;
}

function processesOf(from: Launchers, commands: readonly Command[], web: readonly string[]): Service["processes"] {
  const found = commands.flatMap(({ name, text, place }) => {
    const workers = pythonLaunches(text).filter(
      (launch) =>
        launch.kind === "worker" || (launch.kind === "file" && /work|queue|job|consum|cron|schedul|bot/i.test(name)),
    );
    if (workers.length === 0) return [];
    const entry = workers.flatMap((launch) => filesOf(from, launch)).filter((file) => !web.includes(file));
    return [{ name: name === "web" ? "worker" : name, command: text, evidence: place, entry }];
  });
  return found.filter((each, index) => found.findIndex((other) => other.command === each.command) === index);
}
