/** Apps of a monorepo that share one package.json: the projects of nest-cli.json and of Nx, each with its own main file. */
import { posix } from "node:path";
import { parse } from "jsonc-parser";
import type { Repo } from "../repo/repo.ts";
import { record } from "./container-files.ts";
import { inFolder } from "./manifest.ts";

export interface ProjectMain {
  name: string;
  file: string;
  /** Known to answer requests without a look at what its main file calls. */
  serves: boolean;
}

/** Nest's ways to start an app that answers nobody. */
const STANDALONE = /createApplicationContext|CommandFactory/;
const MAINS = ["main", "server", "index"];

/** The main file of every project that is an app, as far as it is in the repo. */
export function projectMains(repo: Repo): ProjectMain[] {
  return repo.files.flatMap((file) => {
    const name = posix.basename(file);
    if (name === "nest-cli.json") return nestProjects(repo, file);
    return name === "project.json" ? nxProject(repo, file) : [];
  });
}

function read(repo: Repo, file: string): Record<string, unknown> {
  const parsed: unknown = parse(repo.read(file) ?? "");
  return record(parsed);
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** `{ projects: { api: { type: "application", sourceRoot: "apps/api/src", entryFile: "main" } } }`. */
function nestProjects(repo: Repo, file: string): ProjectMain[] {
  const folder = posix.dirname(file);
  return Object.entries(record(read(repo, file)["projects"])).flatMap(([name, value]) => {
    const project = record(value);
    if (project["type"] === "library") return [];
    const sources = text(project["sourceRoot"]) ?? posix.join(text(project["root"]) ?? `apps/${name}`, "src");
    const mains = mainIn(repo, name, inFolder(folder, sources), text(project["entryFile"]));
    return mains.map((main) => ({ ...main, serves: !STANDALONE.test(repo.read(main.file) ?? "") }));
  });
}

/** Paths in an Nx project count from the workspace, which the project's own folder tells. */
function nxProject(repo: Repo, file: string): ProjectMain[] {
  const project = read(repo, file);
  if (project["projectType"] !== "application") return [];
  const name = text(project["name"]) ?? posix.basename(posix.dirname(file));
  const built = text(record(record(record(project["targets"])["build"])["options"])["main"]);
  const main = built === null ? null : inFolder(".", built.replace(/^\{\w+\}\//, ""));
  if (main !== null && repo.has(main)) return [{ name, file: main, serves: false }];
  const sources = text(project["sourceRoot"]) ?? posix.join(posix.dirname(file), "src");
  return mainIn(repo, name, inFolder(".", sources), null);
}

function mainIn(repo: Repo, name: string, folder: string | null, entry: string | null): ProjectMain[] {
  if (folder === null) return [];
  const stems = entry === null ? MAINS : [entry.replace(/\.[jt]s$/, "")];
  const files = stems.flatMap((stem) => [posix.join(folder, `${stem}.ts`), posix.join(folder, `${stem}.js`)]);
  const found = files.find((each) => repo.has(each));
  return found === undefined ? [] : [{ name, file: found, serves: false }];
}
