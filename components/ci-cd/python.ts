/** Pipelines of Python services: what checks them, and what a missing one should do. */
import type { Model, Service } from "../../analyzers/model.ts";
import type { Brief } from "../../patches/edit.ts";
import type { Finding } from "../finding.ts";

/** Steps that would notice a broken change of a Python app. */
export const pythonCheck =
  /\b(pytest|tox|nox|unittest|ruff|flake8|pylint|mypy|pyright|black --check|manage\.py\s+(test|check)|coverage run|pre-commit run)\b/;

const install: Readonly<Record<string, string>> = {
  uv: "uv sync --locked",
  poetry: "poetry install",
  pipenv: "pipenv sync --dev",
};

export function pythonBrief(finding: Finding, service: Service, others: readonly Service[], { repo }: Model): Brief {
  const isDjango = service.frameworks.some(({ name }) => name === "django");
  const hasTests = repo.files.some((file) => /(^|\/)(test_[^/]*|[^/]*_test|tests)\.py$/.test(file));
  const where = service.root === "." ? "" : ` in ${service.root}`;
  const tests = hasTests
    ? [`Run the tests that are there (${isDjango ? "`python manage.py test` or pytest" : "pytest"}).`]
    : [];
  return {
    findingId: finding.id,
    where: { file: finding.file, line: finding.line },
    why: finding.message,
    constraints: [
      `Install with \`${install[service.packageManager ?? ""] ?? "pip install -r requirements.txt"}\`${where}.`,
      ...tests,
      ...(isDjango ? ["Run `python manage.py check` and `python manage.py makemigrations --check`."] : []),
      "Compile everything (`python -m compileall`), so that a file that does not parse is noticed even without tests.",
      ...others.map(({ root }) => `In a job of its own, install, check and build what is in ${root}.`),
    ],
    acceptance: "A pull request with a syntax error or a failing test is marked as failed.",
  };
}

/** What is to be done about versions and starts; null for other rules. */
export function pythonProjectBrief({ id, rule, file, line, message }: Finding, service: Service): Brief | null {
  const brief = { findingId: id, where: { file, line }, why: message };
  const isFlask = service.frameworks.some(({ name }) => name === "flask" || name === "django");
  if (rule === "ci-cd/no-lockfile") {
    return {
      ...brief,
      constraints: [
        "Fix the versions that run today, with the tool the app uses: `uv lock`, `poetry lock`, `pipenv lock`, or `pip-compile` to a requirements file with `==` on every line.",
        "Pipelines and images install from it (`uv sync --locked`, `pip install -r requirements.txt`).",
      ],
      acceptance: "Two installs on a fresh checkout bring the same versions (`pip freeze`).",
    };
  }
  if (rule === "ci-cd/no-start-script") {
    return {
      ...brief,
      constraints: [
        `Write the command down where the host reads it (Procfile, Dockerfile, render.yaml): ${isFlask ? "`gunicorn` with the app's module" : "`uvicorn` with the app's module and `--workers`, without `--reload`"}.`,
        "The port comes from the environment, and debug mode is off.",
      ],
      acceptance: "The command starts the app on a machine without development packages, and it answers requests.",
    };
  }
  return null;
}
