/** One change at a time per app: a lock file with the owner's process id. */
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { recordFolder } from "./record.ts";

/** Applying takes milliseconds; a lock this old belongs to nobody, whoever has its process id now. */
const staleAfter = 600_000;

/** Runs the work under the app's lock; `{ busy }` with a sentence when another process holds it. */
export async function locked<T>(
  stateFolder: string,
  root: string,
  work: () => Promise<T>,
): Promise<T | { busy: string }> {
  const folder = recordFolder(stateFolder, root);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "lock");
  const owner = await acquire(file);
  if (owner !== null)
    return { busy: `Another shoreup (process ${owner}) is changing this app; try again when it is done.` };
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Null when the lock is ours now, else its owner. */
async function acquire(file: string): Promise<number | null> {
  if (await take(file)) return null;
  const owner = await ownerOf(file);
  if (owner !== null) return owner;
  const aside = `${file}.${process.pid}`;
  await rename(file, aside).catch(() => null);
  await rm(aside, { force: true });
  return (await take(file)) ? null : ((await ownerOf(file)) ?? 0);
}

async function take(file: string): Promise<boolean> {
  return writeFile(file, String(process.pid), { flag: "wx", mode: 0o600 }).then(
    () => true,
    () => false,
  );
}

/** The living process that holds the lock; null when it is stale. */
async function ownerOf(file: string): Promise<number | null> {
  try {
    const owner = Number(await readFile(file, "utf8"));
    if (Date.now() - (await stat(file)).mtimeMs > staleAfter) return null;
    return Number.isInteger(owner) && owner > 0 && isAlive(owner) ? owner : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
