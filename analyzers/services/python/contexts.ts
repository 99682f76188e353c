/** Which part of the product each Python file belongs to: by which process loads it, and by the names that Python uses for the rest. */
import { posix } from "node:path";
import type { Context, Service } from "../../model.ts";
import type { Summaries } from "../located-value.ts";
import { isIn } from "../manifest.ts";

export interface PythonContextInput {
  /** The Python services alone. */
  services: readonly Service[];
  summaries: Summaries;
  imports: ReadonlyMap<string, Iterable<string>>;
}

const test = /(^|\/)(tests?|testing|e2e)\/|(^|\/)(test_[^/]*|[^/]*_tests?|tests|conftest)\.py$/i;
const build = /(^|\/)(setup|fabfile|noxfile|tasks|gunicorn(\.conf|_conf(ig)?)?)\.py$|(^|\/)docs?\/conf\.py$/;
const script =
  /(^|\/)(scripts?|bin|tools?|seed(er)?s?|notebooks?|management\/commands|migrations|alembic)\/|(^|\/)(manage|seed\w*|init_db|create_\w+|populate\w*|migrate\w*)\.py$/i;

/** Python tests by name and place. */
export function isPythonTest(file: string): boolean {
  return file.endsWith(".py") && test.test(file);
}

export function pythonContexts({ services, summaries, imports }: PythonContextInput): Map<string, Context> {
  const files = [...summaries.keys()];
  const from = (starts: readonly string[]) => reach(starts, imports, summaries);
  const server = from(services.flatMap((service) => [...service.entry, ...loadedByDjango(service, files)]));
  const worker = from(services.flatMap((service) => [...workerEntries(service), ...tasksOf(service, summaries)]));
  const hasEntry = (file: string): boolean =>
    services.some((service) => isIn(service.root, file) && service.entry.length > 0);
  const contextOf = (file: string): Context => {
    if (test.test(file)) return "test";
    if (script.test(file)) return "script";
    if (server.has(file)) return "server";
    if (worker.has(file)) return "worker";
    if (build.test(file)) return "build";
    return hasEntry(file) ? "dead" : services.length === 0 ? "script" : "server";
  };
  return new Map(files.map((file) => [file, contextOf(file)]));
}

function workerEntries({ processes }: Service): string[] {
  return processes.flatMap(({ entry = [] }) => entry);
}

/** A worker finds its tasks by name: every file of the service that speaks to its library. */
function tasksOf({ root, processes }: Service, summaries: Summaries): string[] {
  if (processes.length === 0) return [];
  return [...summaries].flatMap(([file, { imports }]) =>
    isIn(root, file) && imports.some(({ specifier }) => /^(celery|rq|arq|dramatiq|huey|taskiq)(\.|$)/.test(specifier))
      ? [file]
      : [],
  );
}

/** Django loads by name what its settings and urls mention: every module of the project counts. */
function loadedByDjango({ root, frameworks }: Service, files: readonly string[]): string[] {
  if (!frameworks.some(({ name }) => name === "django")) return [];
  return files.filter((file) => isIn(root, file) && !test.test(file) && !script.test(file) && !build.test(file));
}

/** A package's `__init__.py` runs before its modules. */
function reach(
  starts: readonly string[],
  imports: ReadonlyMap<string, Iterable<string>>,
  summaries: Summaries,
): Set<string> {
  const seen = new Set(starts.filter((file) => summaries.has(file)));
  for (const file of seen) {
    for (const next of imports.get(file) ?? []) seen.add(next);
    const init = posix.join(posix.dirname(file), "__init__.py");
    if (summaries.has(init)) seen.add(init);
  }
  return seen;
}
