/** Python's modules on a bare checkout: relative dots, packages with and without `__init__.py`, roots that nobody wrote down. */
import { posix } from "node:path";
import type { Repo } from "../repo/repo.ts";
import type { Resolved } from "./modules.ts";

/** What the packages of PyPI and Python's own library are called in api paths: `pypi:fastapi`, `pypi:smtplib`. */
const pypi = "pypi:";

/** Folders below a root that hold its packages. */
const sourceFolders = ["", "src"];

interface Tree {
  has: (file: string) => boolean;
  /** Folders with Python files somewhere in them. */
  folders: ReadonlySet<string>;
}

/** Resolves what a Python file imports; `specifier` is as Python writes it (`app.db`, `.models`, `..core`). */
export function pythonModules(repo: Repo): (from: string, specifier: string) => Resolved {
  const tree: Tree = { has: (file) => repo.has(file), folders: foldersWithPython(repo.files) };
  return (from, specifier) => {
    if (specifier.startsWith("node:")) return { kind: "package", name: specifier, specifier };
    return specifier.startsWith(".") ? relative(tree, from, specifier) : absolute(tree, from, specifier);
  };
}

function foldersWithPython(files: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const file of files) {
    if (!file.endsWith(".py")) continue;
    for (let folder = posix.dirname(file); !found.has(folder); folder = posix.dirname(folder)) {
      found.add(folder);
      if (folder === ".") break;
    }
  }
  return found;
}

function relative(tree: Tree, from: string, specifier: string): Resolved {
  const [dots = "."] = /^\.+/.exec(specifier) ?? [];
  let folder = posix.dirname(from);
  for (let up = 1; up < dots.length && folder !== "."; up += 1) folder = posix.dirname(folder);
  const found = inFolder(tree, folder, specifier.slice(dots.length));
  return found === null ? { kind: "missing", specifier } : { kind: "file", file: found, anyCase: false };
}

/** The module's file below a folder: `a/b.py` or `a/b/__init__.py`; an empty name is the folder's own package. */
function inFolder({ has }: Tree, folder: string, dotted: string): string | null {
  const path = posix.join(folder, ...dotted.split("."));
  const file = `${path}.py`;
  if (dotted !== "" && has(file)) return file;
  const init = posix.join(path, "__init__.py");
  return has(init) ? init : null;
}

/** The repo's own module where some folder above the file can be the root of its first name, else a package. */
function absolute(tree: Tree, from: string, specifier: string): Resolved {
  const [first = ""] = specifier.split(".");
  for (const root of rootsFor(tree, from)) {
    const found = inFolder(tree, root, specifier);
    if (found !== null && found !== from) return { kind: "file", file: found, anyCase: false };
    if (found === null && isOwn(tree, posix.join(root, first), specifier)) return { kind: "missing", specifier };
  }
  return { kind: "package", name: `${pypi}${first}`, specifier: `${pypi}${specifier}` };
}

/** True where the first name is a module or package of the repo's, or a folder that holds what stands behind the first dot. */
function isOwn({ has, folders }: Tree, path: string, specifier: string): boolean {
  if (has(`${path}.py`) || has(posix.join(path, "__init__.py"))) return true;
  const [, second] = specifier.split(".");
  return second !== undefined && (has(posix.join(path, `${second}.py`)) || folders.has(posix.join(path, second)));
}

/**
 * Folders that can be on the path of whoever runs the file, the nearest first. A folder with `__init__.py` is a package and
 * no root, except where the file lies in it and is run from there: these come last.
 */
function* rootsFor(tree: Tree, from: string): Generator<string> {
  const inside: string[] = [];
  for (let folder = posix.dirname(from); ; folder = posix.dirname(folder)) {
    if (tree.has(posix.join(folder, "__init__.py"))) inside.push(folder);
    else for (const below of sourceFolders) yield posix.join(folder, below);
    if (folder === "." || folder === "/") break;
  }
  yield* inside;
}

/** `pypi:django.core.mail` and `send_mail` are `pypi:django:core.mail.send_mail`, however they were imported. */
export function pythonApi(specifier: string, name: string): string {
  const [first = "", ...below] = specifier.slice(pypi.length).split(".");
  return `${pypi}${first}:${[...below, ...(name === "" ? [] : [name])].join(".")}`;
}

export function isPythonPackage(specifier: string): boolean {
  return specifier.startsWith(pypi);
}
