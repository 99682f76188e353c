/** File contents as text, or the reason why they are none. */
import { isAscii, isUtf8 } from "node:buffer";
import { closeSync, constants, openSync, readSync } from "node:fs";

/** Why a file has no text: not text at all, more than the bound, or a fault in words. */
export type NoText = { kind: "binary" } | { kind: "large" } | { kind: "fault"; reason: string };

const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
let room = Buffer.allocUnsafeSlow(256 * 1024);

/**
 * Text of a regular file of at most `limit` bytes. Never throws and follows no link. Reads into one buffer that is used
 * again: asking for each file's size first would cost as much as reading it.
 */
export function readText(path: string, limit: number): string | NoText {
  let handle: number | null = null;
  try {
    handle = openSync(path, flags);
    const size = readUpTo(handle, limit + 1);
    if (size > limit) return { kind: "large" };
    const bytes = room.subarray(0, size);
    if (bytes.includes(0)) return { kind: "binary" };
    if (isAscii(bytes)) return bytes.toString("latin1");
    return isUtf8(bytes) ? bytes.toString("utf8") : { kind: "fault", reason: "not UTF-8 text" };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    const reason = code === "ENOENT" ? "gone since the tree was listed" : `cannot be read (${code})`;
    return { kind: "fault", reason };
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

/** Fills {@link room} from a file, at most `most` bytes, and returns how many there were. */
function readUpTo(handle: number, most: number): number {
  let size = 0;
  for (;;) {
    const wanted = Math.min(room.length, most) - size;
    const got = wanted === 0 ? 0 : readSync(handle, room, size, wanted, null);
    size += got;
    if (got === 0 && (size < room.length || size >= most)) return size;
    if (size === room.length && size < most) room = Buffer.concat([room], room.length * 2);
  }
}
