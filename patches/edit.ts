/** The atoms of a patch: what a recipe may ask for, as plain values. Only `patches/apply/` ever writes them to a disk. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export type Edit =
  /** A new file. A different file already there is a conflict. */
  | { kind: "create"; file: string; text: string }
  /** Replaces `[start, end)` (UTF-16 offsets into the file as the model saw it). Overlapping replacements are a conflict. */
  | { kind: "replace"; file: string; start: number; end: number; text: string }
  | { kind: "remove"; file: string }
  /** Sets a key in a JSON file, keeping its formatting. Same value there: no change. Another value there: conflict, unless `force`. */
  | { kind: "json"; file: string; path: string[]; value: Json; force?: boolean }
  /** Sets a key in a YAML file (compose), keeping comments and order; creates the file when it is absent. */
  | { kind: "yaml"; file: string; path: string[]; value: Json; force?: boolean }
  /** Appends lines to a line-oriented file (`.env.example`, `.gitignore`, `.dockerignore`); a line whose key is there already is left out. */
  | { kind: "lines"; file: string; lines: { key: string; text: string }[] };

/** Two wishes that cannot both be had. Nothing of the patch is applied. */
export interface Conflict {
  file: string;
  reason: string;
}

/** How carefully a human should look at a patch before merging, and why. */
export interface Review {
  level: "glance" | "read" | "full";
  reason: string;
}

/** What a recipe will not do by itself, written for the coding agent or engineer who will. */
export interface Brief {
  findingId: string;
  where: { file: string; line: number };
  why: string;
  constraints: string[];
  acceptance: string;
}

export interface FileChange {
  path: string;
  /** Null: the file does not exist on that side. */
  before: string | null;
  after: string | null;
  added: number;
  removed: number;
}

/** A reviewable, revertible change for one component. */
export interface Patch {
  /** Hash of component and diff: the same patch has the same id. */
  id: string;
  component: string;
  title: string;
  /** Ids of the findings it makes go away. */
  findings: string[];
  files: FileChange[];
  /** Unified diff with `a/` and `b/` prefixes, as `git apply` takes it. */
  diff: string;
  review: Review;
  briefs: Brief[];
  /** Infrastructure the patched app uses that it did not need before. */
  services: string[];
  env: EnvVar[];
  /** Sentences for the reader: choices made, what to run next. */
  notes: string[];
  /** The model that wrote the edits; absent where a recipe did. */
  draftedBy?: string;
}

export interface EnvVar {
  name: string;
  example: string;
  note: string;
}
