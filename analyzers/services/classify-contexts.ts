/** Which part of the product each file belongs to, by which process reaches it; guesses only where no process can be named. */
import { posix } from "node:path";
import type { Context, Service } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import type { Call, Summary } from "../summary.ts";
import { launches } from "./command.ts";
import { isIn, ownerFinder } from "./manifest.ts";
import { SERVER_FRAMEWORKS } from "./packages-used.ts";
import { isListenCall } from "./port.ts";
import type { Summaries } from "./located-value.ts";
import { sourceFile } from "./source-file.ts";
import { isBuildFile, isInTestFolder, isTestFile } from "./file-roles.ts";
import { isPython } from "../repo/source-file.ts";
import { pythonContexts, type PythonContextInput } from "./python/contexts.ts";

/** `imports`: file -> in-repo files it imports at run time. */
export interface ContextInput {
  repo: Repo;
  services: readonly Service[];
  summaries: Summaries;
  imports: ReadonlyMap<string, readonly string[] | ReadonlySet<string>>;
}

type ServiceOf = (file: string) => Service | null;

const SCRIPT_FOLDER = /(^|\/)(scripts?|bin|tools?|seed(er)?s?|migrations?)\/|(^|\/)(prisma|drizzle)\/[^/]+$/i;
const SCRIPT_FILE = /(^|\/)([\w.-]*[-_.])?(seed(er)?s?|migrate|migrations?)([-_.][\w-]*)?\.[cm]?[jt]s$/i;
const CLIENT_FOLDER = /(^|\/)(client|frontend|front-end|webapp|public|static|assets|www)\//i;
/** Files that a framework runs on the server without anyone importing them. */
const FRAMEWORK_ENTRY: Record<string, RegExp> = {
  next: /(^|\/)(app\/(.*\/)?(page|layout|route|template|default|loading|error|not-found|sitemap|robots)|pages\/api\/.*|middleware|proxy|instrumentation)\.[cm]?[jt]sx?$/,
  sveltekit: /(^|\/)(\+(server|page\.server|layout\.server)|hooks\.server)\.[jt]s$/,
  remix: /(^|\/)app\/(routes\/.*|root|entry\.server)\.[jt]sx?$/,
  "react-router": /(^|\/)app\/(routes\/.*|root|entry\.server)\.[jt]sx?$/,
  nuxt: /(^|\/)server\/(api|routes|middleware|plugins)\/.*\.[jt]s$/,
  astro: /(^|\/)src\/(pages\/.*|middleware)\.[jt]s$/,
};
/** Functions that a platform calls by their place in the tree. */
const FUNCTION_ENTRY = /^(([\w.-]+\/)?api\/.+|netlify\/functions\/.+|(supabase\/)?functions\/.+)\.[cm]?[jt]s$/;
const READDIR = /^readdir(Sync)?$/;
const LOADERS =
  /^(@fastify\/autoload|require-all|require-dir|require-directory|consign|express-load|glob|fast-glob|globby|import-fresh|fs-readdir-recursive)$/;

/** The context of every file that has a summary. Reached by the server counts as server, whatever else reaches it. */
export function classifyContexts(input: ContextInput): Map<string, Context> {
  const [python, others] = byLanguage(input);
  return new Map([...contextsOf(others), ...pythonContexts(python)]);
}

/** Python's services and files, and all others: neither loads the other. */
function byLanguage(input: ContextInput): [PythonContextInput, ContextInput] {
  const files = [...input.summaries];
  const services = (wanted: boolean) => input.services.filter(({ language }) => (language === "python") === wanted);
  const summaries = (wanted: boolean) => new Map(files.filter(([file]) => isPython(file) === wanted));
  return [
    { services: services(true), summaries: summaries(true), imports: input.imports },
    { ...input, services: services(false), summaries: summaries(false) },
  ];
}

function contextsOf(input: ContextInput): Map<string, Context> {
  const files = [...input.summaries.keys()];
  const serviceOf = ownerFinder(input.services);
  const reachedFrom = (starts: readonly string[]) => reach(starts, input);
  const server = withLoadedFolders(reachedFrom(serverEntries(input, serviceOf)), input);
  const worker = reachedFrom(
    input.services.flatMap((service) => service.processes.flatMap((each) => each.entry ?? [])),
  );
  const browser = reachedFrom(
    files.filter((file) => {
      const summary = input.summaries.get(file);
      if (summary === undefined || server.has(file) || isTestFile(file)) return false;
      return isBrowserEntry(file, summary, serviceOf(file)) || isBrowserCode(file, summary, serviceOf(file));
    }),
  );
  const scripts = reachedFrom(scriptEntries(input));
  const tests = reachedFrom(files.filter((file) => isTestFile(file) || isInTestFolder(file)));
  return new Map(files.map((file) => [file, contextOf(file)]));

  function contextOf(file: string): Context {
    if (isTestFile(file)) return "test";
    if (server.has(file)) return "server";
    if (worker.has(file)) return "worker";
    if (isBuildFile(file)) return "build";
    if (isInTestFolder(file)) return "test";
    if (browser.has(file)) return "browser";
    if (scripts.has(file) || SCRIPT_FOLDER.test(file) || SCRIPT_FILE.test(file)) return "script";
    return tests.has(file) ? "test" : withoutProcess(serviceOf(file));
  }
}

/** Where no entry of its service could be found, code is the server's until shown otherwise; else nothing runs it. */
function withoutProcess(service: Service | null): Context {
  return service === null || (service.entry.length === 0 && !isBundled(service)) ? "server" : "dead";
}

function serverEntries({ repo, services, summaries }: ContextInput, serviceOf: ServiceOf): string[] {
  const files = [...summaries.keys()];
  const named = services.flatMap((service) => (isTool(service, summaries) ? [] : service.entry));
  const conventional = services.flatMap((service) =>
    service.frameworks.flatMap(({ name }) => {
      const pattern = FRAMEWORK_ENTRY[name];
      return pattern === undefined ? [] : files.filter((file) => isIn(service.root, file) && pattern.test(file));
    }),
  );
  const hosted = repo.files.some((file) => /^(vercel\.json|netlify\.toml|now\.json)$/.test(posix.basename(file)));
  const functions = hosted ? files.filter((file) => FUNCTION_ENTRY.test(file)) : [];
  const orphans = files.filter((file) => {
    const service = serviceOf(file);
    return (service === null || service.entry.length === 0) && !isTestFile(file) && listens(summaries.get(file));
  });
  return [...named, ...conventional, ...functions, ...orphans];
}

function listens(summary: Summary | undefined): boolean {
  return summary?.calls.some(isListenCall) ?? false;
}

/** A package that only offers commands: its entries are tools, not servers. */
function isTool(service: Service, summaries: Summaries): boolean {
  return (
    service.start === null &&
    service.frameworks.length === 0 &&
    !service.entry.some((file) => listens(summaries.get(file)))
  );
}

/** A service whose code is bundled for browsers and served by nobody of its own. */
function isBundled(service: Service): boolean {
  return (
    !service.frameworks.some((each) => SERVER_FRAMEWORKS.has(each.name)) &&
    service.frameworks.length > 0 &&
    service.entry.length === 0
  );
}

function isBrowserEntry(file: string, summary: Summary, service: Service | null): boolean {
  if (summary.directives.includes("use client")) return true;
  const mounts = summary.imports.some(({ specifier }) =>
    /^(react-dom(\/client)?|@angular\/platform-browser(-dynamic)?|solid-js\/web)$/.test(specifier),
  );
  return mounts || (service !== null && isBundled(service) && !isBuildFile(file) && !SCRIPT_FOLDER.test(file));
}

function isBrowserCode(file: string, summary: Summary, service: Service | null): boolean {
  const folder = service === null || service.root === "." ? file : file.slice(service.root.length + 1);
  return summary.jsx || summary.dom || CLIENT_FOLDER.test(folder);
}

/** Files that npm scripts other than the service's own processes start, and command line tools. */
function scriptEntries({ services, summaries, repo }: ContextInput): string[] {
  const marked = [...summaries].flatMap(([file, summary]) =>
    summary.directives.includes("shebang") || SCRIPT_FOLDER.test(file) ? [file] : [],
  );
  const started = services.flatMap(({ root, scripts }) =>
    Object.values(scripts)
      .flatMap((command) => launches(command))
      .flatMap((launch) =>
        launch.kind === "file" ? (sourceFile(repo, root, posix.join(launch.folder, launch.file)) ?? []) : [],
      ),
  );
  return [...marked, ...started];
}

/** Everything that can be reached by imports; code marked for the browser is where the server's reach ends. */
function reach(starts: readonly string[], { imports, summaries }: ContextInput): Set<string> {
  const seen = new Set(starts.filter((file) => summaries.has(file)));
  const isClient = (file: string) => summaries.get(file)?.directives.includes("use client") ?? false;
  const fromClient = starts.some(isClient);
  for (const file of seen) {
    for (const next of imports.get(file) ?? []) {
      if (fromClient || !isClient(next)) seen.add(next);
    }
  }
  return seen;
}

/** Server files that load whole folders by name (`readdirSync` + `require`, autoload) run what lies beside and below them. */
function withLoadedFolders(server: Set<string>, input: ContextInput): Set<string> {
  const loading = [...server].filter((file) => loadsByName(input.summaries.get(file)));
  if (loading.length === 0) return server;
  const folders = loading.map((file) => posix.dirname(file));
  const loaded = [...input.summaries.keys()].filter(
    (file) => !isTestFile(file) && !isBuildFile(file) && folders.some((folder) => folder !== "." && isIn(folder, file)),
  );
  return reach([...server, ...loaded], input);
}

function loadsByName(summary: Summary | undefined): boolean {
  if (summary === undefined) return false;
  if (summary.imports.some(({ specifier }) => LOADERS.test(specifier))) return true;
  const requires = summary.calls.some(
    ({ callee, args }) =>
      callee.kind === "name" && callee.name === "require" && args[0] !== undefined && args[0].kind !== "literal",
  );
  return requires || (summary.calls.some(listsFolder) && summary.calls.some(namesOwnFolder));
}

function listsFolder({ callee }: Call): boolean {
  return (
    (callee.kind === "member" && READDIR.test(callee.property)) ||
    (callee.kind === "imported" && READDIR.test(callee.name))
  );
}

/** `path.join(__dirname, ...)`, `fileURLToPath(import.meta.url)`: a folder of the app's own, not of its users' files. */
function namesOwnFolder({ callee, args }: Call): boolean {
  const isHere = args.some((arg) => arg.kind === "name" && arg.name === "__dirname");
  return isHere || (callee.kind === "imported" && callee.name === "fileURLToPath");
}
