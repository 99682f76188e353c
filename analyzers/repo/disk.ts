/** Opens a source tree on disk as a {@link Repo}: without git, without running anything, and never outside the root. */
import { readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import { resolve } from "node:path";
import { readCommit } from "./commit.ts";
import { generatedContent, isHistory, isIgnored, refine, type Rules } from "./ignores.ts";
import { hasLines, isComponent, isLockfile, isMinified, isSource } from "./source-file.ts";
import type { Repo, Skipped } from "./repo.ts";
import { readText, type NoText } from "./text.ts";

/** Bounds that make a hostile or enormous tree a note and not a problem. Sizes in bytes. */
export interface Limits {
  files: number;
  /** All listed files together. */
  total: number;
  /** One file of source code: beyond this it is generated or data. */
  source: number;
  /** Any other file whose text is asked for: settings, schemas, scripts. Beyond this it is data. */
  text: number;
  /** Lockfiles, which machines write and read. */
  lockfile: number;
}

const defaults: Limits = {
  files: 60_000,
  total: 2_000_000_000,
  source: 2_000_000,
  text: 512_000,
  lockfile: 16_000_000,
};

/** The root cannot be read as a source tree. */
export class RepoError extends Error {
  override name = "RepoError";
  readonly next: string;

  constructor(what: string, next: string) {
    super(what);
    this.next = next;
  }
}

/**
 * Lists the tree under `root` and reads its source files, so that every note about them is there from the start; other
 * files are read when asked for. Throws {@link RepoError}; what cannot be read below the root is a note instead.
 */
export function openRepo(root: string, limits: Partial<Limits> = {}): Repo {
  const absolute = resolve(root);
  const tree = new Tree(realRoot(root, absolute), { ...defaults, ...limits });
  tree.walk();
  return {
    root: absolute,
    commit: readCommit(absolute),
    files: [...tree.listed].sort(),
    skipped: tree.skipped,
    bytes: tree.bytes,
    has: (file) => tree.listed.has(file),
    read: (file) => (tree.listed.has(file) ? tree.read(file) : null),
  };
}

function realRoot(root: string, absolute: string): string {
  try {
    if (!statSync(absolute).isDirectory()) {
      throw new RepoError(`${root} is a file, not a folder.`, "Give the folder that holds the app's source.");
    }
    readdirSync(absolute);
    return realpathSync(absolute);
  } catch (cause) {
    if (cause instanceof RepoError) throw cause;
    if (codeOf(cause) === "ENOENT") {
      throw new RepoError(
        `There is no folder ${root} (looked at ${absolute}).`,
        "Check the path, or run it from the app's folder.",
      );
    }
    throw new RepoError(
      `${root} cannot be read (${codeOf(cause)}).`,
      "Check the folder's permissions, then try again.",
    );
  }
}

/** One walk over a tree, and the texts read from it. */
class Tree {
  readonly listed = new Set<string>();
  readonly skipped: Skipped[] = [];
  bytes = 0;
  readonly #root: string;
  readonly #limits: Limits;
  readonly #texts = new Map<string, string | null>();
  #isFull = false;

  constructor(root: string, limits: Limits) {
    this.#root = root;
    this.#limits = limits;
  }

  walk(): void {
    const folders: { path: string; rules: Rules | null }[] = [{ path: "", rules: null }];
    for (let folder = folders.pop(); folder !== undefined && !this.#isFull; folder = folders.pop()) {
      const { path } = folder;
      const entries = this.#entries(path);
      const rules = this.#rulesOf(path, entries, folder.rules);
      const isPackage = path === "" || entries.some(({ name }) => name === "package.json");
      for (const entry of entries) {
        if (this.#isFull) break;
        const child = path + entry.name;
        if (!entry.isDirectory()) {
          if (!isIgnored(rules, child)) this.#addFile(child, entry);
        } else if (this.#isRead(`${child}/`, entry.name, isPackage, rules)) {
          folders.push({ path: `${child}/`, rules });
        }
      }
    }
  }

  /** The file's text; null, with a note where that is a surprise, when it has none. Read once. */
  read(file: string): string | null {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const limit = isLockfile(file) ? this.#limits.lockfile : this.#limits.text;
    const read = readText(this.#locate(file), limit);
    const text = typeof read === "string" && (isLockfile(file) || hasLines(read)) ? read : null;
    if (text === null) this.#noteUnread(file, read, limit);
    this.#texts.set(file, text);
    return text;
  }

  #noteUnread(file: string, read: string | NoText, limit: number): void {
    if (typeof read === "string") this.#note(file, "written by a machine, by the length of its lines: not read");
    else if (read.kind === "large") this.#note(file, `text of more than ${megabytes(limit)} MB: not read`);
    else if (read.kind === "fault") this.#note(file, read.reason);
  }

  #locate(path: string): string {
    return `${this.#root}/${path}`;
  }

  #note(file: string, reason: string): void {
    this.skipped.push({ file, reason });
  }

  #entries(path: string): Dirent[] {
    try {
      return readdirSync(this.#locate(path), { withFileTypes: true }).filter(({ name }) => {
        if (!name.includes("\uFFFD")) return true;
        this.#note(path + name, "its name is not valid UTF-8, so it cannot be addressed");
        return false;
      });
    } catch (cause) {
      this.#note(path, `folder cannot be read (${codeOf(cause)})`);
      return [];
    }
  }

  #rulesOf(path: string, entries: readonly Dirent[], outer: Rules | null): Rules | null {
    if (!entries.some((entry) => entry.name === ".gitignore" && entry.isFile())) return outer;
    const text = this.read(`${path}.gitignore`);
    return text === null ? outer : refine(outer, path, text);
  }

  #isRead(path: string, name: string, inPackage: boolean, rules: Rules | null): boolean {
    if (isHistory(name) || isIgnored(rules, path)) return false;
    const content = generatedContent(name, inPackage);
    if (content !== null) this.#note(path, `${content}, not source: not read`);
    return content === null;
  }

  #addFile(path: string, entry: Dirent): void {
    if (entry.isSymbolicLink()) return this.#note(path, this.#linkNote(path));
    if (!entry.isFile()) return this.#note(path, "not a regular file");
    if (this.listed.size >= this.#limits.files) return this.#stop(path, `${this.#limits.files} files`);
    const size = isSource(path) || isComponent(path) ? this.#addSource(path) : this.#sizeOf(path);
    if (size === null) return;
    if (this.bytes + size > this.#limits.total) return this.#stop(path, `${megabytes(this.#limits.total)} MB`);
    this.listed.add(path);
    this.bytes += size;
  }

  #stop(path: string, bound: string): void {
    this.#isFull = true;
    this.#note(
      path,
      `the tree has more than ${bound}: this and what follows was not read; point at a part of the tree`,
    );
  }

  /** Reads a source file and returns its size; null, with a note, when it is not worth reading or cannot be. */
  #addSource(path: string): number | null {
    const { source } = this.#limits;
    const read = readText(this.#locate(path), source);
    if (typeof read === "string") {
      if (!isMinified(path, read)) {
        this.#texts.set(path, read);
        return Buffer.byteLength(read);
      }
      this.#note(path, "minified bundle, not source: not read");
    } else if (read.kind === "large") this.#note(path, `source file of more than ${megabytes(source)} MB: not read`);
    else this.#note(path, read.kind === "binary" ? "binary content in a source file: not read" : read.reason);
    return null;
  }

  #sizeOf(path: string): number | null {
    try {
      return statSync(this.#locate(path)).size;
    } catch (cause) {
      this.#note(path, `cannot be read (${codeOf(cause)})`);
      return null;
    }
  }

  /** Links are not followed: what they point to inside the tree is read at its own place, and nothing outside is. */
  #linkNote(path: string): string {
    try {
      const target = realpathSync(this.#locate(path));
      const isInside = target === this.#root || target.startsWith(`${this.#root}/`);
      return isInside ? "symbolic link: read at its own place" : "symbolic link out of the tree: not followed";
    } catch (cause) {
      return codeOf(cause) === "ELOOP" ? "symbolic link in a loop: not followed" : "symbolic link to nothing";
    }
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0);
}

function codeOf(cause: unknown): string {
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") return cause.code;
  return cause instanceof Error ? cause.message : String(cause);
}
