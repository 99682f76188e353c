/** Files that a framework runs because of the place they stand at, without anyone importing them. */
import type { Service } from "../model.ts";
import type { Summary } from "../summary.ts";

/** Who runs a file: the server at a request, or the build. What the browser runs needs no row. */
export type Runner = "server" | "build";

export interface Convention {
  /** Name as in `Service.frameworks`. */
  framework: string;
  /** The files, below the folder of their service. */
  file: RegExp;
  runner: Runner | ((text: string) => Runner);
  /** Only these exports run there; the rest of the file is a component for the browser, and so is a file that has none of them. */
  only?: readonly string[];
}

const row = (framework: string, file: RegExp): Convention => ({ framework, file, runner: "server" });

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
  row("sveltekit", /(^|\/)(\+(server|page\.server|layout\.server)|hooks\.server)\.[jt]s$/),
  row("remix", /(^|\/)app\/(routes\/.*|root|entry\.server)\.[jt]sx?$/),
  row("react-router", /(^|\/)app\/(routes\/.*|root|entry\.server)\.[jt]sx?$/),
  row("nuxt", /(^|\/)server\/(api|routes|middleware|plugins)\/.*\.[jt]s$/),
  row("astro", /(^|\/)src\/(pages\/.*|middleware)\.[jt]s$/),
];

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
