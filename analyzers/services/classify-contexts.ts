/** Which part of the product each file belongs to, by which process reaches it; guesses only where no process can be named. */
import { posix } from "node:path";
import type { Context, Service } from "../model.ts";
import type { Repo } from "../repo/repo.ts";
import type { Call, Summary } from "../summary.ts";
import { launches } from "./command.ts";
import { conventionOf, isPartlyConventional, isRun, mixesSides, type Runner } from "./conventions.ts";
import { importsOfExports } from "./export-imports.ts";
import { isIn, ownerFinder } from "./manifest.ts";
import { SERVER_FRAMEWORKS } from "./packages-used.ts";
import { launchedFiles } from "./launched.ts";
import { listens } from "./port.ts";
import type { Summaries } from "./located-value.ts";
import { sourceFile } from "./source-file.ts";
import { isBuildFile, isExample, isInTestFolder, isTestFile } from "./file-roles.ts";
import { isPython } from "../repo/source-file.ts";
import { pythonContexts, type PythonContextInput } from "./python/contexts.ts";
import { loadsByName, namedFolders } from "./loaded-folders.ts";

/** `imports`: file -> in-repo files it imports at run time; `resolve`: the file that a specifier means, null when none of the repo. */
export interface ContextInput {
  repo: Repo;
  services: readonly Service[];
  summaries: Summaries;
  imports: Imports;
  resolve?: (from: string, specifier: string) => string | null;
}

type Imports = ReadonlyMap<string, readonly string[] | ReadonlySet<string>>;

type ServiceOf = (file: string) => Service | null;

const SCRIPT_FOLDER = /(^|\/)(scripts?|bin|tools?|seed(er)?s?|migrations?)\/|(^|\/)(prisma|drizzle)\/[^/]+$/i;
const SCRIPT_FILE = /(^|\/)([\w.-]*[-_.])?(seed(er)?s?|migrate|migrations?)([-_.][\w-]*)?\.[cm]?[jt]s$/i;
const CLIENT_FOLDER = /(^|\/)(client|frontend|front-end|webapp|public|static|assets|www)\//i;
/** Functions that a platform calls by their place in the tree. */
const FUNCTION_ENTRY = /^(([\w.-]+\/)?api\/.+|netlify\/functions\/.+|(supabase\/)?functions\/.+)\.[cm]?[jt]s$/;
const HOOK = /^(useState|useEffect|useLayoutEffect|useReducer|useContext|useSyncExternalStore|createContext)$/;

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
  const conventional = conventionalFiles(input, serviceOf);
  const byPlace = new Set([...conventional.keys()].map(serviceOf));
  const halves = withHalves(input, conventional);
  const reachedFrom = (starts: readonly string[]) => reach(starts, input);
  const server = withLoadedFolders(serverReach(serverEntries(input, serviceOf, conventional), halves), halves);
  const worker = reachedFrom(
    input.services.flatMap((service) => service.processes.flatMap((each) => each.entry ?? [])),
  );
  const built = serverReach(startsOf(conventional, "build"), halves);
  const browser = reachedFrom(
    files.filter((file) => {
      const convention = conventional.get(file);
      if (convention?.only !== undefined || convention?.runner === "browser") return true;
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
    if (built.has(file) || isBuildFile(file)) return "build";
    if (isInTestFolder(file)) return "test";
    if (isLooseExample(file, input.services, serviceOf)) return "script";
    if (browser.has(file)) return "browser";
    if (scripts.has(file) || SCRIPT_FOLDER.test(file) || SCRIPT_FILE.test(file)) return "script";
    return tests.has(file) ? "test" : withoutProcess(serviceOf(file));
  }

  /** Where no entry of its service could be found, code is the server's until shown otherwise; else nothing runs it. */
  function withoutProcess(service: Service | null): Context {
    return service !== null && byPlace.has(service) && !isPartlyConventional(service) ? "dead" : withoutEntry(service);
  }
}

/** An example that belongs to no service, in a repo that has services. */
function isLooseExample(file: string, services: readonly Service[], serviceOf: ServiceOf): boolean {
  return services.length > 0 && isExample(file) && serviceOf(file) === null;
}

function withoutEntry(service: Service | null): Context {
  return service === null || (service.entry.length === 0 && !isBundled(service)) ? "server" : "dead";
}

/** Conventional files that run somewhere else than in the browser alone, and who runs them. */
type Conventional = ReadonlyMap<string, { runner: Runner; only?: readonly string[] }>;

function conventionalFiles({ repo, summaries }: ContextInput, serviceOf: ServiceOf): Conventional {
  return new Map(
    [...summaries].flatMap(([file, summary]) => {
      // Apps that only tests use run on nobody's server.
      const service = serviceOf(file);
      if (isTestFile(file) || (service !== null && isInTestFolder(`${service.root}/`))) return [];
      if (summary.directives.includes("use server") || holdsServerFunctions(summary))
        return [[file, { runner: "server" }]];
      const convention = conventionOf(file, service);
      if (convention === null || !isRun(convention, summary)) return [];
      const { runner, only } = convention;
      const run = { runner: typeof runner === "string" ? runner : runner(repo.read(file) ?? "") };
      return [[file, only === undefined ? run : { ...run, only }]];
    }),
  );
}

/** TanStack Start: the file is loaded on both sides, and what it hands to `createServerFn` stays on the server. */
function holdsServerFunctions({ imports }: Summary): boolean {
  return imports.some(
    ({ specifier, names }) =>
      /^@tanstack\/(react-|solid-)?start$/.test(specifier) &&
      names.some(({ imported }) => /^create(ServerFn|ServerFileRoute|APIFileRoute|Middleware)$/.test(imported)),
  );
}

function startsOf(conventional: Conventional, runner: Runner): string[] {
  return [...conventional].flatMap(([file, each]) => (each.runner === runner ? [file] : []));
}

/** What the files of two halves import on the server. */
function withHalves(input: ContextInput, conventional: Conventional): ContextInput {
  const { repo, summaries, resolve } = input;
  if (resolve === undefined) return input;
  const imports = new Map(input.imports);
  for (const [file, { only }] of conventional) {
    const summary = summaries.get(file);
    if (only === undefined || summary === undefined) continue;
    const specifiers = importsOfExports(summary, repo.read(file) ?? "", only);
    imports.set(
      file,
      [...specifiers].flatMap((specifier) => resolve(file, specifier) ?? []),
    );
  }
  return { ...input, imports };
}

function serverEntries(
  { repo, services, summaries }: ContextInput,
  serviceOf: ServiceOf,
  conventional: Conventional,
): string[] {
  const files = [...summaries.keys()];
  const named = services.flatMap((service) => (isTool(service, summaries) ? [] : service.entry));
  const hosted = repo.files.some((file) => /^(vercel\.json|netlify\.toml|now\.json)$/.test(posix.basename(file)));
  const functions = hosted ? files.filter((file) => FUNCTION_ENTRY.test(file)) : [];
  const orphans = files.filter((file) => {
    const service = serviceOf(file);
    const isLoose = service === null || (service.entry.length === 0 && !isBundled(service));
    return (
      isLoose &&
      conventional.get(file)?.runner !== "browser" &&
      !isTestFile(file) &&
      !isInTestFolder(file) &&
      !isLooseExample(file, services, serviceOf) &&
      listens(summaries.get(file))
    );
  });
  return [...named, ...startsOf(conventional, "server"), ...functions, ...orphans];
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
  if (summary.directives.includes("use client") || /(^|\/)instrumentation-client\.[jt]s$/.test(file)) return true;
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

/** Everything that can be reached by imports, and what is started by its path. */
function reach(starts: readonly string[], input: ContextInput): Set<string> {
  const seen = new Set(starts.filter((file) => input.summaries.has(file)));
  for (const file of seen) for (const next of nextOf(file, input)) seen.add(next);
  return seen;
}

/** What runs because the file does: its imports, and the files whose path it hands to what starts them. */
function nextOf(file: string, { imports, summaries, repo }: ContextInput): string[] {
  const summary = summaries.get(file);
  const launched = summary === undefined ? [] : launchedFiles(repo, file, summary);
  return [...(imports.get(file) ?? []), ...launched.filter((each) => summaries.has(each))];
}

/** The same for the server, whose reach ends at components, code that is marked for the browser, or that keeps state that only a browser has. */
function serverReach(starts: readonly string[], input: ContextInput): Set<string> {
  const { services, summaries } = input;
  const serviceOf = ownerFinder(services);
  const isMarked = (file: string) =>
    /\.(svelte|vue)$/.test(file) || summaries.get(file)?.directives.includes("use client") === true;
  const seen = new Set(starts.filter((file) => summaries.has(file) && !isMarked(file)));
  const isServers = (file: string) => {
    const summary = summaries.get(file);
    return summary !== undefined && !isMarked(file) && (!summary.calls.some(isHook) || mixesSides(serviceOf(file)));
  };
  for (const file of seen) for (const next of nextOf(file, input)) if (isServers(next)) seen.add(next);
  return seen;
}

/** React's hooks for state and effects, which components on the server do not have. */
function isHook({ callee }: Call): boolean {
  return callee.kind === "imported" && callee.specifier === "react" && HOOK.test(callee.name);
}

/** Server files that load whole folders by name (`readdirSync` + `require`, autoload) run what lies beside and below them. */
function withLoadedFolders(server: Set<string>, input: ContextInput): Set<string> {
  const loading = [...server].filter((file) => loadsByName(input.summaries.get(file)));
  if (loading.length === 0) return server;
  const folders = loading.flatMap((file) => [posix.dirname(file), ...namedFolders(input.summaries.get(file))]);
  const loaded = [...input.summaries.keys()].filter(
    (file) => !isTestFile(file) && !isBuildFile(file) && folders.some((folder) => folder !== "." && isIn(folder, file)),
  );
  return serverReach([...server, ...loaded], input);
}
