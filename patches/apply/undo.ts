/** Taking an applied patch back, byte for byte, as long as nobody has worked on its files since. */
import { realpath } from "node:fs/promises";
import type { Conflict } from "../edit.ts";
import { sentence } from "./apply.ts";
import type { ApplyOptions } from "./apply.ts";
import { standing } from "./disk.ts";
import { locked } from "./lock.ts";
import { defaultStateFolder, readRecords, removeRecord, writeRecord } from "./record.ts";
import type { FileRecord, UndoRecord } from "./record.ts";
import { repairInterrupted, restore } from "./restore.ts";
import type { Repair } from "./restore.ts";

export type Undoing =
  | { kind: "undone"; files: string[] }
  /** Nothing was written. */
  | { kind: "conflict"; conflicts: Conflict[] }
  | { kind: "failed"; reason: string };

/** Restores the files that the record's patch changed. Refuses when one of them is not as the patch left it. */
export async function undoPatch(root: string, record: UndoRecord, options: ApplyOptions = {}): Promise<Undoing> {
  const stateFolder = options.stateFolder ?? defaultStateFolder();
  try {
    const real = await realpath(root);
    if (real !== record.root)
      return { kind: "failed", reason: `This record belongs to ${record.root}, not to ${real}.` };
    const outcome = await locked(stateFolder, real, () => undoLocked(record, stateFolder));
    return "busy" in outcome ? { kind: "failed", reason: outcome.busy } : outcome;
  } catch (error) {
    return { kind: "failed", reason: `The patch could not be undone: ${sentence(error)}` };
  }
}

/** The patches that are applied to this app and can be undone, oldest first. */
export async function appliedPatches(root: string, options: ApplyOptions = {}): Promise<UndoRecord[]> {
  const real = await realpath(root);
  const records = await readRecords(options.stateFolder ?? defaultStateFolder(), real);
  return records.filter(({ state }) => state === "applied");
}

/** Rolls back what an interrupted run left half done; empty when there was nothing. For the start of every command. */
export async function repair(root: string, options: ApplyOptions = {}): Promise<Repair[]> {
  const stateFolder = options.stateFolder ?? defaultStateFolder();
  const real = await realpath(root);
  const interrupted = (await readRecords(stateFolder, real)).some(({ state }) => state !== "applied");
  if (!interrupted) return [];
  const outcome = await locked(stateFolder, real, () => repairInterrupted(stateFolder, real));
  return "busy" in outcome ? [] : outcome;
}

async function undoLocked(record: UndoRecord, stateFolder: string): Promise<Undoing> {
  await repairInterrupted(stateFolder, record.root);
  const later = (await readRecords(stateFolder, record.root)).filter(
    ({ patch, appliedAt }) => patch !== record.patch && appliedAt >= record.appliedAt,
  );
  const checks = await Promise.all(record.files.map((file) => changedSince(record, file, later)));
  const conflicts = checks.filter((conflict) => conflict !== null);
  if (conflicts.length > 0) return { kind: "conflict", conflicts };
  const undoing: UndoRecord = { ...record, state: "undoing" };
  await writeRecord(stateFolder, undoing);
  const left = await restore(undoing);
  await removeRecord(stateFolder, undoing);
  return left.length > 0
    ? { kind: "conflict", conflicts: left }
    : { kind: "undone", files: record.files.map(({ path }) => path) };
}

/** A file that is back at its old contents already needs no undoing and is no conflict. */
async function changedSince(
  { root }: UndoRecord,
  file: FileRecord,
  later: readonly UndoRecord[],
): Promise<Conflict | null> {
  const now = await standing(root, file.path);
  if (now.kind === "refused") return { file: file.path, reason: now.reason };
  const bytes = now.kind === "file" ? now.bytes.toString("base64") : null;
  if (bytes === file.after || bytes === file.before) return null;
  const over = later.findLast(({ files }) => files.some(({ path, after }) => path === file.path && after === bytes));
  if (over !== undefined)
    return {
      file: file.path,
      reason: `the patch "${over.title}" (${over.patch}) was applied over it; undo that one first`,
    };
  return { file: file.path, reason: "it has changed since the patch was applied, and undoing would lose that change" };
}
