/** A read-only view of a source tree: the only place, with `disk.ts` and `cache.ts` beside it, through which analyzers see files. */

/** A file that was left out, with the reason in words for the answer. */
export interface Skipped {
  file: string;
  reason: string;
}

/** Read-only snapshot of a source tree. Paths are relative to the root, with `/`, in sorted order. */
export interface Repo {
  /** Absolute path of the tree on disk, for messages only. */
  root: string;
  /** Commit id when the tree is a git checkout, read from `.git` without running git. */
  commit: string | null;
  files: readonly string[];
  skipped: readonly Skipped[];
  /** Total size of the listed files in bytes. */
  bytes: number;
  has(file: string): boolean;
  /** The file's text; null when it is not listed, binary or unreadable. Never throws. */
  read(file: string): string | null;
}

/** The same repo with some files replaced, added (text) or removed (null). Nothing is written. */
export function overlay(base: Repo, changes: ReadonlyMap<string, string | null>): Repo {
  const kept = base.files.filter((file) => changes.get(file) !== null);
  const added = [...changes].filter(([file, text]) => text !== null && !base.has(file)).map(([file]) => file);
  const files = [...kept, ...added].sort();
  const listed = new Set(files);
  return {
    root: base.root,
    commit: base.commit,
    files,
    skipped: base.skipped,
    bytes: base.bytes,
    has: (file) => listed.has(file),
    read: (file) => (changes.has(file) ? (changes.get(file) ?? null) : base.read(file)),
  };
}
