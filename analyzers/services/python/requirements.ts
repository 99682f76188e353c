/** What a Python project installs: requirement files, pyproject.toml, Pipfile, and what pins the versions. */
import { posix } from "node:path";
import type { Service } from "../../model.ts";
import type { Repo } from "../../repo/repo.ts";

/** Distribution name in lower case -> version as written, `*` where none is. */
export type Requirements = Record<string, string>;

export interface Installed {
  dependencies: Requirements;
  devDependencies: Requirements;
  packageManager: Service["packageManager"];
  lockfile: string | null;
}

const requirementFile = /^requirements?([-_.][\w.-]+)?\.(txt|in)$/;
const forDevelopment = /dev|test|lint|docs|ci|local/;
const requirement = /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*((?:[=<>!~]=?=?[^;#]*)?)/;

/** The requirement files of a folder: its own and those in `requirements/`. */
function requirementFilesIn(repo: Repo, folder: string): string[] {
  const below = posix.join(folder, "requirements");
  return repo.files.filter((file) => {
    const name = posix.basename(file);
    const holder = posix.dirname(file);
    return (holder === folder && requirementFile.test(name)) || (holder === below && /\.(txt|in)$/.test(name));
  });
}

/** What is declared in a folder; null when nothing is. */
export function installedIn(repo: Repo, folder: string): Installed | null {
  const files = requirementFilesIn(repo, folder);
  const project = repo.read(posix.join(folder, "pyproject.toml"));
  const pipfile = repo.read(posix.join(folder, "Pipfile"));
  const setup = repo.read(posix.join(folder, "setup.py"));
  const declared = project !== null ? fromProject(project) : setup !== null ? fromSetup(setup) : none;
  if (files.length === 0 && declared === none && pipfile === null && project === null) return null;
  const [main, dev] = [false, true].map((isDev) =>
    merged(
      files
        .filter((file) => forDevelopment.test(posix.basename(file)) === isDev)
        .map((file) => fromLines(repo.read(file))),
    ),
  );
  const ofPipfile = pipfile === null ? none : fromTables(pipfile, /^packages$/, /^dev-packages$/);
  return {
    dependencies: { ...main, ...ofPipfile.main, ...declared.main },
    devDependencies: { ...dev, ...ofPipfile.dev, ...declared.dev },
    ...lockIn(repo, folder, files, { project: project ?? "", hasPipfile: pipfile !== null }),
  };
}

interface Declared {
  main: Requirements;
  dev: Requirements;
}

const none: Declared = { main: {}, dev: {} };

function merged(list: readonly Requirements[]): Requirements {
  return Object.assign({}, ...list);
}

function fromLines(text: string | null): Requirements {
  const found: Requirements = {};
  for (const line of (text ?? "").split(/\r?\n/)) {
    const match = /^\s*(#|-|$)/.test(line) ? null : requirement.exec(line.trim());
    if (match?.[1] !== undefined) found[match[1].toLowerCase().replaceAll("_", "-")] = match[2]?.trim() || "*";
  }
  return found;
}

/** PEP 621 lists, Poetry's tables and dependency groups, read line by line. */
function fromProject(text: string): Declared {
  const poetry = fromTables(
    text,
    /^tool\.poetry\.dependencies$/,
    /^tool\.poetry\.(group\.[\w-]+|dev)[.-]dependencies$/,
  );
  const main: Requirements = { ...poetry.main };
  const dev: Requirements = { ...poetry.dev };
  delete main["python"];
  for (const { section, body } of sections(text)) {
    const lists = [...body.matchAll(/^([\w-]+)\s*=\s*\[((?:[^\]"']|"[^"]*"|'[^']*')*)\]/gm)];
    for (const [, key = "", inner = ""] of lists) {
      const listed = fromLines([...inner.matchAll(/["']([^"']+)["']/g)].map(([, each]) => each).join("\n"));
      if (section === "project" && key === "dependencies") Object.assign(main, listed);
      else if (section === "dependency-groups" || section === "project.optional-dependencies")
        Object.assign(dev, listed);
    }
  }
  return { main, dev };
}

/** `install_requires=["Flask>=2.0"]` of setuptools. */
function fromSetup(text: string): Declared {
  const [, inner = ""] = /\binstall_requires\s*=\s*\[([^\]]*)\]/.exec(text) ?? [];
  const listed = [...inner.matchAll(/["']([^"']+)["']/g)].map(([, each]) => each).join("\n");
  return { main: fromLines(listed), dev: {} };
}

function fromTables(text: string, isMain: RegExp, isDev: RegExp): Declared {
  const found: Declared = { main: {}, dev: {} };
  for (const { section, body } of sections(text)) {
    const target = isMain.test(section) ? found.main : isDev.test(section) ? found.dev : null;
    if (target === null) continue;
    for (const [, name = "", value = ""] of body.matchAll(/^["']?([\w.-]+)["']?\s*=\s*(.+)$/gm)) {
      target[name.toLowerCase().replaceAll("_", "-")] = /["']([^"']+)["']/.exec(value)?.[1] ?? "*";
    }
  }
  return found;
}

function sections(text: string): { section: string; body: string }[] {
  return text
    .split(/^\[+/m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("]");
      return { section: part.slice(0, end), body: part.slice(end + 1).replace(/^\]/, "") };
    });
}

const lockfiles = [
  ["uv.lock", "uv"],
  ["poetry.lock", "poetry"],
  ["Pipfile.lock", "pipenv"],
  ["pdm.lock", "pip"],
  ["pylock.toml", "pip"],
] as const;

/** A requirements file in which every line has its exact version locks as much as its author pinned. */
function lockIn(
  repo: Repo,
  folder: string,
  files: readonly string[],
  { project, hasPipfile }: { project: string; hasPipfile: boolean },
): Pick<Installed, "packageManager" | "lockfile"> {
  for (const [name, packageManager] of lockfiles) {
    const file = posix.join(folder, name);
    const isThere = repo.has(file) || repo.skipped.some((each) => each.file === file);
    if (isThere) return { packageManager, lockfile: file };
  }
  const pinned = files.find((file) => {
    const versions = Object.values(fromLines(repo.read(file)));
    return versions.length > 0 && versions.every((version) => /^===?[^*]+$/.test(version));
  });
  const manager = /^\[tool\.poetry\]/m.test(project)
    ? "poetry"
    : hasPipfile
      ? "pipenv"
      : /^\[tool\.uv\b/m.test(project)
        ? "uv"
        : "pip";
  return { packageManager: manager, lockfile: pinned ?? null };
}

/** The name that pyproject.toml gives the project. */
export function projectName(repo: Repo, folder: string): string | null {
  const text = repo.read(posix.join(folder, "pyproject.toml")) ?? "";
  const named = sections(text).find(({ section }) => section === "project" || section === "tool.poetry");
  return /^name\s*=\s*["']([^"']+)["']/m.exec(named?.body ?? "")?.[1] ?? null;
}
