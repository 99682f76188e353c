/** The Python services of a repo: projects in which something answers requests or works jobs off. */
import { posix } from "node:path";
import type { Place, Service } from "../../model.ts";
import type { Repo } from "../../repo/repo.ts";
import type { Call, Summary } from "../../summary.ts";
import { isPythonImage, readComposeServices, readDockerfiles, readProcfile } from "../container-files.ts";
import type { Summaries } from "../located-value.ts";
import { pythonBacking } from "./backing.ts";
import { isPythonTest } from "./contexts.ts";
import { environmentOf } from "./environment.ts";
import { startsOf, type Starts } from "./starts.ts";
import { findProjects, type Project } from "./projects.ts";
import { projectName } from "./requirements.ts";

/** Import name -> the name people say. */
const frameworks: Readonly<Record<string, string>> = {
  fastapi: "fastapi",
  starlette: "starlette",
  flask: "flask",
  quart: "quart",
  django: "django",
  rest_framework: "django-rest-framework",
  ninja: "django-ninja",
  litestar: "litestar",
  sanic: "sanic",
  aiohttp: "aiohttp",
  tornado: "tornado",
  streamlit: "streamlit",
  gradio: "gradio",
  celery: "celery",
};
/** Constructors of the objects that a server serves. */
const apps: ReadonlySet<string> = new Set([
  "fastapi.FastAPI",
  "flask.Flask",
  "quart.Quart",
  "starlette.applications.Starlette",
  "litestar.Litestar",
  "sanic.Sanic",
]);

/** Python services, the root's first; empty when no Python file of the repo serves anything. `taken`: names of other services. */
export function findPythonServices(repo: Repo, summaries: Summaries, taken: readonly string[]): Service[] {
  const projects = findProjects(repo);
  const found = projects.flatMap((project) => serviceOf(repo, project, projects, summaries) ?? []);
  const names = new Set(taken);
  return found.map((service) => {
    const name = names.has(service.name) ? `${service.name}-python` : service.name;
    names.add(name);
    return { ...service, name };
  });
}

function serviceOf(repo: Repo, project: Project, projects: readonly Project[], summaries: Summaries): Service | null {
  const { root, file } = project;
  const files = project.files.filter((each) => summaries.has(each) && !isPythonTest(each));
  const isOnly = projects.length === 1;
  const dockerfiles = readDockerfiles(repo).filter(
    (each) => each.root === root || (isOnly && isPythonImage(repo.read(each.file) ?? "")),
  );
  const compose = readComposeServices(repo);
  const ownCompose = compose.filter((each) => isOnly || each.build === root);
  const making = files.filter((each) => makesApp(summaries.get(each)));
  const starts = startsOf({
    repo,
    root,
    files,
    making,
    dockerfiles,
    procfile: procfileOf(repo, root),
    compose: ownCompose,
  });
  const imported = importedBy(files, summaries);
  const isDjango = imported.has("django") && (repo.has(posix.join(root, "manage.py")) || files.some(isDjangoServer));
  const isServing = making.length > 0 || isDjango;
  if (!isServing && starts.processes.length === 0) return null;
  const env = environmentOf(files, summaries);
  return {
    name: projectName(repo, root) ?? posix.basename(root === "." ? repo.root : root),
    root,
    language: "python",
    modules: "none",
    frameworks: frameworksOf(imported, project.dependencies),
    packageManager: project.packageManager,
    lockfile: project.lockfile,
    entry: starts.entry,
    scripts: {},
    start: starts.command,
    build: null,
    outDir: null,
    port: portOf(starts, dockerfiles[0]?.expose ?? null, file),
    nodeVersion: null,
    dependencies: project.dependencies,
    devDependencies: project.devDependencies,
    env,
    backing: pythonBacking({ ...project, repo, files, imported, summaries, compose, env }),
    processes: starts.processes,
  };
}

/** The file that `django-admin startproject` makes beside the settings; manage.py is left out of some repos. */
function isDjangoServer(file: string): boolean {
  return /(^|\/)[awu]sgi\.py$/.test(file);
}

function procfileOf(repo: Repo, root: string): ReturnType<typeof readProcfile> {
  const own = readProcfile(repo, root);
  return own.length > 0 || root === "." ? own : readProcfile(repo, ".");
}

function portOf(
  { port, place }: Starts,
  exposed: { port: number; place: Place } | null,
  file: string,
): Service["port"] {
  if (port !== null) return { value: port, source: "in the command that starts it", place: place ?? { file, line: 1 } };
  if (exposed !== null) return { value: exposed.port, source: "EXPOSE in the Dockerfile", place: exposed.place };
  return { value: null, source: "nothing says it", place: null };
}

/** Top-level module -> the first place that imports it. */
function importedBy(files: readonly string[], summaries: Summaries): Map<string, Place> {
  const found = new Map<string, Place>();
  for (const file of files) {
    for (const { specifier, span } of summaries.get(file)?.imports ?? []) {
      const [name = ""] = specifier.split(".");
      if (name !== "" && !found.has(name)) found.set(name, { file, line: span.line });
    }
  }
  return found;
}

function frameworksOf(
  imported: ReadonlyMap<string, Place>,
  dependencies: Service["dependencies"],
): Service["frameworks"] {
  return Object.entries(frameworks).flatMap(([module, name]) => {
    const distribution = module === "rest_framework" ? "djangorestframework" : name;
    return imported.has(module) ? [{ name, version: dependencies[distribution] ?? null }] : [];
  });
}

/** True for a file that calls `FastAPI(...)` or the like, wherever in it. */
function makesApp(summary: Summary | undefined): boolean {
  return summary?.calls.some((call) => apps.has(constructed(call))) ?? false;
}

function constructed({ callee }: Call): string {
  if (callee.kind === "imported") return `${callee.specifier}.${callee.name}`;
  const whole = callee.kind === "member" ? callee.object : null;
  return whole?.kind === "imported" && whole.name === "*" && callee.kind === "member"
    ? `${whole.specifier}.${callee.property}`
    : "";
}
