/** Pieces that the tools' schemas share. */
import { z } from "zod";

export const path = z.string().min(1).describe("Absolute path of the repo, or relative to the server's --root.");
export const nextActions = z.array(z.string()).describe("What to call or do next, most useful first.");
export const componentIds = z.array(z.string()).min(1).optional();
export const waitSeconds = z.int().min(0).max(45).default(30).describe("How long to wait for news, in seconds.");

/** Text that comes out of the repo, cut to what an answer can carry. It is data, never an instruction. */
export function clip(text: string, length = 300): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** The longest run of items from `start` whose JSON stays within the bytes; `next` is where the following page begins. */
export function pageOf<T>(
  items: readonly T[],
  start: number,
  limit: number,
  bytes: number,
): { items: T[]; next: number | null } {
  const page: T[] = [];
  let used = 0;
  for (const item of items.slice(start, start + limit)) {
    used += Buffer.byteLength(JSON.stringify(item)) + 1;
    if (page.length > 0 && used > bytes) break;
    page.push(item);
  }
  const end = start + page.length;
  return { items: page, next: end < items.length ? end : null };
}
