/**
 * Answers of earlier runs, kept outside the repo and given again as long as nothing they rest on has changed.
 *
 * An answer rests on the names of the tree, on every text that was read on the way to it, and on Shoreup's own code.
 * Like the summaries, kept answers never fail a run: what is missing, damaged or out of date is no answer.
 */
import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ownCode } from "./own-code.ts";
import { replaceFile } from "./replace.ts";
import type { Repo } from "./repo.ts";

/** A repo that notes what is read of it. */
export interface Watched {
  repo: Repo;
  /** What the tree was when the watch began, and a digest of each text read since, null for what had none. */
  seen: () => Grounds;
}

const Grounds = z.object({
  code: z.string(),
  tree: z.string(),
  read: z.array(z.tuple([z.string(), z.string().nullable()])),
});
/** All that an answer rests on. */
type Grounds = z.infer<typeof Grounds>;

export function watched(repo: Repo): Watched {
  const tree = treeOf(repo);
  const read = new Map<string, string | null>();
  const readNoting = (file: string): string | null => {
    const text = repo.read(file);
    if (!read.has(file)) read.set(file, digestOf(text));
    return text;
  };
  return { repo: { ...repo, read: readNoting }, seen: () => ({ code: ownCode(), tree, read: [...read] }) };
}

/** Where the answer to a question (a file name's worth of text) about the repo at `root` is kept. */
export function answerFile(folder: string, root: string, question: string): string {
  return join(folder, `${hash("sha1", root, "hex").slice(0, 20)}.${question}.answer`);
}

/** Keeps what can be written as JSON. */
export function keepAnswer(file: string, watch: Watched, answer: unknown): void {
  replaceFile(file, [Buffer.from(`${JSON.stringify(watch.seen())}\n${JSON.stringify(answer)}`)]);
}

/** The kept answer; undefined when there is none or when it may be another one by now. */
export function keptAnswer(file: string, repo: Repo): unknown {
  try {
    const text = readFileSync(file, "utf8");
    const end = text.indexOf("\n");
    const grounds = Grounds.parse(JSON.parse(text.slice(0, end)));
    return holds(grounds, repo) ? JSON.parse(text.slice(end + 1)) : undefined;
  } catch {
    return undefined;
  }
}

function holds({ code, tree, read }: Grounds, repo: Repo): boolean {
  if (code !== ownCode() || tree !== treeOf(repo)) return false;
  return read.every(([file, digest]) => digestOf(repo.read(file)) === digest);
}

/** What is known of a tree before anything is asked of it. */
function treeOf({ root, commit, bytes, files, skipped }: Repo): string {
  return hash("sha1", JSON.stringify([root, commit, bytes, files, skipped]), "base64url");
}

function digestOf(text: string | null): string | null {
  return text === null ? null : hash("sha1", text, "base64url");
}
