/** The commit id of a checkout, read from its `.git` without running git. */
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";

const commitId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const refName = /^refs\/[^\s~^:?*[\\]+$/;

/** Null when the folder is no checkout, has no commit yet, or its `.git` cannot be understood. */
export function readCommit(root: string): string | null {
  const git = gitFolder(root);
  if (git === null) return null;
  const head = small(resolve(git, "HEAD"));
  if (head === null) return null;
  if (commitId.test(head)) return head;
  const ref = head.startsWith("ref: ") ? head.slice("ref: ".length) : "";
  if (!refName.test(ref) || ref.includes("..")) return null;
  // A linked worktree keeps its HEAD apart from the refs.
  const common = resolve(git, small(resolve(git, "commondir")) ?? ".");
  const loose = small(resolve(git, ref)) ?? small(resolve(common, ref));
  if (loose !== null) return commitId.test(loose) ? loose : null;
  const packed = small(resolve(common, "packed-refs"))?.split("\n") ?? [];
  const id = packed.find((line) => line.endsWith(` ${ref}`))?.split(" ")[0] ?? "";
  return commitId.test(id) ? id : null;
}

function gitFolder(root: string): string | null {
  const git = resolve(root, ".git");
  const pointer = small(git);
  if (pointer === null) return git;
  return pointer.startsWith("gitdir: ") ? resolve(root, pointer.slice("gitdir: ".length)) : null;
}

/** Text of a small regular file, trimmed; null when there is none. */
function small(path: string): string | null {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size < 16_000_000 ? readFileSync(path, "utf8").trim() : null;
  } catch {
    return null;
  }
}
