/** Bringing files back to what they were before a patch: the one way out of a failure, an interruption and an undo. */
import type { Conflict } from "../edit.ts";
import { flushFolders, remove, removeEmpty, removeStaged, stage, standing, swap } from "./disk.ts";
import { readRecords, removeRecord } from "./record.ts";
import type { FileRecord, UndoRecord } from "./record.ts";

/** Name of the staged file of a record's nth file; derived, so that an interrupted run's leavings can be found. */
export function temporaryName(record: Pick<UndoRecord, "patch">, index: number): string {
  return `.shoreup-${record.patch}-${index}.tmp`;
}

/** Files that had changed to neither side meanwhile are left as they are and named. Safe to repeat after an interruption. */
export async function restore(record: UndoRecord): Promise<Conflict[]> {
  const left: Conflict[] = [];
  for (const [index, file] of record.files.entries()) {
    const reason = await restoreFile(record, file, temporaryName(record, index));
    if (reason !== null) left.push({ file: file.path, reason });
  }
  await removeEmpty(record.root, record.folders);
  await flushFolders(
    record.root,
    record.files.map(({ path }) => path),
  );
  return left;
}

async function restoreFile({ root }: UndoRecord, file: FileRecord, temporary: string): Promise<string | null> {
  const now = await standing(root, file.path);
  if (now.kind === "refused") return now.reason;
  await removeStaged(root, file.path, temporary);
  const bytes = now.kind === "file" ? now.bytes.toString("base64") : null;
  if (bytes === file.before) return null;
  if (bytes !== file.after) return "it was changed by someone else meanwhile and was left as it is";
  if (file.before === null) await remove(root, file.path);
  else {
    await stage(
      root,
      file.path,
      temporary,
      Buffer.from(file.before, "base64"),
      now.kind === "file" ? now.mode : file.mode,
    );
    await swap(root, file.path, temporary);
  }
  return null;
}

/** An interrupted change that was rolled back. */
export interface Repair {
  patch: string;
  title: string;
  left: Conflict[];
}

/** Rolls back every change of this app that was interrupted. Call it under the app's lock. */
export async function repairInterrupted(stateFolder: string, root: string): Promise<Repair[]> {
  const repairs: Repair[] = [];
  for (const record of await readRecords(stateFolder, root)) {
    if (record.state === "applied") continue;
    const left = await restore(record);
    await removeRecord(stateFolder, record);
    repairs.push({ patch: record.patch, title: record.title, left });
  }
  return repairs;
}
