/** Files that a framework runs because of the place they stand at, without anyone importing them. */
import type { Service } from "../model.ts";
import type { Summary } from "../summary.ts";

/**
 * Who runs a file: the server at a request, or the build. The browser needs a row only where neither JSX nor an import
 * shows that a file is its own.
 */
export type Runner = "server" | "build" | "browser";

export interface Convention {
  /** Name as in `Service.frameworks`. */
  framework: string;
  /** The files, below the folder of their service. */
  file: RegExp;
  runner: Runner | ((text: string) => Runner);
  /** Only these exports run there; the rest of the file is a component for the browser, and so is a file that has none of them. */
  only?: readonly string[];
}

const row = (framework: string, file: RegExp, runner: Runner = "server"): Convention => ({ framework, file, runner });

/** What a route module of React Router and Remix runs on the server; both names of its middleware. */
const routeModule = {
  runner: "server",
  only: ["loader", "action", "headers", "middleware", "unstable_middleware"],
} as const;

/** The first row that a file meets holds. */
const conventions: readonly Convention[] = [
  row("next", /^(src\/)?(middleware|proxy|instrumentation)\.[cm]?[jt]s$/),
  row(
    "next",
    /^(src\/)?app\/(.*\/)?(page|layout|template|default|loading|error|not-found|forbidden|unauthorized|route)(\.\w+)?\.[cm]?[jt]sx?$/,
  ),
  row(
    "next",
    /^(src\/)?app\/(.*\/)?(sitemap|robots|manifest|(icon|apple-icon|opengraph-image|twitter-image)\d*)\.[jt]sx?$/,
  ),
  row("next", /^(src\/)?pages\/(api\/.*|_document)\.[cm]?[jt]sx?$/),
  {
    framework: "next",
    file: /^(src\/)?pages\/.*\.[jt]sx?$/,
    runner: pageRunner,
    only: ["getServerSideProps", "getStaticProps", "getStaticPaths"],
  },
  row(
    "sveltekit",
    /(^|\/)(hooks\.client|service-worker|service-worker\/index)\.[jt]s$|\.client\.[jt]s$|\.svelte$/,
    "browser",
  ),
  row("sveltekit", /(^|\/)\+(server|page|layout)(\.server)?\.[jt]s$|\.remote\.[jt]s$/),
  row("sveltekit", /^src\/(hooks(\.server)?(\/index)?|instrumentation\.server)\.[jt]s$|^src\/params\/[^/]+\.[jt]s$/),
  ...["remix", "react-router"].flatMap((framework): Convention[] => [
    row(framework, /(^|\/)app\/([^.]*\/)?(entry\.client|[^/]+\.client)\.[jt]sx?$|(^|\/)\.client\//, "browser"),
    row(framework, /\.server\.[cm]?[jt]sx?$|(^|\/)\.server\/.*\.[jt]sx?$/),
    row(framework, /^server\.[cm]?[jt]s$|^server\/(index|app|main|server)\.[cm]?[jt]s$/),
    row(framework, /(^|\/)app\/routes\.[jt]s$/, "build"),
    row(framework, /(^|\/)app\/routes\/.*\.[jt]s$/),
    {
      framework,
      file: /(^|\/)app\/(?!(.*\/)?(utils?|lib|services?|components|hooks|db|server)\/)(?!.*\.server\.).*\.[jt]sx?$/,
      ...routeModule,
    },
  ]),
  row("nuxt", /(^|\/)server\/(api|routes|middleware|plugins|utils|tasks)\/.*\.[cm]?[jt]s$/),
  row("nuxt", /(^|\/)(nuxt|app)\.config\.[cm]?[jt]s$|(^|\/)modules\/[^/]+(\/index)?\.[jt]s$/, "build"),
  row("nuxt", /\.vue$/, "browser"),
  row(
    "nuxt",
    /(^|\/)(app|pages|components|composables|layouts|middleware|plugins|stores?|utils|queries)\/.*\.[cm]?[jt]sx?$/,
    "browser",
  ),
  row("nitro", /^((server|src)\/)?(api|routes|middleware|plugins|tasks)\/.*\.[jt]s$/),
  row("astro", /^src\/(pages\/.*|middleware(\/index)?|actions(\/index)?)\.[jt]s$/),
  row("astro", /^src\/pages\/.*\.astro$/),
  row(
    "tanstack-start",
    /^(src|app)\/routes\/.*\.[jt]s$|^(src|app)\/(.*\/)?[^/]+\.server\.[jt]sx?$|^(src|app)\/server\.[jt]s$/,
  ),
];

/** Frameworks whose rows name only some of the files that start something. */
const partial: ReadonlySet<string> = new Set(["nitro", "tanstack-start"]);
/** Those whose rows name every such file: what none of them reaches is run by nobody. */
const complete: ReadonlySet<string> = new Set(
  conventions.flatMap(({ framework }) => (partial.has(framework) ? [] : [framework])),
);

/** Whether all that runs of a service begins at conventional places. */
export function isConventional({ frameworks }: Pick<Service, "frameworks">): boolean {
  return frameworks.some(({ name }) => complete.has(name));
}

/** The framework's own command listens and hears the signal to stop; what listens in the app's code is something else. */
export function servesByCommand(service: Pick<Service, "frameworks" | "entry">): boolean {
  return isConventional(service) && service.entry.length === 0;
}

/** Whether code of the service may run although no conventional place leads to it. */
export function isPartlyConventional(service: Pick<Service, "frameworks">): boolean {
  return !isConventional(service) && service.frameworks.some(({ name }) => partial.has(name));
}

/** Frameworks that have one module for both sides: what it keeps for the browser does not say that the server never runs the rest. */
const twoSided: ReadonlySet<string> = new Set(["remix", "react-router", "tanstack-start"]);

/** Whether a file of the service may hold hooks of components beside code of the server. */
export function mixesSides(service: Service | null): boolean {
  return service?.frameworks.some(({ name }) => twoSided.has(name)) ?? false;
}

/** Static pages are made by the build, unless they are made anew later or when somebody first asks. */
function pageRunner(text: string): Runner {
  return /\bgetServerSideProps\b|\brevalidate\b|\bfallback:\s*(true|["'`]blocking)/.test(text) ? "server" : "build";
}

/** The row that holds for a file of the service; null when it stands at no conventional place. */
export function conventionOf(file: string, service: Service | null): Convention | null {
  if (service === null) return null;
  const below = service.root === "." ? file : file.slice(service.root.length + 1);
  return (
    conventions.find(
      (each) => each.file.test(below) && service.frameworks.some(({ name }) => name === each.framework),
    ) ?? null
  );
}

/** Whether anything of the file runs where its row says; a file marked for the browser never does. */
export function isRun({ only }: Convention, { directives, exports, reexports }: Summary): boolean {
  if (directives.includes("use client")) return false;
  return (
    only === undefined || only.some((name) => Object.hasOwn(exports, name) || reexports.some(({ as }) => as === name))
  );
}
