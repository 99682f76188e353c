/** Undo records: what an applied patch replaced, kept outside the app, and the journal of a change under way. */
import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";

/** Contents are base64, so that every byte comes back. */
const FileRecord = z.object({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** Permission bits of the file before; null when there was none. */
  mode: z.number().nullable(),
});

export const UndoRecord = z.object({
  version: z.literal(1),
  /** Real path of the app's folder. */
  root: z.string(),
  patch: z.string(),
  component: z.string(),
  title: z.string(),
  /** ISO time. */
  appliedAt: z.string(),
  /** `applying` and `undoing` are changes under way: found by a later start, they are rolled back to `before`. */
  state: z.enum(["applying", "applied", "undoing"]),
  files: z.array(FileRecord),
  /** Folders that the patch made, outermost first. */
  folders: z.array(z.string()),
});
export type UndoRecord = z.infer<typeof UndoRecord>;
export type FileRecord = z.infer<typeof FileRecord>;

/** Where undo records live unless told otherwise: `$SHOREUP_HOME`, else `shoreup` in the user's cache folder. */
export function defaultStateFolder(): string {
  const { SHOREUP_HOME: home, XDG_CACHE_HOME: cache } = process.env;
  return home ?? join(cache ?? join(homedir(), ".cache"), "shoreup");
}

/** The folder with the records of one app. */
export function recordFolder(stateFolder: string, root: string): string {
  return join(stateFolder, "undo", createHash("sha256").update(root).digest("hex").slice(0, 16));
}

/** Written under another name first and synced, so that a record is there whole or not at all. */
export async function writeRecord(stateFolder: string, record: UndoRecord): Promise<void> {
  const folder = recordFolder(stateFolder, record.root);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `.${record.patch}.tmp`);
  const handle = await open(temporary, "w", 0o600);
  try {
    await handle.writeFile(JSON.stringify(record));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, fileOf(folder, record.patch));
}

export async function removeRecord(stateFolder: string, record: UndoRecord): Promise<void> {
  await rm(fileOf(recordFolder(stateFolder, record.root), record.patch), { force: true });
}

/** All records of an app, oldest first; unreadable ones are left out. */
export async function readRecords(stateFolder: string, root: string): Promise<UndoRecord[]> {
  const folder = recordFolder(stateFolder, root);
  const names = await readdir(folder).catch(() => []);
  const records = await Promise.all(
    names.filter((name) => /^[^.].*\.json$/.test(name)).map((name) => readRecord(join(folder, name))),
  );
  return records.filter((record) => record !== null).sort((a, b) => (a.appliedAt < b.appliedAt ? -1 : 1));
}

async function readRecord(file: string): Promise<UndoRecord | null> {
  try {
    const parsed = UndoRecord.safeParse(JSON.parse(await readFile(file, "utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function fileOf(folder: string, patch: string): string {
  return join(folder, `${patch.replace(/\W/g, "")}.json`);
}
