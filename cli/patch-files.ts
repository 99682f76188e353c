/** Patches as files: numbered in the order in which they apply, one folder per plan; the briefs in one within it. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Patch } from "../patches/edit.ts";
import { briefMarkdown } from "../prompts/brief.ts";
import type { Task } from "../prompts/task.ts";
import { Stop } from "./stop.ts";

export interface PatchFile {
  component: string;
  /** Id of the patch. */
  patch: string;
  /** File name in the folder: `01-queue.patch`. */
  file: string;
}

/** Writes every patch into the folder. Throws {@link Stop} when it cannot be written. */
export function writePatchFiles(folder: string, patches: readonly Patch[]): PatchFile[] {
  const named = patches.map((patch, index) => ({
    component: patch.component,
    patch: patch.id,
    file: `${String(index + 1).padStart(2, "0")}-${patch.component}${patch.draftedBy === undefined ? "" : "-draft"}.patch`,
    diff: patch.diff,
  }));
  try {
    mkdirSync(folder, { recursive: true });
    refuseStrangers(folder, new Set(named.map((each) => each.file)));
    for (const { file, diff } of named) writeFileSync(join(folder, file), diff);
  } catch (error) {
    throw unwritten(folder, error);
  }
  return named.map(({ component, patch, file }) => ({ component, patch, file }));
}

/** Writes each task as a document of its own into `briefs/`. Throws {@link Stop} when it cannot be written. */
export function writeBriefs(folder: string, tasks: readonly Task[]): void {
  const briefs = join(folder, "briefs");
  try {
    if (tasks.length > 0) mkdirSync(briefs, { recursive: true });
    for (const task of tasks)
      writeFileSync(join(briefs, `${task.finding.id}-${task.component}.md`), briefMarkdown(task));
  } catch (error) {
    throw unwritten(briefs, error);
  }
}

function unwritten(folder: string, error: unknown): Stop {
  if (error instanceof Stop) return error;
  return new Stop(
    `The patches could not be written to ${folder}.`,
    error instanceof Error ? error.message : String(error),
    "Name another folder with --out.",
  );
}

/** Patches of an older plan beside the new ones would be applied with them. */
function refuseStrangers(folder: string, expected: ReadonlySet<string>): void {
  const strangers = existsSync(folder)
    ? readdirSync(folder).filter((file) => file.endsWith(".patch") && !expected.has(file))
    : [];
  if (strangers.length === 0) return;
  throw new Stop(
    `${folder} holds patches of another plan.`,
    `Among them ${strangers.slice(0, 3).join(", ")}.`,
    "Empty the folder or name another one with --out.",
  );
}

export function outputFolder(named: string | undefined, fallback: string): string {
  return named === undefined ? fallback : resolve(named);
}
