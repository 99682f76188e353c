/** Several patches on a working tree as one change: all of them or none. */
import { applyPatch } from "../patches/apply/apply.ts";
import type { UndoRecord } from "../patches/apply/record.ts";
import { appliedPatches, undoPatch } from "../patches/apply/undo.ts";
import type { Conflict, Patch } from "../patches/edit.ts";
import { Stop } from "./stop.ts";

export interface Written {
  records: UndoRecord[];
  /** Titles of half-done changes of an interrupted run that were rolled back first. */
  repaired: string[];
}

/** Applies in order; what stands in the way of one takes back those before it. Throws {@link Stop} then. */
export async function applyAll(root: string, patches: readonly Patch[]): Promise<Written> {
  const written: Written = { records: [], repaired: [] };
  for (const patch of patches) {
    const outcome = await applyPatch(root, patch);
    if (outcome.kind !== "failed") written.repaired.push(...outcome.repaired.map((repair) => repair.title));
    if (outcome.kind === "applied") {
      written.records.push(outcome.record);
      continue;
    }
    const why = outcome.kind === "failed" ? outcome.reason : inWords(outcome.conflicts);
    const stuck = await takeBack(root, written.records);
    throw new Stop(
      `The ${patch.component} patch could not be applied.`,
      why,
      stuck.length === 0
        ? "Nothing was changed. Run the command again on the tree as it is now."
        : `Still applied: ${stuck.join(", ")}; \`shoreup undo\` takes them back.`,
    );
  }
  return written;
}

async function takeBack(root: string, records: readonly UndoRecord[]): Promise<string[]> {
  const stuck: string[] = [];
  for (const record of records.toReversed()) {
    const outcome = await undoPatch(root, record);
    if (outcome.kind !== "undone") stuck.push(record.component);
  }
  return stuck;
}

export interface TakenBack {
  undone: { patch: string; component: string; files: string[] }[];
  left: UndoRecord[];
  /** Why not all were taken back. */
  problem: string | null;
}

/** Undoes the applied patches that are wanted, newest first; stops at the first that cannot be. */
export async function undoAll(root: string, isWanted: (record: UndoRecord) => boolean): Promise<TakenBack> {
  const applied = await appliedPatches(root);
  const undone: TakenBack["undone"] = [];
  let problem: string | null = null;
  for (const record of applied.filter(isWanted).toReversed()) {
    const outcome = await undoPatch(root, record);
    if (outcome.kind !== "undone") {
      problem = `${record.title}: ${outcome.kind === "failed" ? outcome.reason : inWords(outcome.conflicts)}`;
      break;
    }
    undone.push({ patch: record.patch, component: record.component, files: outcome.files });
  }
  return { undone, left: await appliedPatches(root), problem };
}

function inWords(conflicts: readonly Conflict[]): string {
  const told = conflicts.slice(0, 5).map(({ file, reason }) => `${file}: ${reason}`);
  return `${told.join("; ")}${conflicts.length > 5 ? `; and ${conflicts.length - 5} more` : ""}.`;
}
