/** Writing a patch to a disk: everything or nothing, with a record that undoes it. */
import { realpath } from "node:fs/promises";
import type { Conflict, FileChange, Patch } from "../edit.ts";
import { flushFolders, missingFolders, remove, stage, standing, swap } from "./disk.ts";
import { locked } from "./lock.ts";
import { defaultStateFolder, readRecords, removeRecord, writeRecord } from "./record.ts";
import type { FileRecord, UndoRecord } from "./record.ts";
import { repairInterrupted, restore, temporaryName } from "./restore.ts";
import type { Repair } from "./restore.ts";

export type Application =
  /** `repaired`: changes that an earlier, interrupted run had left half done and that were rolled back first. */
  | { kind: "applied"; record: UndoRecord; repaired: Repair[] }
  /** Nothing was written. */
  | { kind: "conflict"; conflicts: Conflict[]; repaired: Repair[] }
  /** The disk refused or another process is at work; what had been written was taken back, except for `left`. */
  | { kind: "failed"; reason: string; left: Conflict[] };

export interface ApplyOptions {
  /** Where undo records are kept; see `defaultStateFolder`. */
  stateFolder?: string;
}

/**
 * Applies a patch to the tree at `root`. Every file must be what the patch was made for; links and paths outside are
 * refused. Killed half way, the next call for this root (or `repair`) brings back the old state.
 */
export async function applyPatch(root: string, patch: Patch, options: ApplyOptions = {}): Promise<Application> {
  const stateFolder = options.stateFolder ?? defaultStateFolder();
  try {
    const real = await realpath(root);
    const outcome = await locked(stateFolder, real, () => applyLocked(real, patch, stateFolder));
    return "busy" in outcome ? { kind: "failed", reason: outcome.busy, left: [] } : outcome;
  } catch (error) {
    return { kind: "failed", reason: `The patch could not be applied: ${sentence(error)}`, left: [] };
  }
}

async function applyLocked(root: string, patch: Patch, stateFolder: string): Promise<Application> {
  const repaired = await repairInterrupted(stateFolder, root);
  const checks = await Promise.all(patch.files.map((file) => checked(root, file)));
  const conflicts = checks.flatMap((check) => ("reason" in check ? [check] : []));
  if (conflicts.length > 0) return { kind: "conflict", conflicts, repaired };
  const files = checks.flatMap((check) => ("reason" in check ? [] : [check]));
  const record = await recordOf(root, patch, files, stateFolder);
  await writeRecord(stateFolder, record);
  try {
    await write(record);
  } catch (error) {
    const left = await restore(record);
    await removeRecord(stateFolder, record);
    return { kind: "failed", reason: `The patch was taken back: ${sentence(error)}`, left };
  }
  const applied: UndoRecord = { ...record, state: "applied" };
  await writeRecord(stateFolder, applied);
  return { kind: "applied", record: applied, repaired };
}

async function recordOf(root: string, patch: Patch, files: FileRecord[], stateFolder: string): Promise<UndoRecord> {
  const created = files.filter(({ after }) => after !== null).map(({ path }) => path);
  return {
    version: 1,
    root,
    patch: patch.id,
    component: patch.component,
    title: patch.title,
    appliedAt: await laterThanAll(stateFolder, root),
    state: "applying",
    files,
    folders: await missingFolders(root, created),
  };
}

/** Now, or the moment after the newest record: the times order the records. */
async function laterThanAll(stateFolder: string, root: string): Promise<string> {
  const newest = (await readRecords(stateFolder, root)).at(-1)?.appliedAt ?? "";
  return new Date(Math.max(Date.now(), (Date.parse(newest) || 0) + 1)).toISOString();
}

const mark = Buffer.from("\uFEFF");

/** The file's two sides in bytes, or why it cannot be changed. A byte order mark that the reader left out is kept. */
async function checked(root: string, { path, before, after }: FileChange): Promise<FileRecord | Conflict> {
  const now = await standing(root, path);
  if (now.kind === "refused") return { file: path, reason: now.reason };
  if (now.kind === "nothing") {
    if (before !== null) return { file: path, reason: "it is not there any more" };
    return { path, before: null, after: base64(after), mode: null };
  }
  const { bytes, mode } = now;
  if (before === null) return { file: path, reason: "a file is already there" };
  const plain = Buffer.from(before, "utf8");
  const marked = bytes.subarray(0, mark.length).equals(mark) && !before.startsWith("\uFEFF");
  if (!(marked ? bytes.subarray(mark.length) : bytes).equals(plain)) {
    return { file: path, reason: "it is not what the patch was made for; make the patch again" };
  }
  return { path, before: bytes.toString("base64"), after: base64(after, marked), mode };
}

function base64(text: string | null, marked = false): string | null {
  return text === null ? null : Buffer.from(marked ? `\uFEFF${text}` : text, "utf8").toString("base64");
}

/** Everything is staged before the first file changes; removals come last. */
async function write(record: UndoRecord): Promise<void> {
  const numbered = record.files.map((file, index) => ({ ...file, temporary: temporaryName(record, index) }));
  for (const { path, after, mode, temporary } of numbered) {
    if (after !== null) await stage(record.root, path, temporary, Buffer.from(after, "base64"), mode);
  }
  for (const { path, after, temporary } of numbered) if (after !== null) await swap(record.root, path, temporary);
  for (const { path, after } of numbered) if (after === null) await remove(record.root, path);
  await flushFolders(
    record.root,
    record.files.map(({ path }) => path),
  );
}

export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
