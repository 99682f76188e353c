/** Python services: whether their versions are fixed, whether something says how they start, and whether their tests are run. */
import { posix } from "node:path";
import type { Model, Service } from "../../analyzers/model.ts";
import { isPython } from "../../analyzers/repo/source-file.ts";
import { answeringServices, isBesideTheProduct } from "../../analyzers/serving/product.ts";
import { isPythonTest } from "../../analyzers/services/python/contexts.ts";
import { isServerless } from "../../analyzers/deployment/hosting.ts";
import { declaringFile } from "../declaring-file.ts";
import type { Match } from "../finding.ts";
import { match } from "./match.ts";

function servicesOf(model: Model): Service[] {
  return answeringServices(model).filter(({ language }) => language === "python");
}

/** A lockfile, or most versions written exactly: what is left open then is a line or two that somebody forgot. */
export function unlockedPython(model: Model): Match[] {
  return servicesOf(model).flatMap((service) => {
    const versions = Object.values(service.dependencies);
    const pinned = versions.filter((version) => /^(===?)?\s*\d[\w.!+-]*$|@/.test(version)).length;
    if (service.lockfile !== null || versions.length === 0 || pinned * 2 >= versions.length) return [];
    const open = versions.length - pinned;
    return match(
      "no-lockfile",
      { file: installingFile(service, model), line: 1 },
      {
        message: `Nothing fixes the versions ${service.root === "." ? "the app" : service.root} was tried with (${open} of ${versions.length} packages take whatever is newest), so each install and each deploy may bring others: it breaks on a day when nobody changed anything.`,
        anchor: service.root,
      },
    );
  });
}

function installingFile(service: Service, { repo }: Model): string {
  const named = repo.files
    .filter(
      (file) =>
        posix.dirname(file) === service.root && /^requirements?([-_.][\w.-]+)?\.(txt|in)$/.test(posix.basename(file)),
    )
    .toSorted((a, b) => a.length - b.length)[0];
  return repo.has(posix.join(service.root, "pyproject.toml")) || named === undefined
    ? declaringFile(service, { repo })
    : named;
}

/** Files in which servers are started. */
const starters =
  /(^|\/)((Docker|Contain)file[\w.-]*|[\w.-]*compose[\w.-]*\.ya?ml|Procfile\w*|[\w.-]+\.service|Makefile|justfile|[\w.-]+\.(sh|bat|ps1|conf)|app\.ya?ml|render\.ya?ml|fly\.toml|railway\.\w+|nixpacks\.toml|apprunner\.ya?ml|pyproject\.toml|\.replit|supervisord?[\w.-]*|run|entrypoint|start)$|^\.github\/workflows\//;
const starting =
  /\b(gunicorn|uvicorn|hypercorn|daphne|granian|waitress|uwsgi|fastapi\s+run|flask\s+run|python3?\s+(-m\s+)?[\w./-]+|poetry\s+run|uv\s+run)\b/;
/** Servers for production; what is installed for that is started by a host that knows it. */
const servers = /^(gunicorn|uwsgi|waitress|daphne|hypercorn|granian|mod-wsgi)$/;

export function unstartedPython(model: Model): Match[] {
  if (model.deploy.length > 0) return [];
  return servicesOf(model).flatMap((service) => {
    const [entry] = service.entry;
    const isInstalled = Object.keys(service.dependencies).some((name) => servers.test(name));
    if (entry === undefined || isInstalled || isServerless(model, service) || isStarted(service, model)) return [];
    const isDjango = service.frameworks.some(({ name }) => name === "django");
    const canRun = model.repo.has(posix.join(service.root, "manage.py"));
    const runsItself = (isDjango && canRun) || /\bapp\.run\(/.test(model.repo.read(entry) ?? "");
    return match(
      "no-start-script",
      { file: declaringFile(service, model), line: 1 },
      {
        // Without a file of the repo that starts it at all, somebody types a command, and it may be the right one.
        confidence: runsItself ? "medium" : "low",
        message: `Nothing says how ${entry} is started in production: what there is starts the development server (${isDjango ? "`manage.py runserver`" : "`app.run()`"}), one process that nobody restarts.`,
        anchor: service.name,
      },
    );
  });
}

/** By a file that says so, or by the code itself with a server that is made for it. */
function isStarted(service: Service, { repo }: Model): boolean {
  return repo.files.some((file) => {
    if (starters.test(file)) return starting.test(repo.read(file) ?? "");
    return (
      service.entry.includes(file) &&
      /\b(uvicorn|hypercorn|waitress)\b[\s\S]*\b(run|serve)\(/.test(repo.read(file) ?? "")
    );
  });
}

/** Steps that run tests of Python. */
const testing =
  /\b(pytest|py\.test|tox|nox|unittest|nosetests|coverage\s+run|hatch\s+(run\s+)?test)\b|manage\.py\s+test|\b(tests?|check)\b/;

/** Tests with something in them, where a pipeline exists that runs none. */
export function untestedPython(model: Model, commands: readonly string[], at: { file: string; line: number }): Match[] {
  const tests = model.repo.files.filter(
    (file) =>
      isPython(file) &&
      isPythonTest(file) &&
      !isBesideTheProduct(posix.dirname(posix.dirname(file))) &&
      /^[ \t]*(async )?def test_\w+/m.test(model.repo.read(file) ?? ""),
  );
  const [first] = tests;
  if (first === undefined || servicesOf(model).length === 0) return [];
  if (commands.some((command) => testing.test(command) || /\/\.github\/workflows\//.test(command))) return [];
  return [
    match("ci-does-not-test", at, {
      message: `The app has tests (${tests.length} file${tests.length === 1 ? "" : "s"}, such as ${first}), but no pipeline runs them: a change that breaks one is merged and shipped all the same.`,
      also: [{ file: first, line: 1 }],
      anchor: "repo",
    }),
  ];
}
