/** Which folders of a repo are Python projects of their own. */
import { posix } from "node:path";
import type { Repo } from "../../repo/repo.ts";
import { isPython } from "../../repo/source-file.ts";
import { isIn } from "../manifest.ts";
import { installedIn, type Installed, type Requirements } from "./requirements.ts";

export interface Project extends Installed {
  root: string;
  /** The file that makes it one: requirements.txt, pyproject.toml, Pipfile, manage.py, setup.py. */
  file: string;
  /** Its own Python files, those of projects below left out. */
  files: string[];
}

const marks = /^(pyproject\.toml|Pipfile|manage\.py|setup\.py|requirements?([-_.][\w.-]+)?\.(txt|in))$/;
const elsewhere = /(^|\/)(node_modules|tests?|docs?|examples?|fixtures|templates|requirements|\.[\w-]+)(\/|$)/;

/** The root first; a project without code of its own is only where others below it look for what it installs. */
export function findProjects(repo: Repo): Project[] {
  const sources = repo.files.filter(isPython);
  if (sources.length === 0) return [];
  const marked = new Map<string, string>();
  for (const file of repo.files) {
    const folder = posix.dirname(file);
    if (marks.test(posix.basename(file)) && !elsewhere.test(folder)) keepBest(marked, folder, file);
  }
  const roots = [...marked.keys()].sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
  const owned = ownedBy(sources, roots.length > 0 ? roots : ["."]);
  return [...owned].map(([root, files]) => ({
    root,
    file: marked.get(root) ?? files[0] ?? root,
    files,
    ...installed(repo, root),
  }));
}

/** pyproject.toml says more than requirements.txt, and that more than manage.py. */
function keepBest(marked: Map<string, string>, folder: string, file: string): void {
  const rank = (each: string): number =>
    ["pyproject.toml", "requirements.txt", "Pipfile", "manage.py"].indexOf(posix.basename(each)) >>> 0;
  const known = marked.get(folder);
  if (known === undefined || rank(file) < rank(known)) marked.set(folder, file);
}

function depth(folder: string): number {
  return folder === "." ? 0 : folder.split("/").length;
}

/** Each source belongs to the deepest project above it; those above none to the topmost one. */
function ownedBy(sources: readonly string[], roots: readonly string[]): Map<string, string[]> {
  const owned = new Map<string, string[]>();
  const known = new Set(roots);
  for (const file of sources) {
    let owner: string | null = null;
    for (let folder = posix.dirname(file); owner === null; folder = posix.dirname(folder)) {
      if (known.has(folder)) owner = folder;
      else if (folder === ".") break;
    }
    const root = owner ?? ".";
    const files = owned.get(root);
    if (files === undefined) owned.set(root, [file]);
    else files.push(file);
  }
  return owned;
}

/** What the folder and the folders above it declare; the nearest lockfile counts. */
function installed(repo: Repo, root: string): Installed {
  const found: Installed = { dependencies: {}, devDependencies: {}, packageManager: "pip", lockfile: null };
  const merge = (into: Requirements, from: Requirements): void => {
    for (const [name, version] of Object.entries(from)) into[name] ??= version;
  };
  let isFirst = true;
  for (let folder = root; ; folder = posix.dirname(folder)) {
    const own = isIn(folder, `${root}/x`) ? installedIn(repo, folder) : null;
    if (own !== null) {
      merge(found.dependencies, own.dependencies);
      merge(found.devDependencies, own.devDependencies);
      if (isFirst) found.packageManager = own.packageManager;
      found.lockfile ??= own.lockfile;
      isFirst = false;
    }
    if (folder === ".") return found;
  }
}
