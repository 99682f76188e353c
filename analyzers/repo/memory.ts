/** A repo built from texts in memory: what tests write and what composes without a disk. */
import type { Repo } from "./repo.ts";

/** A repo whose files are the given texts by path; nothing is skipped and there is no commit. */
export function memoryRepo(texts: Record<string, string>): Repo {
  const byPath = new Map(Object.entries(texts));
  const files = [...byPath.keys()].sort();
  return {
    root: "/memory",
    commit: null,
    files,
    skipped: [],
    bytes: files.reduce((total, file) => total + Buffer.byteLength(byPath.get(file) ?? ""), 0),
    has: (file) => byPath.has(file),
    read: (file) => byPath.get(file) ?? null,
  };
}
