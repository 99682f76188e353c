/** From edits to new file contents: merged per file, all or nothing, nothing written. */
import type { Repo } from "../analyzers/repo/repo.ts";
import { setJson } from "./editors/json.ts";
import { addLines } from "./editors/lines.ts";
import { newlineOf } from "./editors/newline.ts";
import { setYaml } from "./editors/yaml.ts";
import type { Conflict, Edit } from "./edit.ts";
import { pathProblem } from "./paths.ts";
import { splice } from "./splice.ts";

export type Applied =
  | { kind: "changed"; changes: ReadonlyMap<string, string | null> }
  | { kind: "conflict"; conflicts: Conflict[] };

/** What one file becomes, or why the wishes for it cannot all be had. `text: null` = the file goes. */
type Outcome = { text: string | null } | { conflict: string };

/**
 * New contents (null: removed) of every file that really changes. Replacements count in offsets of the file as it is;
 * JSON, YAML and line edits follow on the replaced text in the order given.
 */
export function applyEdits(repo: Repo, edits: readonly Edit[]): Applied {
  const changes = new Map<string, string | null>();
  const conflicts: Conflict[] = [];
  for (const [file, wishes] of byFile(edits)) {
    const problem = pathProblem(repo, file, wishes);
    const outcome = problem === null ? edited(repo.read(file), wishes) : { conflict: problem };
    if ("conflict" in outcome) conflicts.push({ file, reason: outcome.conflict });
    else if (outcome.text !== repo.read(file)) changes.set(file, outcome.text);
  }
  return conflicts.length > 0 ? { kind: "conflict", conflicts } : { kind: "changed", changes };
}

function byFile(edits: readonly Edit[]): Map<string, Edit[]> {
  const files = new Map<string, Edit[]>();
  for (const edit of edits) files.set(edit.file, [...(files.get(edit.file) ?? []), edit]);
  return files;
}

function edited(before: string | null, edits: readonly Edit[]): Outcome {
  const removes = edits.some((edit) => edit.kind === "remove");
  if (removes) {
    return edits.every((edit) => edit.kind === "remove")
      ? { text: null }
      : { conflict: "one part of the patch removes the file, another changes it" };
  }
  const created = create(before, edits);
  if ("conflict" in created) return created;
  const replaced = replaceRanges(created.text, edits);
  return "conflict" in replaced ? replaced : setKeys(replaced.text, edits);
}

function create(before: string | null, edits: readonly Edit[]): Outcome {
  const [first, ...others] = edits.filter((edit) => edit.kind === "create").map((edit) => edit.text);
  if (first === undefined) return { text: before };
  if (others.some((text) => text !== first))
    return { conflict: "two parts of the patch create it with different contents" };
  if (before !== null && before !== first) return { conflict: "a different file is already there" };
  return { text: first };
}

function replaceRanges(text: string | null, edits: readonly Edit[]): Outcome {
  const replacements = edits.filter((edit) => edit.kind === "replace");
  if (replacements.length === 0) return { text };
  if (text === null) return { conflict: "the file to change is not there" };
  if (replacements.some(({ start, end }) => start < 0 || end < start || end > text.length)) {
    return { conflict: "the place to change lies outside the file" };
  }
  const newline = newlineOf(text);
  const outcome = splice(
    text,
    replacements.map((edit) => ({ ...edit, text: edit.text.replace(/\r?\n/g, newline) })),
  );
  if (typeof outcome === "string") return { text: outcome };
  return {
    conflict: `two changes want the same place, line ${text.slice(0, outcome.second.start).split("\n").length}`,
  };
}

function setKeys(text: string | null, edits: readonly Edit[]): Outcome {
  return edits.reduce<Outcome>((outcome, edit) => ("conflict" in outcome ? outcome : setKey(outcome.text, edit)), {
    text,
  });
}

function setKey(text: string | null, edit: Edit): Outcome {
  if (edit.kind === "json") return setJson(text, edit);
  if (edit.kind === "yaml") return setYaml(text, edit);
  return edit.kind === "lines" ? addLines(text, edit.lines) : { text };
}
