/** The contract of a gate: a step that a draft passes, or that says in words why not. */
import type { Repo } from "../../analyzers/repo/repo.ts";
import type { Patch } from "../../patches/edit.ts";
import type { Task } from "../task.ts";

/** A model's edits, laid over the tree in memory. */
export interface Attempt {
  task: Task;
  before: Repo;
  after: Repo;
  patch: Patch;
}

export type Word =
  /** `note`: what was seen, or why there was nothing to see. */
  | { passes: true; note?: string }
  /** `log`: the last lines of what failed, text of the app. */
  | { passes: false; why: string; log?: readonly string[] };

export interface Gate {
  /** What the draft has to do, as a sentence goes on: "touches only files of the task". */
  name: string;
  /** Who fails here gets no second try. */
  isFinal?: true;
  /** Rejects only when aborted. */
  check: (attempt: Attempt) => Promise<Word> | Word;
}

export const passes: Word = { passes: true };

export function fails(why: string, log: readonly string[] = []): Word {
  return { passes: false, why, log };
}
