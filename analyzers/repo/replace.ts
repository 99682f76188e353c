/** Writes a file whole or not at all: beside the old one first, then over it. */
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writevSync } from "node:fs";
import { dirname } from "node:path";

/** What one system call takes. */
const piecesAtOnce = 1_000;

/** Only its owner may read what is written. False when it could not be written; never throws. */
export function replaceFile(file: string, pieces: readonly Buffer[]): boolean {
  const partial = `${file}.${randomUUID()}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writePieces(partial, pieces);
    renameSync(partial, file);
    return true;
  } catch {
    discard(partial);
    return false;
  }
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It was never made.
  }
}

/** Writes pieces one after the other, many at a time; throws when the file could not take them all. */
function writePieces(file: string, pieces: readonly Buffer[]): void {
  const handle = openSync(file, "wx", 0o600);
  try {
    for (let from = 0; from < pieces.length; from += piecesAtOnce) {
      const some = pieces.slice(from, from + piecesAtOnce);
      const wanted = some.reduce((total, { length }) => total + length, 0);
      if (writevSync(handle, some) !== wanted) throw new Error("the disk is full");
    }
  } finally {
    closeSync(handle);
  }
}
